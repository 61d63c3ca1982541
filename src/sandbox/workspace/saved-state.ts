// Keeps a stand-in's state in one JSON file, so that a killed sandbox comes back with its chats. Writes are gathered
// (one a tick of `everyMs`) and atomic (temp file, rename): a kill leaves the old file or the new one, never half.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

export interface SavedState {
  /** Writes within `everyMs`; `snapshot` is called when the write happens. */
  readonly changed: () => void;
  /** Writes now, if anything changed. */
  readonly flush: () => void;
}

/** The JSON of `file`, or undefined if there is none yet. A damaged file throws: it is not silently dropped. */
export function readSaved(file: string): unknown {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

/** `everyMs`: how much work a kill may lose, in milliseconds. */
export function saveState(file: string, snapshot: () => unknown, everyMs = 100): SavedState {
  let timer: NodeJS.Timeout | undefined;
  let lastTook = 0;
  const flush = (): void => {
    if (timer === undefined) return;
    clearTimeout(timer);
    timer = undefined;
    const from = performance.now();
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(`${file}.new`, JSON.stringify(snapshot()));
    renameSync(`${file}.new`, file);
    lastTook = performance.now() - from;
  };
  const changed = (): void => {
    // A large state is written more rarely: at most a twentieth of the time goes into writing.
    timer ??= setTimeout(flush, Math.max(everyMs, lastTook * 20)).unref();
  };
  return { changed, flush };
}
