// Tells open pages that something changed, by server-sent events. The page then asks for the picture again, so that an
// event may be lost or repeated without harm.
import type { Request, Response } from 'express';

export type Changed = 'slack' | 'teams' | 'registries';

export interface Live {
  /** Answers GET /api/events and keeps the connection. */
  readonly open: (req: Request, res: Response) => void;
  readonly tell: (what: Changed) => void;
}

/** Registries are asked for changes this often, and only while a page is open. */
const lookEveryMs = 700;

/** `look` gives a text that differs when the registries differ. */
export function createLive(look: () => string): Live {
  const pages = new Set<Response>();
  let seen = '';
  let timer: NodeJS.Timeout | undefined;
  const tell = (what: Changed): void => {
    for (const page of pages) page.write(`data: ${what}\n\n`);
  };
  const watch = (): void => {
    const now = look();
    if (now !== seen) tell('registries');
    seen = now;
  };
  const open = (req: Request, res: Response): void => {
    res.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      connection: 'keep-alive',
    });
    res.write('retry: 1000\n\n');
    pages.add(res);
    timer ??= setInterval(watch, lookEveryMs).unref();
    req.on('close', () => {
      pages.delete(res);
      if (pages.size > 0) return;
      clearInterval(timer);
      timer = undefined;
    });
  };
  return { open, tell };
}
