// What an event of a registry means: a push to production that nothing explains and any deletion there are alarms, a push
// to where an `auto` edge begins asks for a promotion. Stored first, so that a crash loses none and a repeat is the same one.
import { registryAlarmCard } from '../cards/registry-alarm-card.ts';
import type { Lease, RegistryEvent } from '../ports.ts';
import { askByItself } from './auto-edges.ts';
import { product } from './decisions.ts';
import type { Doors } from './doors.ts';
import { explainPush } from './explained-pushes.ts';
import { postOnce } from './tell.ts';

/** Stores events as work. The same event is one, however often and by whichever way it comes. */
export async function takeEvents(doors: Doors, events: readonly RegistryEvent[]): Promise<void> {
  for (const event of events)
    await doors.ledger.enqueue({
      key: `event:${keyOf(doors, event)}`,
      kind: 'event',
      payload: { event },
      runAt: doors.clock(),
    });
  if (events.length > 0) doors.wake();
}

/** ACR gives a change one id, in its webhook as in Event Grid; what it is about guards against an id that comes twice. */
const keyOf = (doors: Doors, { id, action, repository, tag = '', digest = '' }: RegistryEvent): string =>
  doors.ids.hash(JSON.stringify([id, action, repository, tag, digest]));

/** The job `event`. Gives the time at which to try again what a limit stands in the way of. */
export async function considerEvent(lease: Lease, doors: Doors): Promise<number | undefined> {
  const event = lease.payload['event'] as RegistryEvent;
  const registry = await registryOf(doors, event);
  if (registry === undefined) {
    doors.log.warn('an event of a registry that the policy does not name', { host: event.host });
    return undefined;
  }
  doors.reader.forget?.();
  const policy = doors.policy();
  if (policy.registries[registry]?.stage === policy.stages.at(-1)) await guard(lease, doors, registry, event);
  return event.action === 'push' ? askByItself(doors, registry, event) : undefined;
}

/** The key of the registry in the policy: by its id, else by the login server that Azure says it has. */
async function registryOf(doors: Doors, { registry, host }: RegistryEvent): Promise<string | undefined> {
  const id = registry ?? (await idOfHost(doors, host ?? ''));
  return Object.entries(doors.policy().registries).find(([, each]) => each.id.toLowerCase() === id)?.[0];
}

async function idOfHost(doors: Doors, host: string): Promise<string | undefined> {
  const { registries } = await doors.reader.scan({ deep: false });
  return registries.find(({ loginServer }) => loginServer?.toLowerCase() === host)?.id;
}

/** Production: what this product did not do is alarmed, once an event. */
async function guard(lease: Lease, doors: Doors, registry: string, event: RegistryEvent): Promise<void> {
  const why =
    event.action === 'delete'
      ? 'It was deleted in production, and this product deletes nothing.'
      : await explainPush(doors, registry, event).catch((error: unknown) => unexplainable(lease, error));
  if (why === undefined) return;
  const policy = doors.policy();
  const { repository, tag, digest, at } = event;
  const what = { repository, ...(tag !== undefined && { tag }), ...(digest !== undefined && { digest }) };
  const title = `${event.action === 'push' ? 'Unexplained push to' : 'Deleted in'} ${policy.registries[registry]?.stage}`;
  await auditOnce(lease, doors, registry, event, why);
  const card = registryAlarmCard({ title, why, registry, at, ...what });
  if (policy.channels.security.length === 0)
    doors.log.error('an alarm has no channel: name one under channels.security', { registry, ...what });
  await postOnce(doors, lease.key, policy.channels.security, card);
}

/** What cannot be looked up is no explanation, but a registry that is busy is asked a few times first. */
const patientFor = 4;

function unexplainable({ attempts }: Lease, error: unknown): string {
  const { retry = true, message } = error as { readonly retry?: boolean; readonly message?: string };
  if (retry && attempts < patientFor) throw error;
  return `Whether something explains it could not be read: ${message}`;
}

async function auditOnce(
  lease: Lease,
  doors: Doors,
  registry: string,
  event: RegistryEvent,
  why: string,
): Promise<void> {
  const subject = `${registry}/${event.repository}`;
  const known = await doors.ledger.auditRows({ subject });
  if (known.some(({ facts }) => facts['event'] === lease.key)) return;
  const { tag, digest, at } = event;
  await doors.ledger.audit({
    at: doors.clock(),
    actor: product,
    action: event.action === 'push' ? 'unexplained-push' : 'deleted-past-us',
    subject,
    facts: { event: lease.key, happened: at, why, ...(tag && { tag }), ...(digest && { digest }) },
  });
}
