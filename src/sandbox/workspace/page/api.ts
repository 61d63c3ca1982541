// Talks to the workspace server. A request that fails, or a bot that does not answer, always ends in a toast: a click
// without an effect would leave the person guessing.
import type { Sent } from '../shapes.ts';
import { toast } from './toast.ts';

export async function get<T>(path: string): Promise<T> {
  const answer = await fetch(`/api/${path}`);
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return (await answer.json()) as T;
}

/** Posts, and shows a toast if the server refused or the bot failed; undefined if the server refused. */
export async function post<T extends object = Sent>(
  path: string,
  body: object,
): Promise<(T & Partial<Sent>) | undefined> {
  const init = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
  const answer = await fetch(`/api/${path}`, init).catch(() => undefined);
  if (!answer) return fail('The sandbox does not answer. Is it still running?');
  const result = (await answer.json()) as T & Partial<Sent>;
  if (!answer.ok) return fail(result.error ?? `The sandbox answered ${answer.status}.`);
  if (result.ok === false) toast(problemOf(result), 'error');
  return result;
}

function fail(text: string): undefined {
  toast(text, 'error');
  return undefined;
}

function problemOf({ status, error }: Partial<Sent>): string {
  if (error === 'operation_timeout' || error === 'timeout') return 'The bot did not answer in time.';
  if (!status) return 'The bot does not answer. Is it running?';
  return `The bot answered with an error (HTTP ${status}).`;
}
