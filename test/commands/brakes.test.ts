import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '../../src/ports.ts';
import type { Request } from '../../src/promotion/request.ts';
import { createWorld, inspect, type Role, type World } from '../world.ts';

let world: World;
beforeAll(async () => {
  // Without the window that is always open in the sample; a stage without windows is open.
  world = await createWorld({
    policy: (text) =>
      text.replace(
        /limits: .*/,
        'limits: { openPerPerson: 100, openPerRepository: 100, commandsPerMinute: 10000 }',
      ),
  });
});
afterAll(() => world.close());

const say = (role: Role, text: string) => world.say(world.as(role, 'teams'), text);
const told = (answer: Answer): string =>
  answer.kind === 'form' ? 'form' : `${'code' in answer ? `${answer.code}: ` : ''}${answer.card.summary}`;
const stored = async (id: string): Promise<Request> => (await world.product.doors.ledger.request(id))!;
const requestWith = async (wanted: (request: Request) => boolean): Promise<Request> => {
  for (let wait = 0; wait < 300; wait++) {
    const found = (await world.product.doors.ledger.requests({ limit: 100 })).find(wanted);
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('there is no such request');
};
const tagsInProd = (repository: string) => inspect(world.azure, 'contosoprod', repository).tags;

describe('a blocked request', () => {
  it('goes on when somebody of the waivers lets its gate pass, and not by whoever asked for it', async () => {
    const blocked = await world.ask('promote pay/api:v2.1.0 from uat to prod because release --target prod');
    const gate = blocked.evidence?.gates.find((each) => each.mode === 'enforce' && each.outcome === 'fail');
    expect(blocked.state).toBe('blocked');
    expect(told(await say('developer', `waive gate nonsense ${blocked.id} because x`))).toContain(
      'nothing-to-waive',
    );

    const stops = blocked.evidence!.gates.filter(
      (each) => each.mode === 'enforce' && each.outcome !== 'pass',
    );
    for (const stop of stops) {
      expect(
        told(await say('developer', `waive gate ${stop.gate} ${blocked.id} because "mitigated"`)),
      ).toContain('asked');
      const waiver = await requestWith(
        ({ subject, state }) => subject.kind === 'gate' && subject.gate === stop.gate && state === 'pending',
      );
      expect(told(await say('developer', `approve ${waiver.id}`))).toContain('self-approval');
      expect(told(await say('release-approver', `approve ${waiver.id}`))).toContain('not-eligible');
      expect((await say('security-approver', `approve ${waiver.id}`)).kind).toBe('updated');
    }
    const pending = await world.until(blocked.id, 'pending');

    expect(gate).toBeDefined();
    expect(pending.waived?.map((each) => each.by)).toEqual(stops.map(() => 'security-approver'));
    expect(pending.evidence?.gates.some((each) => each.outcome === 'waived')).toBe(true);
  });
});

describe('break-glass', () => {
  it('imports what nobody approved while the stage is frozen, and leaves a review that somebody else must do', async () => {
    const request = await world.ask(
      'promote shop/web:v1.4.2 from uat to prod because "hot fix" --target prod',
    );
    await say('release-approver', 'freeze prod until 4h because "year end"');
    const asker = await say('developer', `breakglass ${request.id} ticket INC-1 because down`);
    const bare = await say('platform-admin', `breakglass ${request.id} because down`);
    const broken = await say(
      'platform-admin',
      `breakglass ${request.id} because "the shop is down" ticket INC-7`,
    );

    expect([told(asker), told(bare), broken.kind]).toEqual([
      expect.stringMatching(/not-eligible|self-approval/),
      expect.stringContaining('reason-needed'),
      'updated',
    ]);
    expect(await world.until(request.id, 'promoted', 'failed')).toMatchObject({
      state: 'promoted',
      votes: [],
      glass: { by: 'platform-admin', ticket: 'INC-7' },
    });
    expect(tagsInProd('shop/web').find((tag) => tag.name === 'v1.4.2')?.digest).toBe(
      request.evidence?.digest,
    );
    await say('release-approver', 'unfreeze prod');

    const review = await requestWith(
      ({ subject }) => subject.kind === 'review' && subject.request === request.id,
    );
    expect(told(await say('platform-admin', `review ${request.id} because fine`))).toMatch(
      /self-approval|not-eligible/,
    );
    expect((await say('release-approver', `review ${request.id} because "the fix was right"`)).kind).toBe(
      'updated',
    );
    expect(await stored(review.id)).toMatchObject({ state: 'granted', requester: 'platform-admin' });
    const alarms = [...world.posted.values()].filter((card) => card.name === 'alarm');
    expect(alarms.map((card) => card.summary).join()).toContain('INC-7');
  });
});

describe('a rollback', () => {
  it('imports nothing, locks the older tag again, and is approved like any promotion', async () => {
    const imports = () => world.azure.counters()['import ended contosoprod'] ?? 0;
    const before = imports();
    const answer = await say(
      'developer',
      'rollback shop/web:v1.4.0 in prod because "v1.4.2 leaks" --target prod',
    );
    expect(told(answer)).toContain('roll prod back');
    const asked = await requestWith(
      ({ subject }) => subject.kind === 'promotion' && subject.rollback === true,
    );
    const pending = await world.until(asked.id, 'pending', 'blocked', 'refused');

    expect(pending.state).toBe('pending');
    await say('release-approver', `approve ${pending.id}`);
    const ended = await world.until(pending.id, 'promoted', 'failed');
    expect(ended).toMatchObject({ state: 'promoted' });
    expect(imports()).toBe(before);
    expect(tagsInProd('shop/web').find((tag) => tag.name === 'v1.4.0')?.attributes).toMatchObject({
      deleteEnabled: false,
      writeEnabled: false,
    });
  });
});

describe('a hold', () => {
  it('stops the votes until it is resumed, and everybody sees who holds it', async () => {
    const request = await world.ask(
      'promote shop/cart:v2.4.0 from uat to prod because release --target prod',
    );
    const held = await say('release-approver', `hold ${request.id} because "a fix is coming"`);

    expect(told(await say('outsider', `hold ${request.id}`))).not.toContain('Held');
    expect(held.kind === 'updated' && held.card.summary).toContain('Held');
    expect(told(await say('release-approver', `approve ${request.id}`))).toContain('wrong-state');
    expect((await say('release-approver', `resume ${request.id}`)).kind).toBe('updated');
    expect(['pending', 'blocked']).toContain((await stored(request.id)).state);
  });
});
