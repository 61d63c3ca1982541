// What a request says to people themselves: reminders to whoever can decide, and the outcome to the requester. Where it cannot be
// known who is in a group of Entra, the reminder stands in the request's threads.
import { noticeCard } from '../cards/refusal-card.ts';
import { stateLabel } from '../cards/wording.ts';
import { entraGroupsOf } from '../policy/lookup.ts';
import type { Policy } from '../policy/policy.ts';
import type { Lease } from '../ports.ts';
import { excludedFrom } from '../promotion/quorum.ts';
import { isTerminal, type Request } from '../promotion/request.ts';
import { isOpen, nextOpening } from '../promotion/windows.ts';
import type { Doors } from './doors.ts';
import { linksInForce } from './links.ts';
import { direct, quietly, sayInThreads } from './tell.ts';
import { decidersOf } from './voters.ts';
import { edgeOf } from './ways.ts';

/** So often a Graph that does not answer is waited for; then those are reminded that are known. */
const mostTries = 4;

/** The job `remind`: whoever can still decide. In quiet hours it waits until they are over. */
export async function remindDeciders(lease: Lease, doors: Doors): Promise<number | undefined> {
  const request = await doors.ledger.request(String(lease.payload['id']));
  if (!request || request.state !== 'pending') return undefined;
  const quiet = endOfQuiet(doors, request);
  if (quiet !== undefined) return quiet;
  const { escalation, escalatedAt } = request;
  const leads = escalatedAt === undefined ? [] : [escalation?.to ?? ''];
  const { policy, unread } = await withMembers(doors, [...groupsOf(doors, request), ...leads], lease);
  const leading = leads.flatMap((group) => policy.groups[group]?.members ?? []);
  const people = new Set([...missing(policy, request), ...leading]);
  const title = `${request.id} waits for you`;
  const card = noticeCard(title, `${aboutText(request)} Look at it with: /acr request ${request.id}`);
  for (const person of people) await direct(doors, person, card, remindersOf(request.id));
  if (unread.length > 0) await sayInThreads(doors, request.id, lease.key, [unreadText(unread)]);
  return undefined;
}

/** A second reminder changes the first one; at the end they all say that nothing waits any more. */
const remindersOf = (id: string): string => `reminder:${id}`;

/** The job `notify`: the outcome, straight to the requester, in every channel where they have an account. */
export async function notifyRequester(lease: Lease, doors: Doors): Promise<void> {
  const request = await doors.ledger.request(String(lease.payload['id']));
  if (!request) return;
  const text = `${request.id} is ${request.state}.${request.end ? ` ${request.end.text}` : ''}`;
  const card = noticeCard(`${stateLabel[request.state]}: ${request.id}`, text);
  await direct(doors, request.requester, card, `notify:${request.id}`);
  await endReminders(doors, request);
}

async function endReminders(doors: Doors, { id, state }: Request): Promise<void> {
  const card = noticeCard(`${id} waits no more`, `It is ${state}. See it with: /acr request ${id}`);
  for (const ref of await doors.ledger.messages(remindersOf(id)))
    await quietly(doors, ref.place, async () => doors.messengers.get(ref.channel)?.update(ref, card));
}

const unreadText = (groups: readonly string[]): string =>
  `Reminder: this waits for ${groups.join(' and ')}. Entra did not tell who is in ${groups.length === 1 ? 'that group' : 'those groups'}, so whoever the policy does not list there is reminded in this channel only. To tell, Microsoft Graph must answer, and give the bot's identity GroupMember.Read.All.`;

/** Groups of the policy whose people decide. */
const groupsOf = (doors: Doors, request: Request): readonly string[] => {
  const deciders = decidersOf(doors.policy(), request);
  return (request.quorum?.rules ?? []).flatMap((rule) => deciders.sources(rule.group));
};

/** The policy with the people that Entra has in these groups now, and the groups that could not be read. */
async function withMembers(
  doors: Doors,
  names: readonly string[],
  { attempts }: Lease,
): Promise<{ readonly policy: Policy; readonly unread: readonly string[] }> {
  const policy = doors.policy();
  const wanted = entraGroupsOf(policy).filter(({ name }) => names.includes(name));
  if (wanted.length === 0) return { policy, unread: [] };
  const persons = await personsByObject(doors);
  const unread: string[] = [];
  const groups = { ...policy.groups };
  for (const { name, id } of wanted) {
    try {
      if (!doors.directory) throw new Error('There is no directory.');
      const found = (await doors.directory.membersOf(id)).flatMap((member) => persons.get(member) ?? []);
      groups[name] = { ...groups[name], members: [...(groups[name]?.members ?? []), ...found] };
    } catch (error) {
      if ((error as { readonly retry?: boolean }).retry && attempts < mostTries) throw error;
      doors.log.warn('the members of a group could not be read', { group: name, error: String(error) });
      unread.push(name);
    }
  }
  return { policy: { ...policy, groups }, unread };
}

/** People by their object id in Entra, lower-cased, as the policy or a link names it. */
async function personsByObject(doors: Doors): Promise<ReadonlyMap<string, string>> {
  const linked = (await linksInForce(doors)).flatMap(({ account, person }) =>
    account.channel === 'teams' ? [[account.user.toLowerCase(), person] as const] : [],
  );
  const named = Object.entries(doors.policy().people).flatMap(([person, { entra }]) =>
    entra ? [[entra.objectId.toLowerCase(), person] as const] : [],
  );
  return new Map([...linked, ...named]);
}

/** People who could decide and have not. */
function missing(policy: Policy, request: Request): readonly string[] {
  const deciders = decidersOf(policy, request);
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
