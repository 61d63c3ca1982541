// What goes wrong at Azure, as the rest of the product wants to know it: a code, a sentence, whether to try again.
import type { z } from 'zod';

export class AzureError extends Error {
  readonly code: string;
  readonly status: number | undefined;
  /** Whether it may pass by itself. */
  readonly retry: boolean;
  constructor(code: string, message: string, retry: boolean, status?: number) {
    super(message);
    this.name = 'AzureError';
    this.code = code;
    this.retry = retry;
    this.status = status;
  }
}

/** The error of an SDK or of the network as an AzureError. `what` was being done: "reading tags of contosoprod". */
export function toAzureError(error: unknown, what: string): AzureError {
  if (error instanceof AzureError) return error;
  const found = (error ?? {}) as { statusCode?: number; code?: unknown; message?: string };
  const { statusCode: status, message } = found;
  // The code of a timeout is a number.
  const code = typeof found.code === 'string' ? found.code : undefined;
  if (status === 401 || status === 403) {
    return new AzureError(
      'forbidden',
      `Not allowed: ${what}. Give the identity the role that deploy/ names.`,
      false,
      status,
    );
  }
  if (status === 404) return new AzureError('not-found', `Not found: ${what}.`, false, status);
  if (status === 429) return new AzureError('throttled', `Azure is throttling: ${what}.`, true, status);
  if (status !== undefined && status < 500 && status !== 408) {
    return new AzureError(code ?? 'refused', `Azure refused (${status}): ${what}.`, false, status);
  }
  return new AzureError(
    code ?? 'unavailable',
    `Azure did not answer: ${what} (${status ?? code ?? firstLine(message)}).`,
    true,
    status,
  );
}

/** An answer in the shape that it must have; anything else is an error that says so, never an empty answer. */
export function parseAnswer<S extends z.ZodType>(schema: S, body: unknown, what: string): z.output<S> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new AzureError('malformed', `Azure's answer could not be understood: ${what}.`, true);
}

/** `undefined` where Azure says that the thing does not exist. */
export async function orAbsent<T>(promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof AzureError && error.code === 'not-found') return undefined;
    throw error;
  }
}

const firstLine = (text: string | undefined): string =>
  text?.split('\n')[0]?.slice(0, 200) ?? 'no reason given';
