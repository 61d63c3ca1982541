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
    policy: (text) =>
      text.replace(
        /days: \[mon, tue, wed, thu, fri, sat, sun\], from: "00:00", to: "24:00"/,
        'days: [mon], from: "09:00", to: "16:00"',
      ),
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
  const lease = {
    key: 'k',
    kind: 'step',
    payload: { id: request.id, version: request.version },
    runAt: 0,
    attempts: 1,
    fence: 1,
  } as const;
  /** The ledger keeps the time of the product's clock. */
  const at = (now: number): Doors => Object.assign(doors, { clock: () => now });
  const state = async () => (await doors.ledger.request(request.id))?.state;
  return { request, noon, opens, lease, at, state };
}

describe('an approved import outside the windows of its stage', () => {
  it('waits for the next one, says when that is, and begins then', async () => {
    const { request, noon, opens, lease, at, state } = await approvedOnSunday();

    expect(await runStep(lease, at(noon))).toBe(opens);
    expect(await state()).toBe('approved');
    const card = await viewRequest(at(noon), request);
    const status = card.blocks.find((block) => block.kind === 'status');
    expect(status?.text).toMatch(
      /^The import waits for a window of its stage, which opens Monday, .* 09:00 \(Europe\/Berlin\)\.$/,
    );
    expect(inspect(world.azure, 'contosoprod', 'shop/web').tags.map((tag) => tag.name)).not.toContain(
      'v1.4.2',
    );

    expect(await runStep(lease, at(opens))).toBeUndefined();
    expect(await state()).toBe('importing');
  });

  it('lapses while it waits, when its time is over before the window opens', async () => {
    const { request, noon, lease, at, state } = await approvedOnSunday();
    const lapses = noon + 24 * hour;
    const early = { ...world.product.doors.policy(), windows: [] };
    const closed = (clock: number): Doors => ({
      ...at(clock),
      policy: () => ({
        ...early,
        windows: [{ name: 'w', stages: ['prod'], kind: 'allow', days: ['fri'], from: '09:00', to: '10:00' }],
      }),
    });

    expect(await runStep(lease, closed(noon))).toBe(lapses);
    expect(await runStep(lease, closed(lapses))).toBeUndefined();
    expect(await state()).toBe('expired');
    expect((await viewRequest(at(noon), request)).summary).toContain('Approved');
  });

  it('does not begin on a policy that asks for more by then', async () => {
    const { opens, lease, at, state } = await approvedOnSunday();
    const policy = world.product.doors.policy();
    const tighter = policy.edges.map((edge) =>
      edge.approvals ? { ...edge, approvals: { ...edge.approvals, total: 2 } } : edge,
    );
    await runStep(lease, { ...at(opens), policy: () => ({ ...policy, edges: tighter }) });

    expect(await state()).toBe('superseded');
  });

  it('does not begin when its registry is of another stage by then', async () => {
    const { request, opens, lease, at, state } = await approvedOnSunday();
    const policy = world.product.doors.policy();
    const registries = { ...policy.registries, prod: { ...policy.registries['prod']!, stage: 'dev' } };
    const doors = { ...at(opens), policy: () => ({ ...policy, registries }) };
    await runStep(lease, doors);
    const begun = await world.product.doors.ledger.request(request.id);
    await runStep({ ...lease, payload: { id: request.id, version: begun?.version ?? 0 } }, doors);

    expect(await state()).toBe('failed');
    expect(inspect(world.azure, 'contosoprod', 'shop/web').tags.map((tag) => tag.name)).not.toContain(
      'v1.4.2',
    );
  });
});
