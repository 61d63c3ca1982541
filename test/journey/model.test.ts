// The product over its real store and the stand-in Azure against a model of a few lines: whatever people, the world and
// crashes do in whatever order, the same few things hold.
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Doors } from '../../src/commands/doors.ts';
import { isTerminal, type Request } from '../../src/promotion/request.ts';
import type { FaultName } from '../../src/sandbox/azure/faults.ts';
import { dialects } from '../store/databases.ts';
import type { Role, World } from '../world.ts';
import {
  askFor,
  clickThrough,
  createDrivenWorld,
  drive,
  dying,
  inProduction,
  pushAnew,
  takeStep,
} from './driven-world.ts';

const repository = 'shop/model';
/** Both must approve; the others may try. */
const eligible: readonly Role[] = ['release-approver', 'platform-admin'];
const begun = ['importing', 'locking', 'promoted'];

/** What anybody would expect of one request. */
interface Model {
  readonly votes: Set<string>;
  /** The source tag moved, or the target tag was taken: from here on no vote counts. */
  isStale: boolean;
  isFrozen: boolean;
}

interface Real {
  readonly world: World;
  readonly tag: string;
  readonly id: string;
  readonly approved: string;
}

type Deed = fc.AsyncCommand<Model, Real>;
const deed = (name: string, run: (model: Model, real: Real) => Promise<void>): Deed => ({
  check: () => true,
  run,
  toString: () => name,
});
const stored = async ({ world, id }: Real): Promise<Request> =>
  (await world.product.doors.ledger.request(id))!;
const doorsOf = ({ world }: Real, dies: number | undefined): Doors =>
  dies === undefined ? world.product.doors : dying(world.product.doors, dies);
const people = ({ votes }: Request): readonly string[] => votes.map(({ person }) => person);

const approve = (role: Role, channel: 'slack' | 'teams', dies: number | undefined): Deed =>
  deed(`${role} approves in ${channel}${dies ? `, dies at ${dies}` : ''}`, async (model, real) => {
    const before = await stored(real);
    await clickThrough(doorsOf(real, dies), real.world.as(role, channel), 'approve', before).catch(
      () => undefined,
    );
    const after = await stored(real);

    const counts = before.state === 'pending' && eligible.includes(role) && !model.isStale;
    if (people(after).includes(role) && counts) model.votes.add(role);
    expect(new Set(people(after))).toEqual(model.votes);
    expect(people(after)).toHaveLength(model.votes.size);
    if (counts && dies === undefined) expect(people(after)).toContain(role);
  });

const say = (name: string, role: Role, text: (id: string) => string, then?: (model: Model) => void): Deed =>
  deed(name, async (model, real) => {
    await real.world.say(real.world.as(role, 'slack'), text(real.id));
    then?.(model);
    expect(new Set(people(await stored(real)))).toEqual(model.votes);
  });

const push = (registry: string): Deed =>
  deed(`a push to ${registry}`, async (model, real) => {
    const { state } = await stored(real);
    const isDone = pushAnew(real.world, registry, repository, real.tag);
    if (isDone && !begun.includes(state)) model.isStale = true;
  });

const work = (steps: number, dies: number | undefined): Deed =>
  deed(`${steps} steps${dies ? `, dies at ${dies}` : ''}`, async (model, real) => {
    const before = await stored(real);
    const doors = doorsOf(real, dies);
    for (let step = 0; step < steps; step++)
      await takeStep(real.world, doors, real.id).catch(() => undefined);
    const after = await stored(real);

    if (!begun.includes(before.state) && begun.includes(after.state)) {
      expect(model.votes.size).toBe(2);
      expect(model.isFrozen).toBe(false);
    }
    if (before.state === 'held') expect(['held', 'superseded', 'quarantined']).toContain(after.state);
  });

const faults = (names: readonly FaultName[]): Deed =>
  deed(`faults: ${names.join() || 'none'}`, async (_, { world }) => {
    world.azure.setFaults(names.map((name) => ({ name })));
  });

