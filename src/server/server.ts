// The one HTTP port: both chats, health, metrics. There is no global body parser: Slack's signature needs the raw body.
import type { Server } from 'node:http';
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import { collectDefaultMetrics, Registry } from 'prom-client';

export interface Health {
  /** Whether it can serve now, and what is missing. */
  ready(): Promise<{ readonly ok: boolean; readonly detail: Readonly<Record<string, string>> }>;
}

export function createApp(health: Health): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', false);
  const metrics = new Registry();
  collectDefaultMetrics({ register: metrics });
  app.get('/healthz', (_request, response) => {
    response.json({ ok: true });
  });
  app.get('/readyz', async (_request, response) => {
    const state = await health.ready();
    response.status(state.ok ? 200 : 503).json(state);
  });
  app.get('/metrics', async (_request, response) => {
    response.type(metrics.contentType).send(await metrics.metrics());
  });
  return app;
}

/** Must be called after every channel put its routes in: what nobody answers is a plain 404. */
export function closeRoutes(app: Express): void {
  app.use((_request, response) => {
    response.status(404).json({ error: 'not found' });
  });
  app.use((error: unknown, _request: Request, response: Response, next: NextFunction) => {
    if (response.headersSent) return next(error);
    const { status = 500 } = error as { status?: number };
    const isCallers = status >= 400 && status < 500;
    response
      .status(isCallers ? status : 500)
      .json({ error: isCallers ? 'bad request' : 'something went wrong here' });
  });
}

/** Listens, or rejects with the error of the socket (`EADDRINUSE`, ...). */
export function listen(app: Express, port: number, host: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = app.listen(port, host, (error?: Error) => {
      if (error) reject(error);
      else resolve(server);
    });
  });
}
