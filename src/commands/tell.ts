// Whom a request tells, beside its cards: lines in its threads, reminders to whoever can decide, alarms in the channels
// of the policy, and the outcome to the requester. Every message has a key, so that a repeat after a crash is the same one.
import { alarmCard, noticeCard, threadCard } from '../cards/refusal-card.ts';
import { stateLabel } from '../cards/wording.ts';
import type { Account, ChannelName, Lease } from '../ports.ts';
import { DeliveryError } from '../ports.ts';
import type { Card } from '../cards/card.ts';
import { excludedFrom } from '../promotion/quorum.ts';
import { isTerminal, type Request } from '../promotion/request.ts';
import { accountId } from '../policy/lookup.ts';
import { isOpen, nextOpening } from '../promotion/windows.ts';
import type { Doors } from './doors.ts';
import { linksInForce } from './links.ts';
import { decidersOf } from './voters.ts';
import { edgeOf } from './ways.ts';

export const messageSubject = (id: string): string => `request:${id}`;

/** The job `tell`: lines of what happened, in the threads of the request's cards. */
export async function tellThreads(lease: Lease, doors: Doors): Promise<void> {
  const lines = lease.payload['lines'] as readonly string[];
  const card = threadCard(lines);
  for (const ref of await doors.ledger.messages(messageSubject(String(lease.payload['id']))))
    await quietly(doors, ref.place, async () =>
      doors.messengers.get(ref.channel)?.reply(ref, card, `${lease.key}:${ref.place}`),
    );
}

/** The job `remind`: whoever can still decide, directly. In quiet hours it waits until they are over. */
export async function remindDeciders(lease: Lease, doors: Doors): Promise<number | undefined> {
  const request = await doors.ledger.request(String(lease.payload['id']));
  if (!request || request.state !== 'pending') return undefined;
  const quiet = endOfQuiet(doors, request);
  if (quiet !== undefined) return quiet;
  const { escalation, escalatedAt } = request;
  const leads = escalatedAt === undefined ? [] : (doors.policy().groups[escalation?.to ?? '']?.members ?? []);
  const people = new Set([...missing(doors, request), ...leads]);
  const title = `${request.id} waits for you`;
  const card = noticeCard(title, `${aboutText(request)} Look at it with: /acr request ${request.id}`);
  for (const person of people) await direct(doors, person, card, remindersOf(request.id));
  return undefined;
}

/** A second reminder changes the first one; at the end they all say that nothing waits any more. */
const remindersOf = (id: string): string => `reminder:${id}`;

async function endReminders(doors: Doors, request: Request): Promise<void> {
  const { id, quorum, escalation } = request;
  const groups = [...(quorum?.rules ?? []).map((rule) => rule.group), ...(escalation ? [escalation.to] : [])];
  const people = new Set(groups.flatMap((group) => doors.policy().groups[group]?.members ?? []));
  const card = noticeCard(`${id} waits no more`, `It is ${request.state}. See it with: /acr request ${id}`);
  for (const person of people)
    for (const ref of await doors.ledger.messages(`${remindersOf(id)}:${person}`))
      await quietly(doors, ref.place, async () => doors.messengers.get(ref.channel)?.update(ref, card));
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

/** The job `notify`: the outcome, straight to the requester, in every channel where they have an account. */
export async function notifyRequester(lease: Lease, doors: Doors): Promise<void> {
  const request = await doors.ledger.request(String(lease.payload['id']));
  if (!request) return;
  const text = `${request.id} is ${request.state}.${request.end ? ` ${request.end.text}` : ''}`;
  const card = noticeCard(`${stateLabel[request.state]}: ${request.id}`, text);
  await direct(doors, request.requester, card, `notify:${request.id}`);
  await endReminders(doors, request);
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

/** To a person, in every chat they have. `subject` names the message: what is said of it later changes it in place. */
async function direct(doors: Doors, person: string, card: Card, subject: string): Promise<void> {
  const key = `${subject}:${person}`;
  const known = await doors.ledger.messages(key);
  for (const account of await accountsOf(doors, person))
    await quietly(doors, account.channel, async () => {
      const messenger = doors.messengers.get(account.channel);
      const before = known.find((ref) => ref.channel === account.channel);
      if (before) return messenger?.update(before, card);
      const ref = await messenger?.direct(account, card, key);
      if (ref) await doors.ledger.remember(key, ref);
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

/** People who could decide and have not. */
function missing(doors: Doors, request: Request): readonly string[] {
  const deciders = decidersOf(doors.policy(), request);
  const done = new Set([...request.votes.map((vote) => vote.person), ...excludedFrom(request)]);
  return (request.quorum?.rules ?? [])
    .flatMap((rule) => deciders.members(rule.group))
    .filter((person) => !done.has(person));
}

function aboutText({ subject, requester, reason }: Request): string {
  switch (subject.kind) {
    case 'promotion':
      return `${requester} asks for ${subject.repository}:${subject.tag} in ${subject.toStage}: ${reason}`;
    case 'waiver':
      return `${requester} asks for a waiver of ${subject.rule} on ${subject.scope}: ${reason}`;
    case 'gate':
      return `${requester} asks to let the gate ${subject.gate} of ${subject.request} pass: ${reason}`;
    case 'review':
      return `The break-glass of ${subject.request} wants a review: ${reason}`;
  }
}

/** When the quiet hours of its way end, in milliseconds; nothing outside them. They are a window like any other. */
function endOfQuiet(doors: Doors, request: Request): number | undefined {
  const policy = doors.policy();
  const { subject } = request;
  const edge = subject.kind === 'promotion' ? edgeOf(policy, subject) : undefined;
  const [from = '', to = ''] = edge?.approvals?.quietHours?.split('-') ?? [];
  if (!from || !to || isTerminal(request)) return undefined;
  const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
  const quiet = [{ name: 'quiet', stages: ['quiet'], kind: 'deny', days, from, to }] as const;
  const now = doors.clock();
  return isOpen(quiet, 'quiet', now, policy.timezone)
    ? undefined
    : nextOpening(quiet, 'quiet', now, policy.timezone);
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