const dies = fc.option(fc.integer({ min: 1, max: 12 }), { nil: undefined, freq: 3 });
const voting = fc
  .tuple(
    fc.constantFrom<Role>(...eligible, ...eligible, 'developer', 'security-approver', 'outsider'),
    fc.constantFrom<'slack' | 'teams'>('slack', 'teams'),
    dies,
  )
  .map(([role, channel, at]) => approve(role, channel, at));
const working = fc.tuple(fc.integer({ min: 1, max: 4 }), dies).map(([steps, at]) => work(steps, at));
const brakes = fc.constantFrom(
  say('developer holds', 'developer', (id) => `hold ${id}`),
  say('developer resumes', 'developer', (id) => `resume ${id}`),
  say('developer resumes', 'developer', (id) => `resume ${id}`),
  say(
    'a freeze',
    'release-approver',
    () => 'freeze prod until 2036-01-01 because of the holidays',
    (model) => {
      model.isFrozen = true;
    },
  ),
  say(
    'no freeze',
    'release-approver',
    () => 'unfreeze prod',
    (model) => {
      model.isFrozen = false;
    },
  ),
);
const turns = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom(push('contosouat'), push('contosoprod')) },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      faults([]),
      faults(['import-fails']),
      faults(['lock-refused']),
      faults(['import-wrong-digest']),
    ),
  },
);
const deeds = [voting, voting, working, working, fc.oneof(brakes, turns)];

/** What is left runs to where it ends by itself, or waits for people. */
async function settle({ world, id }: Real): Promise<Request> {
  world.azure.setFaults([]);
  await world.say(world.as('release-approver', 'slack'), 'unfreeze prod');
  return drive(
    world,
    world.product.doors,
    id,
    (request) => isTerminal(request) || request.state === 'pending' || request.state === 'held',
  );
}

describe.each(await dialects('test/journey/model.test.ts'))(
  'whatever is done to a request, on %s',
  (dialect) => {
    let world: World;
    let born = 0;
    beforeAll(async () => {
      world = await createDrivenWorld({ dialect, policy: (text) => text.replace('total: 1,', 'total: 2,') });
    });
    afterAll(() => world.close());

    it('imports come once and after two votes, and what is promoted is locked and is what was approved', async () => {
      const ends: Record<string, number> = {};
      const numRuns = dialect === 'SQLite' ? 18 : 6;
      await fc.assert(
        fc.asyncProperty(fc.commands(deeds, { maxCommands: 16, size: 'max' }), async (commands) => {
          const tag = `v8.0.${born++}`;
          const imports = () => world.azure.counters()['import ended contosoprod'] ?? 0;
          const asked = await askFor(world, repository, tag);
          const before = imports();
          const real = { world, tag, id: asked.id, approved: asked.evidence!.digest };
          const model: Model = { votes: new Set(), isStale: false, isFrozen: false };

          await fc.asyncModelRun(() => ({ model, real }), commands);
          const end = await settle(real);

          ends[end.state] = (ends[end.state] ?? 0) + 1;
          expect(imports() - before).toBeLessThanOrEqual(1);
          if (model.votes.size < 2) expect(begun).not.toContain(end.state);
          if (end.state === 'promoted')
            expect(inProduction(world, repository, tag)).toMatchObject({
              digest: real.approved,
              attributes: { deleteEnabled: false, writeEnabled: false },
            });
        }),
        { numRuns, seed: 2027, endOnFailure: true },
      );

      console.log(`${dialect}: ${JSON.stringify(ends)}`);
      expect(Object.keys(ends).length).toBeGreaterThan(2);
      if (dialect === 'SQLite') expect(ends['promoted']).toBeGreaterThan(0);
      expect(await world.product.doors.ledger.verifyAudit()).toMatchObject({ ok: true });
    });
  },
);
