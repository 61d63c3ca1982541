import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readEstate } from '../../src/commands/estate.ts';
import { waiversInForce } from '../../src/commands/waivers.ts';
import type { Request } from '../../src/promotion/request.ts';
import { dialects } from '../store/databases.ts';
import { createWorld, type World } from '../world.ts';

describe.each(await dialects('test/journey/waiver.test.ts'))('a waiver, on %s', (dialect) => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld({ dialect });
  });
  afterAll(() => world.close());
  const pending = async () => (await world.product.doors.ledger.requests({ states: ['pending'] }))[0]!;
  const codeOf = (answer: { kind: string; code?: string }) => answer.code ?? answer.kind;

  it('is asked for in chat and granted by the waiver group only, with four eyes', async () => {
    const asked = await world.say(
      world.as('developer', 'slack'),
      'waive CR-3 contosoprodus until 90d because the second region is being built',
    );
    expect(asked.kind).toBe('card');
    const request = await pending();

    expect(codeOf(await world.click(world.as('developer', 'teams'), 'approve', request))).toBe(
      'self-approval',
    );
    expect(codeOf(await world.click(world.as('release-approver', 'slack'), 'approve', request))).toBe(
      'not-eligible',
    );
    expect(codeOf(await world.click(world.as('security-approver', 'teams'), 'approve', request))).toBe(
      'updated',
    );
    expect((await world.product.doors.ledger.request(request.id))?.state).toBe('granted');
    expect(
      (await waiversInForce(world.product.doors)).map(({ subject }) => [subject.rule, subject.scope]),
    ).toEqual([['CR-3', 'contosoprodus']]);
  });

  it('takes the finding out of the failures until the value changes', async () => {
    const { doors } = world.product;
    const outcome = async () => {
      const estate = await readEstate(doors);
      const registry = estate.registries.findIndex((facts) => facts.name === 'contosoprodus');
      return estate.findings(registry).find((finding) => finding.rule === 'CR-3')?.outcome;
    };
    const [granted] = await doors.ledger.requests({ states: ['granted'] });

    expect(await outcome()).toBe('waived');
    const bindTo = (values: object) =>
      doors.ledger.change(granted!.id, ({ before }) => {
        const request = { ...before!, subject: { ...before!.subject, values } } as Request;
        return { result: undefined, decision: { request, audit: [], jobs: [] } };
      });
    const { values } = granted!.subject as { values: object };
    await bindTo({ [Object.keys(values)[0]!]: 'another value' });
    expect(await outcome()).toBe('fail');
    await bindTo(values);
    expect(await outcome()).toBe('waived');
  });

  it('is shown to the security channels in both chats', async () => {
    await new Promise((resolve) => setTimeout(resolve, 300));

    const places = [...world.posted]
      .filter(([, card]) => card.title.startsWith('Waive CR-3'))
      .map(([place]) => place.split(' ')[0]);
    expect(places).toEqual(
      expect.arrayContaining(['slack:T01CONTOSO/C01SECURITY', 'teams:19:security@thread.tacv2']),
    );
  });

  it('is refused for what does not fail, for a day too far and for half a sentence', async () => {
    const dana = world.as('developer', 'slack');
    const answers = await Promise.all(
      [
        'waive CR-8 contosoprod until 90d because x',
        'waive CR-3 contosoprodus until 400d because x',
        'waive CR-3 contosoprodus until 2020-01-01 because x',
        'waive CR-3 contosoprodus because x',
        'waive CR-33 contosoprodus until 90d because x',
        'waive CR-3 nowhere until 90d because x',
      ].map((text) => world.say(dana, text)),
    );

    expect(answers.map(codeOf)).toEqual([
      'nothing-to-waive',
      'malformed-date',
      'malformed-date',
      'missing-argument',
      'unknown-rule',
      'unknown-registry or stage',
    ]);
  });
});
