// The tag moves between any two calls of a promotion, from the click that approves it to its end. The product is driven step
// by step in this process, with a counter in front of every door.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDispatch } from '../../src/commands/dispatch.ts';
import type { Doors } from '../../src/commands/doors.ts';
import { runStep } from '../../src/commands/run-request.ts';
import type { Lease } from '../../src/ports.ts';
import { isTerminal, type Request } from '../../src/promotion/request.ts';
import { createWorld, inspect, type World } from '../world.ts';

const repository = 'shop/moving';
let world: World;
let born = 0;
beforeAll(async () => {
  world = await createWorld({
    work: false,
    azure: { importMs: 1 },
    policy: (text) =>
      text
        .replace(
          /limits: .*/,
          'limits: { openPerPerson: 1000, openPerRepository: 1000, commandsPerMinute: 100000 }',
        )
        .replace(/ {4}gates:\n(?: {6}.*\n)+/, ''),
  });
});
afterAll(() => world.close());

/** The doors, with something that happens right before the call number `at`. */
function interrupted(doors: Doors, at: number, happen: () => void): { doors: Doors; calls: () => number } {
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

/** Takes one step after the other until the request is where it should be. */
async function drive(doors: Doors, id: string, isThere: (request: Request) => boolean): Promise<Request> {
  for (let step = 0; step < 100; step++) {
    const request = (await world.product.doors.ledger.request(id))!;
    if (isThere(request)) return request;
    await runStep({ payload: { id, version: request.version } } as unknown as Lease, doors);
  }
  throw new Error(`${id} does not come to an end`);
}

interface Life {
  readonly approved: string;
  readonly end: Request;
  readonly calls: number;
  /** What production holds under the tag. */
  readonly held: ReturnType<typeof inspect>['tags'][number] | undefined;
}

/** Asked, approved and driven to its end, with the tag of a registry pushed to anew before call number `at`. */
async function oneLife(registry: string, at: number): Promise<Life> {
  const tag = `v7.0.${born++}`;
  world.azure.pushSample('contosouat', repository, tag);
  const text = `promote ${repository}:${tag} from uat to prod because it is tested --target prod`;
  const answer = await world.say(world.as('developer', 'slack'), text);
  const id = /P-\w+/.exec(answer.kind === 'card' ? answer.card.title : '')![0];
  const asked = await drive(world.product.doors, id, ({ state }) => state !== 'resolving');
  const { doors, calls } = interrupted(world.product.doors, at, () => {
    try {
      world.azure.pushSample(registry, repository, tag);
    } catch (error) {
      // A locked tag takes no push.
      if (!String(error).includes('disallowed')) throw error;
    }
  });
  const click = { kind: 'action', action: 'approve', id, nonce: asked.nonce } as const;
  const account = world.as('release-approver', 'teams');
  const place = { id: 'teams:test', kind: 'channel' } as const;
  await createDispatch(doors).answer({ key: `click:${id}`, account, place, input: click });
  const end = await drive(doors, id, isTerminal);
  const held = world.azure
    .inspect()
    .find((each) => each.name === 'contosoprod')
    ?.repositories.find((each) => each.name === repository)
    ?.tags.find((each) => each.name === tag);
  return { approved: asked.evidence!.digest, end, calls: calls(), held };
}

/** A life for every call there is, so many at once. */
async function everyLife(registry: string): Promise<readonly Life[]> {
  const lives: Life[] = [];
  for (let at = 1; at <= Math.max(1, ...lives.map(({ calls }) => calls)); at += 10)
    lives.push(...(await Promise.all(Array.from({ length: 10 }, (_, i) => oneLife(registry, at + i)))));
  return lives;
}

const count = (lives: readonly Life[], state: string): number =>
  lives.filter(({ end }) => end.state === state).length;
const locks = { deleteEnabled: false, writeEnabled: false };

describe('a tag that moves at every step', () => {
  it('of the source: what is promoted is what was approved, or the request is superseded', async () => {
    const lives = await everyLife('contosouat');

    for (const { end, held, approved } of lives)
      if (end.state !== 'superseded') {
        expect(end.state).toBe('promoted');
        expect(held).toMatchObject({ digest: approved, attributes: locks });
      } else expect(held).toBeUndefined();
    console.log(`source: ${count(lives, 'superseded')} superseded, ${count(lives, 'promoted')} promoted`);
    expect(count(lives, 'superseded')).toBeGreaterThan(3);
    expect(count(lives, 'promoted')).toBeGreaterThan(10);
  });

  it('of the target: another digest there is quarantined, until the lock forbids it', async () => {
    const lives = await everyLife('contosoprod');

    for (const { end, held, approved } of lives)
      if (end.state === 'promoted') expect(held).toMatchObject({ digest: approved, attributes: locks });
      else {
        expect(end.state).toBe('quarantined');
        expect(held?.digest).not.toBe(approved);
      }
    console.log(`target: ${count(lives, 'quarantined')} quarantined, ${count(lives, 'promoted')} promoted`);
    expect(count(lives, 'quarantined')).toBeGreaterThan(10);
    expect(count(lives, 'promoted')).toBeGreaterThan(3);
  });
});
