// The address that registries call, on the one port. The body is read only for who knows the secret.
import express, { type Express, type Request, type Response } from 'express';

interface Incoming {
  readonly method: string;
  header(name: string): string | undefined;
  query(name: string): string | undefined;
  body(): Promise<string>;
}

interface Outgoing {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Readonly<Record<string, unknown>>;
}

/** Event Grid sends batches of one megabyte at most. */
const readRaw = express.raw({ type: () => true, limit: '1100kb' });

/** Serves `/webhooks/acr` by `receive`, whose errors with a `status` of the caller's are answered with it. */
export function serveWebhook(app: Express, receive: (request: Incoming) => Promise<Outgoing>): void {
  app.all('/webhooks/acr', async (request, response) => {
    const {
      status,
      headers = {},
      body,
    } = await receive({
      method: request.method,
      header: (name) => request.get(name),
      query: (name) => {
        const value = request.query[name];
        return typeof value === 'string' ? value : undefined;
      },
      body: () => bodyOf(request, response),
    });
    response.status(status).set(headers);
    if (body) response.json(body);
    else response.end();
  });
}

function bodyOf(request: Request, response: Response): Promise<string> {
  return new Promise((resolve, reject) => {
    readRaw(request, response, (error?: unknown) => {
      if (error instanceof Error) reject(error);
      else resolve(Buffer.isBuffer(request.body) ? request.body.toString('utf8') : '');
    });
  });
}
