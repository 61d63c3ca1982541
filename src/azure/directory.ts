// Microsoft Graph, for one question: which of these Entra groups is this person in, directly or through other groups.
import { LRUCache } from 'lru-cache';
import type { TokenCredential } from '@azure/core-auth';
import { z } from 'zod';
import type { Clock, Directory } from '../ports.ts';
import { AzureError, parseAnswer, toAzureError } from './errors.ts';

/** Graph takes so many groups in one question. */
const mostGroups = 20;
const keptFor = 60_000;
const answerWithin = 5000;
const answer = z.object({ value: z.array(z.string()) });

/** `url`: where Graph is asked; `audience`: of the token, which differs only where a stand-in is asked. */
export function createDirectory(options: {
  readonly credential: TokenCredential;
  readonly url: string;
  readonly audience: string;
  readonly clock: Clock;
}): Directory {
  const { credential, clock } = options;
  const base = options.url.replace(/\/+$/, '');
  const kept = new LRUCache<string, { readonly at: number; readonly groups: ReadonlySet<string> }>({
    max: 5000,
  });
  return {
    groupsOf: async (objectId, groups, { fresh }) => {
      const wanted = groups.map((group) => group.toLowerCase());
      const key = JSON.stringify([objectId.toLowerCase(), wanted]);
      const known = kept.get(key);
      if (known && !fresh && clock() - known.at < keptFor) return known.groups;
      const what = 'reading the groups of a person';
      const { token } = (await credential
        .getToken(`${options.audience}/.default`)
        .catch((error: unknown) => Promise.reject(toAzureError(error, what)))) ?? { token: '' };
      const found = new Set<string>();
      for (let from = 0; from < wanted.length; from += mostGroups) {
        const path = `${base}/v1.0/users/${encodeURIComponent(objectId)}/checkMemberGroups`;
        const some = wanted.slice(from, from + mostGroups);
        for (const group of await ask(path, token, some, what)) found.add(group.toLowerCase());
      }
      kept.set(key, { at: clock(), groups: found });
      return found;
    },
  };
}

/** Somebody Entra does not know is in no group. */
async function ask(
  path: string,
  token: string,
  groupIds: readonly string[],
  what: string,
): Promise<readonly string[]> {
  const response = await fetch(path, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ groupIds }),
    redirect: 'error',
    signal: AbortSignal.timeout(answerWithin),
  }).catch((error: unknown) => Promise.reject(toAzureError(error, what)));
  if (response.status === 404) return [];
  if (response.status === 401 || response.status === 403)
    throw new AzureError(
      'forbidden',
      `Not allowed: ${what}. Give the bot's identity GroupMember.Read.All of Microsoft Graph.`,
      false,
      response.status,
    );
  if (!response.ok) throw toAzureError({ statusCode: response.status }, what);
  return parseAnswer(answer, await response.json().catch(() => undefined), what).value;
}
