// Whom a request tells, beside its cards: lines in its threads and alarms in the channels of the policy. Every message has a key,
// so that a repeat after a crash is the same one.
import { alarmCard, noticeCard, threadCard } from '../cards/refusal-card.ts';
import { stateLabel } from '../cards/wording.ts';
import type { Account, ChannelName, Lease } from '../ports.ts';
import { DeliveryError } from '../ports.ts';
import type { Card } from '../cards/card.ts';
import { accountId } from '../policy/lookup.ts';
import type { Doors } from './doors.ts';
import { linksInForce } from './links.ts';
import { edgeOf } from './ways.ts';

export const messageSubject = (id: string): string => `request:${id}`;

/** The job `tell`: lines of what happened, in the threads of the request's cards. */
export const tellThreads = ({ key, payload }: Lease, doors: Doors): Promise<void> =>
  sayInThreads(doors, String(payload['id']), key, payload['lines'] as readonly string[]);

/** Lines in the threads of a request's cards; `key` names them. */
export async function sayInThreads(
  doors: Doors,
  id: string,
  key: string,
  lines: readonly string[],
): Promise<void> {
  const card = threadCard(lines);
  for (const ref of await doors.ledger.messages(messageSubject(id)))
    await quietly(doors, ref.place, async () =>
      doors.messengers.get(ref.channel)?.reply(ref, card, `${key}:${ref.place}`),
    );
}

/** The job `alarm`: in the security channels and those of its way. */
export async function raiseAlarm(lease: Lease, doors: Doors): Promise<void> {
  const request = await doors.ledger.request(String(lease.payload['id']));
  if (!request) return;
  const { glass, alarm, subject, id } = request;
  const text =
    alarm ??
    (glass ? `${glass.by} broke the glass (${glass.ticket}): ${glass.reason}` : stateLabel[request.state]);
  const card = alarmCard(
    `Alarm: ${id}`,
    `${text.replace(/([^.!?])$/, '$1.')} See it with: /acr request ${id}`,
  );
  const policy = doors.policy();
  const edge = subject.kind === 'promotion' ? edgeOf(policy, subject) : undefined;
  const places = new Set([...policy.channels.security, ...(edge?.notify ?? [])]);
  await postOnce(doors, lease.key, [...places], card);
}

/** To each of these places once, whatever is repeated: `key` names the message. */
export async function postOnce(
  doors: Doors,
  key: string,
  places: readonly string[],
  card: Card,
): Promise<void> {
  const posted = await doors.ledger.messages(key);
  for (const place of places) {
    if (posted.some((ref) => ref.place === place)) continue;
    await quietly(doors, place, async () => {
      const ref = await doors.messengers.get(channelOf(place))?.post(place, card, `${key}:${place}`);
      if (ref) await doors.ledger.remember(key, ref);
    });
  }
}

/** What a job `link` says, and to whom. */
export interface LinkNews {
  readonly title: string;
  readonly text: string;
  readonly accounts: readonly Account[];
}

/** The job `link`: both accounts hear of it, each once. */
export async function tellLinked({ key, payload }: Lease, doors: Doors): Promise<void> {
  const { title, text, accounts } = payload as unknown as LinkNews;
  for (const account of accounts) {
    const subject = `${key}:${accountId(account)}`;
    const [told] = await doors.ledger.messages(subject);
    if (told) continue;
    await quietly(doors, accountId(account), async () => {
      const messenger = doors.messengers.get(account.channel);
      const ref = await messenger?.direct(account, noticeCard(title, text), subject);
      if (ref) await doors.ledger.remember(subject, ref);
    });
  }
}

/**
 * To a person, in every chat they have. `subject` names the message: what is said of it later changes it in place, for that
 * person or, by the subject alone, for all of them.
 */
export async function direct(doors: Doors, person: string, card: Card, subject: string): Promise<void> {
  const key = `${subject}:${person}`;
  const known = await doors.ledger.messages(key);
  for (const account of await accountsOf(doors, person))
    await quietly(doors, account.channel, async () => {
      const messenger = doors.messengers.get(account.channel);
      const before = known.find((ref) => ref.channel === account.channel);
      if (before) return messenger?.update(before, card);
      const ref = await messenger?.direct(account, card, key);
      if (!ref) return;
      await doors.ledger.remember(key, ref);
      await doors.ledger.remember(subject, ref);
    });
}

/** One of each chat: what the policy names, else one that they linked. */
async function accountsOf(doors: Doors, person: string): Promise<readonly Account[]> {
  const { slack, entra } = doors.policy().people[person] ?? {};
  const linked = (await linksInForce(doors)).filter((link) => link.person === person);
  const accounts: readonly Account[] = [
    ...(slack ? [{ channel: 'slack', tenant: slack.team, user: slack.user } as const] : []),
    ...(entra ? [{ channel: 'teams', tenant: entra.tenant, user: entra.objectId } as const] : []),
    ...linked.map((link) => link.account),
  ];
  const byChat = Map.groupBy(accounts, (account) => account.channel);
  return [...byChat.values()].flatMap(([first]) => first ?? []);
}

export const channelOf = (place: string): ChannelName => (place.startsWith('slack:') ? 'slack' : 'teams');

/** A place that is gone, or that refuses us, is logged and stops nothing; what may pass by itself is thrown. */
export async function quietly(doors: Doors, place: string, send: () => Promise<unknown>): Promise<void> {
  try {
    await send();
  } catch (error) {
    if (!(error instanceof DeliveryError) || error.problem === 'transient') throw error;
    doors.log.warn('a message could not be delivered', {
      place,
      problem: error.problem,
      error: error.message,
    });
  }
}
