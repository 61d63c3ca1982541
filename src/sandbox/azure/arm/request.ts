// A call of the management plane as a value, so that a batch can make several of one.
import type { Identity } from '../../estate/schema.ts';
import type { Answer } from '../answer.ts';
import { ArmError } from './errors.ts';

export interface ArmRequest {
  readonly method: string;
  /** Decoded path without a trailing slash; one leading slash, however many the client sent. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly caller: Identity;
}

/** One route: what it counts as, and what it answers to the parts of its path. */
export interface ArmRoute {
  readonly name: string;
  readonly method: 'GET' | 'POST';
  readonly path: RegExp;
  answer(request: ArmRequest, parts: readonly string[]): Answer | Promise<Answer>;
}

/** Splits a URL of the client; old generations of clients write `//subscriptions/...`. */
export function target(url: string): { path: string; query: URLSearchParams } {
  const withoutHost = url.replace(/^https:\/\/[^/]+/, '');
  const [path = '', query] = withoutHost.split('?');
  return { path: `/${decoded(path).replace(/^\/+|\/+$/g, '')}`, query: new URLSearchParams(query) };
}

/** Throws 400 where a call has no api-version, or one that is no date. */
export function checkApiVersion(query: URLSearchParams): void {
  const version = [...query].find(([name]) => name.toLowerCase() === 'api-version')?.[1];
  if (version === undefined || version === '') {
    throw new ArmError(
      400,
      'MissingApiVersionParameter',
      'The api-version query parameter (?api-version=) is required for all requests.',
    );
  }
  if (!/^20\d\d-\d\d-\d\d(?:-[a-z]+)?$/.test(version)) {
    throw new ArmError(400, 'InvalidApiVersionParameter', `The api-version '${version}' is invalid.`);
  }
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
