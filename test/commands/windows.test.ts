import { datetime } from '../../src/cards/card.ts';
import { afterEach, describe, expect, it } from 'vitest';
import { runStep } from '../../src/commands/run-request.ts';
import { viewRequest } from '../../src/commands/request-view.ts';
import type { Doors } from '../../src/commands/doors.ts';
import { createWorld, inspect, type World } from '../world.ts';

const hour = 3_600_000;
let world: World;
afterEach(() => world.close());

/** A request that was approved on Sunday 12:00 Berlin while prod opens on Monday at nine. */
async function approvedOnSunday() {
  world = await createWorld({
    work: false,
    // Without gates: they look at ages, and this world lives at other times than its images.
    policy: (text) =>
      text
        .replace(
          /days: \[mon, tue, wed, thu, fri, sat, sun\], from: "00:00", to: "24:00"/,
          'days: [mon], from: "09:00", to: "16:00"',
        )
        .replace(/ {4}gates:\n(?: {6}.*\n)+/, ''),
  });
  const { doors } = world.product;
  const day = Temporal.Now.zonedDateTimeISO('Europe/Berlin').toPlainDate();
  const sunday = day.subtract({ days: day.dayOfWeek % 7 });
  const noon = sunday.toZonedDateTime({ timeZone: 'Europe/Berlin', plainTime: '12:00' }).epochMilliseconds;
  const opens = sunday
    .add({ days: 1 })
    .toZonedDateTime({ timeZone: 'Europe/Berlin', plainTime: '09:00' }).epochMilliseconds;
  const worker = world.product.startWork();
  const asked = await world.ask();
  await worker.close();
  const request = {
    ...asked,
    state: 'approved',
    version: asked.version + 1,
    approvedAt: noon,
    votes: [
      {
        person: 'release-approver',
        decision: 'approve',
        at: noon,
        groups: ['release'],
        evidence: '',
        channel: 'teams',
      },
    ],
  } as const;
  await doors.ledger.change(asked.id, () => ({
    result: undefined,
    decision: { request, audit: [], jobs: [] },
  }));
  /** The ledger keeps the time of the product's clock. */
  const at = (now: number): Doors => Object.assign(doors, { clock: () => now });
  const now = async () => (await doors.ledger.request(request.id))!;
  /** The job of the version that is stored. */
  const run = async (given: Doors) =>
    runStep(
      {
        key: 'k',
        kind: 'step',
        payload: { id: request.id, version: (await now()).version },
        runAt: 0,
        attempts: 1,
        fence: 1,
      },
      given,
    );
  return { noon, opens, at, run, now };
}

describe('an approved import outside the windows of its stage', () => {
  it('waits for the next one, says when that is, and begins then', async () => {
    const { noon, opens, at, run, now } = await approvedOnSunday();

    expect(await run(at(noon))).toBeUndefined();
    expect(await now()).toMatchObject({ state: 'waiting', waits: { until: opens } });
    const card = await viewRequest(at(noon), await now());
    expect(card.blocks).toContainEqual({
      kind: 'status',
      tone: 'warning',
      label: 'Approved, waiting',
      text: 'The window of prod is closed.',
    });
    expect(card.blocks.flatMap((block) => (block.kind === 'facts' ? block.facts : []))).toContainEqual({
      label: 'Opens',
      value: [datetime(opens)],
    });
    expect(inspect(world.azure, 'contosoprod', 'shop/web').tags.map((tag) => tag.name)).not.toContain(
      'v1.4.2',
    );
    // It looks every minute, since windows and freezes can change.
    expect(await run(at(noon))).toBe(noon + 60_000);
    expect(await run(at(opens - 1000))).toBe(opens);

    expect(await run(at(opens))).toBeUndefined();
    expect((await now()).state).toBe('importing');
  });

  it('lapses while it waits, when its time is over before the window opens', async () => {
    const { noon, at, run, now } = await approvedOnSunday();
    const lapses = noon + 24 * hour;
    const early = world.product.doors.policy();
    const closed = (clock: number): Doors => ({
      ...at(clock),
      policy: () => ({
        ...early,
        windows: [{ name: 'w', stages: ['prod'], kind: 'allow', days: ['fri'], from: '09:00', to: '10:00' }],
      }),
    });

    await run(closed(noon));
    expect(await run(closed(lapses - 1000))).toBe(lapses);
    expect(await run(closed(lapses))).toBeUndefined();
    expect(await now()).toMatchObject({ state: 'expired', end: { code: 'approval-lapsed' } });
  });

  it('waits while its stage is frozen, and goes on when the freeze is lifted', async () => {
    const { noon, opens, at, run, now } = await approvedOnSunday();
    const release = world.as('release-approver', 'teams');
    at(opens);
    const refused = await world.say(world.as('developer', 'slack'), 'freeze prod until 4h because x');
    const frozen = await world.say(release, 'freeze prod until 4h because "year end"');

    expect(refused.kind).toBe('refusal');
    expect(frozen.kind).toBe('card');
    await run(at(opens));
    expect(await now()).toMatchObject({
      state: 'waiting',
      waits: { why: 'release-approver froze prod: year end', until: opens + 4 * hour },
    });
    await world.say(release, 'unfreeze prod');
    await run(at(opens + 60_000));
    expect((await now()).state).toBe('importing');
    expect(noon).toBeLessThan(opens);
  });

  it('goes back to the votes on a policy that asks for more by then', async () => {
    const { opens, at, run, now } = await approvedOnSunday();
    const policy = world.product.doors.policy();
    const tighter = policy.edges.map((edge) =>
      edge.approvals ? { ...edge, approvals: { ...edge.approvals, total: 2 } } : edge,
    );
    await run({ ...at(opens), policy: () => ({ ...policy, edges: tighter }) });

    expect(await now()).toMatchObject({
      state: 'pending',
      votes: [],
      voided: { people: ['release-approver'] },
    });
  });

  it('ends when its registry is of another stage by then', async () => {
    const { opens, at, run, now } = await approvedOnSunday();
    const policy = world.product.doors.policy();
    const registries = { ...policy.registries, prod: { ...policy.registries['prod']!, stage: 'dev' } };
    await run({ ...at(opens), policy: () => ({ ...policy, registries }) });

    expect(await now()).toMatchObject({ state: 'superseded', end: { code: 'edge-gone' } });
    expect(inspect(world.azure, 'contosoprod', 'shop/web').tags.map((tag) => tag.name)).not.toContain(
      'v1.4.2',
    );
  });
});
