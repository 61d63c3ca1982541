// Makes every copy of a request's card say the same: posts it where it belongs, changes it where it stands. Runs after
// each version; an older version has nothing to say once there is a newer one.
import { noticeCard } from '../cards/refusal-card.ts';
import { stateLabel } from '../cards/wording.ts';
import type { ChannelName, Lease } from '../ports.ts';
import { DeliveryError } from '../ports.ts';
import type { Request } from '../promotion/request.ts';
import type { Doors } from './doors.ts';
import { viewRequest } from './request-view.ts';
import { edgeOf } from './ways.ts';

const messageSubject = (id: string): string => `request:${id}`;

/** Requests whose cards are being sent by this process, with the end of the queue. */
const queues = new Map<string, Promise<void>>();

/** The job `publish`. One at a time a request: two at once could post a card twice, or leave the older one standing. */
export async function publishRequest(lease: Lease, doors: Doors): Promise<void> {
  const id = String(lease.payload['id']);
  const before = queues.get(id) ?? Promise.resolve();
  const mine = before.then(() => publishInTurn(lease, doors, id));
  const settled = mine.catch(() => undefined);
  queues.set(id, settled);
  try {
    await mine;
  } finally {
    if (queues.get(id) === settled) queues.delete(id);
  }
}

/** Until what is shown is what is stored. A first try of an older version leaves it to the newer one's job. */
async function publishInTurn(lease: Lease, doors: Doors, id: string): Promise<void> {
  let request = await doors.ledger.request(id);
  if (!request || (lease.attempts <= 1 && request.version !== lease.payload['version'])) return;
  for (;;) {
    await sendCopies(doors, request);
    const now = await doors.ledger.request(id);
    if (!now || now.version === request.version) return;
    request = now;
  }
}

async function sendCopies(doors: Doors, request: Request): Promise<void> {
  const card = await viewRequest(doors, request);
  const subject = messageSubject(request.id);
  const known = await doors.ledger.messages(subject);
  await Promise.all(
    known.map((ref) =>
      quietly(doors, ref.place, async () => doors.messengers.get(ref.channel)?.update(ref, card)),
    ),
  );
  for (const place of placesOf(doors, request)) {
    if (known.some((ref) => ref.place === place)) continue;
    await quietly(doors, place, async () => {
      const ref = await doors.messengers.get(channelOf(place))?.post(place, card, `${subject}:${place}`);
      if (ref) await doors.ledger.remember(subject, ref);
    });
  }
}

/** The job `notify`: the outcome, straight to the requester, in every channel where they have an account. */
export async function notifyRequester(lease: Lease, doors: Doors): Promise<void> {
  const request = await doors.ledger.request(String(lease.payload['id']));
  const person = request && doors.policy().people[request.requester];
  if (!request || !person) return;
  const text = `${request.id} is ${request.state}.${request.end ? ` ${request.end.text}` : ''}`;
  const card = noticeCard(`${stateLabel[request.state]}: ${request.id}`, text);
  const key = `notify:${request.id}`;
  const { slack, entra } = person;
  if (slack) {
    await quietly(doors, 'slack', async () =>
      doors.messengers
        .get('slack')
        ?.direct({ channel: 'slack', tenant: slack.team, user: slack.user }, card, key),
    );
  }
  if (entra) {
    await quietly(doors, 'teams', async () =>
      doors.messengers
        .get('teams')
        ?.direct({ channel: 'teams', tenant: entra.tenant, user: entra.objectId }, card, key),
    );
  }
}

/** Where the edge says (for a waiver, the security channels), and where it was asked. */
function placesOf(doors: Doors, request: Request): readonly string[] {
  const { subject } = request;
  const edge = subject.kind === 'promotion' ? edgeOf(doors.policy(), subject) : undefined;
  const deciders = subject.kind === 'promotion' ? (edge?.notify ?? []) : doors.policy().channels.security;
  const places = [...deciders, ...(request.askedIn ? [request.askedIn] : [])];
  return [...new Set(places)].filter((place) => doors.messengers.has(channelOf(place)));
}

export const channelOf = (place: string): ChannelName =>
  place.startsWith('slack:') ? 'slack' : place.startsWith('teams:') ? 'teams' : 'terminal';

/** A place that is gone costs that copy only; anything that may pass is tried again by the job. */
async function quietly(doors: Doors, place: string, send: () => Promise<unknown>): Promise<void> {
  try {
    await send();
  } catch (error) {
    if (error instanceof DeliveryError && error.problem === 'transient') throw error;
    doors.log.warn('a message could not be delivered', { place, error: (error as Error).message });
  }
}
