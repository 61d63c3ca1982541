import { afterEach, describe, expect, it } from 'vitest';
import { obstacleTo } from '../../src/commands/preflight.ts';
import type { Work } from '../../src/commands/saga-steps.ts';
import type { ImageFacts } from '../../src/ports.ts';
import { contosoEstate } from '../../src/sandbox/estate/contoso/estate.ts';
import type { Estate } from '../../src/sandbox/estate/schema.ts';
import type { Fault } from '../../src/sandbox/azure/faults.ts';
import type { Request } from '../../src/promotion/request.ts';
import { createWorld, inspect, type World } from '../world.ts';

let world: World;
afterEach(() => world.close());

/** Approved under a fault; gives the request in one of the states. */
async function approvedUnder(faults: readonly Fault[], ...states: string[]): Promise<Request> {
  world = await createWorld();
  const request = await world.ask();
  world.azure.setFaults(faults);
  await world.click(world.as('release-approver', 'teams'), 'approve', request);
  return world.until(request.id, ...states);
}
const prodTag = () =>
  inspect(world.azure, 'contosoprod', 'shop/web').tags.find((tag) => tag.name === 'v1.4.2');
/** Until something is said to hinder the current step. */
async function troubleOf(id: string): Promise<Request> {
  for (;;) {
    const request = await world.product.doors.ledger.request(id);
    if (request?.trouble || request?.end) return request;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('an import', () => {
  it('that Azure calls succeeded though it failed is not believed, and tried again until it is there', async () => {
    const request = await approvedUnder([{ name: 'import-fails' }], 'importing');
    const troubled = await troubleOf(request.id);

    expect(troubled).toMatchObject({
      state: 'importing',
      trouble: expect.stringContaining('the tag is not there'),
    });
    expect(prodTag()).toBeUndefined();
    world.azure.setFaults([]);
    expect((await world.until(request.id, 'promoted', 'failed')).state).toBe('promoted');
  });

  it('that brings another digest ends in quarantine, alarmed by its state, and is never called promoted', async () => {
    const request = await approvedUnder(
      [{ name: 'import-wrong-digest' }],
      'quarantined',
      'promoted',
      'failed',
    );

    expect(request).toMatchObject({ state: 'quarantined', end: { code: 'digest-mismatch' } });
    expect(prodTag()?.digest).not.toBe(request.evidence?.digest);
    expect(request.done.map((progress) => progress.step)).toEqual(['preflight']);
  });

  it('whose locks are refused stays in locking, says why, and is promoted once they hold', async () => {
    const request = await approvedUnder([{ name: 'lock-refused' }], 'locking');
    const troubled = await troubleOf(request.id);

    expect(troubled.state).toBe('locking');
    expect(troubled.trouble).toContain('Not allowed');
    world.azure.setFaults([]);
    expect((await world.until(request.id, 'promoted')).state).toBe('promoted');
    expect(prodTag()?.attributes).toMatchObject({ deleteEnabled: false, writeEnabled: false });
  });

  it('gets through a registry that fails every fifth request', async () => {
    const request = await approvedUnder(
      [
        { name: '500', rate: 0.2 },
        { name: 'drop', rate: 0.05 },
      ],
      'promoted',
      'failed',
    );

    expect(request.state).toBe('promoted');
    expect(world.azure.counters()['import ended contosoprod']).toBeGreaterThanOrEqual(1);
  });

  it('into a tag that another digest took meanwhile ends in quarantine and overwrites nothing', async () => {
    world = await createWorld();
    const request = await world.ask();
    const taken = world.azure.pushSample('contosoprod', 'shop/web', 'v1.4.2');
    await world.click(world.as('release-approver', 'teams'), 'approve', request);
    const ended = await world.until(request.id, 'quarantined', 'promoted', 'failed');

    expect(ended.state).toBe('quarantined');
    expect(prodTag()?.digest).toBe(taken);
  });
});

describe('a tag that moves in the stage before', () => {
  it('after it was asked for ends the request at the vote', async () => {
    world = await createWorld();
    const request = await world.ask();
    world.azure.pushSample('contosouat', 'shop/web', 'v1.4.2');
    const answer = await world.click(world.as('release-approver', 'teams'), 'approve', request);

    expect(answer).toMatchObject({ kind: 'updated', note: expect.stringContaining('moved') });
    expect(await world.product.doors.ledger.request(request.id)).toMatchObject({
      state: 'superseded',
      votes: [],
    });
  });

  it('after the approval ends it before the import', async () => {
    const closed = 'kind: deny, days: [mon, tue, wed, thu, fri, sat, sun], from: "00:00", to: "24:00"';
    world = await createWorld({
      work: false,
      policy: (text) => text.replace(/kind: allow, days: .*? to: "24:00"/, closed),
    });
    const { doors } = world.product;
    const worker = world.product.startWork();
    const request = await world.ask();
    await world.click(world.as('release-approver', 'teams'), 'approve', request);
    const approved = await world.until(request.id, 'waiting');
    await worker.close();
    world.azure.pushSample('contosouat', 'shop/web', 'v1.4.2');

    const { runStep } = await import('../../src/commands/run-request.ts');
    const open = { ...doors, policy: () => ({ ...doors.policy(), windows: [] }) };
    const lease = {
      key: 'k',
      kind: 'step',
      payload: { id: request.id, version: approved.version },
      runAt: 0,
      attempts: 1,
      fence: 1,
    } as const;
    await runStep(lease, open);
    expect(await doors.ledger.request(request.id)).toMatchObject({
      state: 'superseded',
      end: { code: 'source-moved' },
    });
    expect(prodTag()).toBeUndefined();
  });
});

describe('a registry that cannot be read', () => {
  it('ends the request with the reason instead of leaving it open', async () => {
    world = await createWorld({ work: false });
    const { doors } = world.product;
    await world.say(world.as('developer', 'slack'), 'promote shop/web:v1.4.2 from uat to prod because x');
    const [request] = await doors.ledger.requests({ states: ['resolving'] });
    world.azure.setFaults([{ name: '403-registry' }]);
    world.product.startWork();

    const ended = await world.until(request!.id, 'refused');
    expect(ended.end).toMatchObject({ code: 'forbidden', text: expect.stringContaining('Not allowed') });
  });

  it('for a minute ends the request as well, when it is only down', async () => {
    world = await createWorld({ work: false });
    const { doors } = world.product;
    await world.say(world.as('developer', 'slack'), 'promote shop/web:v1.4.2 from uat to prod because x');
    const [request] = await doors.ledger.requests({ states: ['resolving'] });
    const down = () => Promise.reject(Object.assign(new Error('down'), { name: 'AzureError', retry: true }));
    const { runStep } = await import('../../src/commands/run-request.ts');
    const lease = {
      key: 'k',
      kind: 'step',
      payload: { id: request!.id, version: 1 },
      runAt: 0,
      attempts: 1,
      fence: 1,
    } as const;
    const broken = { ...doors, reader: { ...doors.reader, tag: down } };

    await expect(runStep(lease, broken)).rejects.toThrow('down');
    Object.assign(doors, { clock: () => Date.now() + 61_000 });
    await runStep(lease, broken);
    expect(await doors.ledger.request(request!.id)).toMatchObject({
      state: 'refused',
      end: { code: 'resolve-timeout' },
    });
  });
});

describe('what would make an import fail', () => {
  type Row = Record<string, unknown> & { properties: Record<string, unknown> };
  const registry = (estate: Estate, name: string) =>
    estate.tables['resources']!.find((row) => row['name'] === name) as Row;
  const obstacles: readonly (readonly [string, string, (estate: Estate) => void])[] = [
    [
      'a source that lets no images out',
      'export-disabled',
      (estate) => {
        registry(estate, 'contosouat').properties['policies'] = { exportPolicy: { status: 'disabled' } };
      },
    ],
    [
      'a target that is closed to the network and to Azure’s services',
      'network-bypass',
      (estate) => {
        Object.assign(registry(estate, 'contosoprod').properties, {
          publicNetworkAccess: 'Disabled',
          networkRuleBypassOptions: 'None',
        });
      },
    ],
  ];

  it.each(obstacles)('is found before it is tried: %s', async (_name, code, change) => {
    const estate = structuredClone(contosoEstate());
    change(estate);
    // Without gates: what is changed here changes the posture too.
    world = await createWorld({
      azure: { estate },
      policy: (text) => text.replace(/ {4}gates:\n(?: {6}.*\n)+/, ''),
    });
    const request = await world.ask();
    await world.click(world.as('release-approver', 'teams'), 'approve', request);

    expect(await world.until(request.id, 'failed', 'promoted')).toMatchObject({
      state: 'failed',
      end: { code },
    });
    expect(world.azure.counters()['import started contosoprod'] ?? 0).toBe(0);
  });

  it('is found before it is tried: more manifests than Azure imports at once', async () => {
    world = await createWorld({ work: false });
    const children = Array.from({ length: 50 }, (_, i) => `sha256:${i}`);

    expect(await obstacleTo({} as Work, { children } as unknown as ImageFacts)).toMatchObject({
      code: 'too-many-manifests',
      text: expect.stringContaining('51 manifests'),
    });
  });
});
