// Makes every copy of a request's card say the same: posts it where it belongs, changes it where it stands. Runs after
// each version; an older version has nothing to say once there is a newer one.
import type { Lease } from '../ports.ts';
import type { Request } from '../promotion/request.ts';
import type { Doors } from './doors.ts';
import { viewRequest } from './request-view.ts';
import { channelOf, messageSubject, quietly } from './tell.ts';
import { edgeOf } from './ways.ts';

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
  // Places where a copy stands. One that people deleted is posted anew; a place that is gone refuses that as well.
  const standing = new Set<string>();
  await Promise.all(
    known.map((ref) =>
      quietly(doors, ref.place, async () => {
        await doors.messengers.get(ref.channel)?.update(ref, card);
        standing.add(ref.place);
      }),
    ),
  );
  for (const place of placesOf(doors, request)) {
    if (standing.has(place)) continue;
    const lost = known.filter((ref) => ref.place === place).length;
    const key = `${subject}:${place}${lost > 0 ? `:${lost}` : ''}`;
    await quietly(doors, place, async () => {
      const ref = await doors.messengers.get(channelOf(place))?.post(place, card, key);
      if (ref) await doors.ledger.remember(subject, ref);
    });
  }
}

/** Where its way says, for what is not a promotion the security channels too, and where it was asked. */
function placesOf(doors: Doors, request: Request): readonly string[] {
  const { subject } = request;
  const policy = doors.policy();
  const edge =
    subject.kind === 'promotion'
      ? edgeOf(policy, subject)
      : policy.edges.find((each) => 'edge' in subject && each.name === subject.edge);
  const places = [
    ...(edge?.notify ?? []),
    ...(subject.kind === 'promotion' ? [] : policy.channels.security),
    ...(request.askedIn ? [request.askedIn] : []),
  ];
  return [...new Set(places)].filter((place) => doors.messengers.has(channelOf(place)));
}
