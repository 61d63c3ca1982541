// Microsoft Graph, for two questions: which of these Entra groups is this person in, and who is in a group; directly or through
// other groups.
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
const memberPage = z.object({
  value: z.array(z.object({ id: z.string() })),
  '@odata.nextLink': z.string().optional(),
});
/** Members a page, and pages that are read at most: 49,950 people. */
const perPage = 999;
const mostPages = 50;

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
  const authorization = async (what: string): Promise<string> => {
    const found = await credential
      .getToken(`${options.audience}/.default`)
      .catch((error: unknown) => Promise.reject(toAzureError(error, what)));
    return `Bearer ${found?.token ?? ''}`;
  };
  return {
    membersOf: async (group) => {
      const what = 'reading the members of a group';
      return readMembers(base, group, await authorization(what), what);
    },
    groupsOf: async (objectId, groups, { fresh }) => {
      const wanted = groups.map((group) => group.toLowerCase());
      const key = JSON.stringify([objectId.toLowerCase(), wanted]);
      const known = kept.get(key);
      if (known && !fresh && clock() - known.at < keptFor) return known.groups;
      const what = 'reading the groups of a person';
      const token = await authorization(what);
      const found = new Set<string>();
      for (let from = 0; from < wanted.length; from += mostGroups) {
        const path = `${base}/v1.0/users/${encodeURIComponent(objectId)}/checkMemberGroups`;
        const some = wanted.slice(from, from + mostGroups);
        const body = await ask(path, token, what, { groupIds: some });
        // Somebody Entra does not know is in no group.
        for (const group of body === undefined ? [] : parseAnswer(answer, body, what).value)
          found.add(group.toLowerCase());
      }
      kept.set(key, { at: clock(), groups: found });
      return found;
    },
  };
}

/** Page by page. The token goes nowhere but to Graph, whatever an answer names as the next page. */
async function readMembers(
  base: string,
  group: string,
  authorization: string,
  what: string,
): Promise<readonly string[]> {
  const members: string[] = [];
  let next: string | undefined =
    `${base}/v1.0/groups/${encodeURIComponent(group)}/transitiveMembers?$select=id&$top=${perPage}`;
  for (let page = 0; next !== undefined && page < mostPages; page += 1) {
    if (!next.startsWith(`${base}/v1.0/`))
      throw new AzureError('malformed', `Graph named another host for the next page: ${what}.`, false);
    const body = await ask(next, authorization, what);
    if (body === undefined) throw new AzureError('not-found', `Entra has no such group: ${what}.`, false);
    const found: z.infer<typeof memberPage> = parseAnswer(memberPage, body, what);
    members.push(...found.value.map(({ id }) => id.toLowerCase()));
    next = found['@odata.nextLink'];
  }
  return members;
}

/** The body of an answer; nothing where Entra does not know what was asked for. */
async function ask(path: string, authorization: string, what: string, order?: object): Promise<unknown> {
  const response = await fetch(path, {
    method: order ? 'POST' : 'GET',
    headers: { authorization, 'content-type': 'application/json' },
    ...(order && { body: JSON.stringify(order) }),
    redirect: 'error',
    signal: AbortSignal.timeout(answerWithin),
  }).catch((error: unknown) => Promise.reject(toAzureError(error, what)));
  if (response.status === 404) return undefined;
  if (response.status === 401 || response.status === 403)
    throw new AzureError(
      'forbidden',
      `Not allowed: ${what}. Give the bot's identity GroupMember.Read.All of Microsoft Graph.`,
      false,
      response.status,
    );
  if (!response.ok) throw toAzureError({ statusCode: response.status }, what);
  return response.json().catch(() => null);
}
