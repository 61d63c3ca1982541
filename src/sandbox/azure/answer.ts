// An HTTP answer as a value: the routes of the stand-in are functions from a request to this, so that ARM's batch can
// ask them without a socket.
import type { Response } from 'express';

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Bytes go out as they are (with the Content-Type of `headers`), everything else as JSON. */
  readonly body?: Buffer | object;
}

/** Writes the answer; the body of an answer to HEAD is left out by node:http itself. */
export function send(response: Response, answer: Answer): void {
  response.status(answer.status);
  for (const [name, value] of Object.entries(answer.headers ?? {})) response.setHeader(name, value);
  if (answer.body === undefined) {
    response.end();
    return;
  }
  const isBytes = Buffer.isBuffer(answer.body);
  const bytes = isBytes ? answer.body : Buffer.from(JSON.stringify(answer.body));
  if (!isBytes && !response.hasHeader('content-type')) {
    response.setHeader('Content-Type', 'application/json; charset=utf-8');
  }
  if (!response.hasHeader('content-length')) response.setHeader('Content-Length', bytes.length);
  response.end(bytes);
}
