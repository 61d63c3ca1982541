// A world whose promotions are driven step by step in this process, with a counter in front of every door: so that something
// can happen, or the process die, right before any call.
import { createDispatch } from '../../src/commands/dispatch.ts';
import type { Doors } from '../../src/commands/doors.ts';
import { runStep } from '../../src/commands/run-request.ts';
import type { Account, Answer, Lease } from '../../src/ports.ts';
import type { Request } from '../../src/promotion/request.ts';
import { createWorld, type inspect, type World } from '../world.ts';

type WorldOptions = NonNullable<Parameters<typeof createWorld>[0]>;

/** Without limits and gates; `policy` changes the rest of it. */
export const createDrivenWorld = ({
  policy = (text) => text,
  ...options
}: WorldOptions = {}): Promise<World> =>
  createWorld({
    ...options,
    work: false,
    azure: { importMs: 1 },
    policy: (text) =>
      policy(text)
        .replace(
          /limits: .*/,
          'limits: { openPerPerson: 1000, openPerRepository: 1000, commandsPerMinute: 100000 }',
        )
        .replace(/ {4}gates:\n(?: {6}.*\n)+/, ''),
  });

/** The doors, with something that happens right before the call number `at`. What it throws, the call throws. */
export function interrupted(
  doors: Doors,
  at: number,
  happen: () => void,
): { readonly doors: Doors; readonly calls: () => number } {
  let calls = 0;
  const counted = <T extends object>(door: T): T =>
    new Proxy(door, {
      get: (target, name) => {
        const method = Reflect.get(target, name) as unknown;
        if (typeof method !== 'function') return method;
        return (...values: unknown[]) => {
          calls += 1;
          if (calls === at) happen();
          return method.apply(target, values) as unknown;
        };
      },
    });
  const { reader, writer, ledger } = doors;
  const parts = { reader: counted(reader), writer: counted(writer), ledger: counted(ledger) };
  return { doors: { ...doors, ...parts }, calls: () => calls };
}

/** The doors of a process that dies before the call number `at`: no call after it does anything. */
export function dying(doors: Doors, at: number): Doors {
  let isDead = false;
  const dead = <T extends object>(door: T): T =>
    new Proxy(door, {
      get: (target, name) => {
        const method = Reflect.get(target, name) as unknown;
        if (typeof method !== 'function') return method;
        return (...values: unknown[]) => {
          if (isDead) return Promise.reject(new Error('the process is dead'));
          return method.apply(target, values) as unknown;
        };
      },
    });
  const { reader, writer, ledger } = doors;
  const mortal = { ...doors, reader: dead(reader), writer: dead(writer), ledger: dead(ledger) };
  return interrupted(mortal, at, () => {
    isDead = true;
  }).doors;
}

/** The step that is due for the request, by the worker's own hand. */
export async function takeStep(world: World, doors: Doors, id: string): Promise<Request> {
  const { ledger } = world.product.doors;
  const { version } = (await ledger.request(id))!;
  await runStep({ payload: { id, version } } as unknown as Lease, doors);
  return (await ledger.request(id))!;
}

/** Step after step until the request is where it should be. */
export async function drive(
  world: World,
  doors: Doors,
  id: string,
  isThere: (request: Request) => boolean,
): Promise<Request> {
  let request = (await world.product.doors.ledger.request(id))!;
  for (let step = 0; step < 100; step++) {
    if (isThere(request)) return request;
    request = await takeStep(world, doors, id);
  }
  throw new Error(`${id} stays ${request.state}`);
}

/** Asks for an image of uat, which is pushed there first unless it is there; gives the request with its evidence. */
export async function askFor(world: World, repository: string, tag: string, isNew = true): Promise<Request> {
  if (isNew) world.azure.pushSample('contosouat', repository, tag);
  const text = `promote ${repository}:${tag} from uat to prod because it is tested --target prod`;
  const answer = await world.say(world.as('developer', 'slack'), text);
  const id = /P-\w+/.exec(answer.kind === 'card' ? answer.card.title : '')?.[0];
  if (!id) throw new Error('nothing was asked');
  return drive(world, world.product.doors, id, ({ state }) => state !== 'resolving');
}

/** A click on the card as it is now, through these doors. */
export function clickThrough(
  doors: Doors,
  account: Account,
  action: string,
  request: Request,
): Promise<Answer> {
  const place = { id: `${account.channel}:test`, kind: 'channel' } as const;
  const input = { kind: 'action', action, id: request.id, nonce: request.nonce } as const;
  return createDispatch(doors).answer({ key: `click:${crypto.randomUUID()}`, account, place, input });
}

/** Somebody pushes another image to the tag; a locked tag takes none. Says whether it did. */
export function pushAnew(world: World, registry: string, repository: string, tag: string): boolean {
  try {
    world.azure.pushSample(registry, repository, tag);
    return true;
  } catch (error) {
    if (String(error).includes('disallowed')) return false;
    throw error;
  }
}

/** What production holds under the tag. */
export const inProduction = (
  world: World,
  repository: string,
  tag: string,
): ReturnType<typeof inspect>['tags'][number] | undefined =>
  world.azure
    .inspect()
    .find((each) => each.name === 'contosoprod')
    ?.repositories.find((each) => each.name === repository)
    ?.tags.find((each) => each.name === tag);
