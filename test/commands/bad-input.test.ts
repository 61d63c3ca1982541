import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '../../src/ports.ts';
import { createWorld, type Role, type World } from '../world.ts';

let world: World;
const say = (typed: string, role: Role = 'developer'): Promise<Answer> =>
  world.say(world.as(role, 'slack'), typed);
const outcome = (answer: Answer) =>
  answer.kind === 'refusal' ? `${answer.code}: ${answer.card.summary}` : answer.kind;
const digest = `sha256:${'a'.repeat(64)}`;

/** Each case with a name short enough to be read. */
const named = (cases: readonly (readonly [string, string])[]) =>
  cases.map(([typed, expected]) => [typed.slice(0, 80), typed, expected] as const);

beforeAll(async () => {
  world = await createWorld({
    work: false,
    policy: (policy) => policy.replace('commandsPerMinute: 20', 'commandsPerMinute: 1000'),
  });
});
afterAll(() => world.close());

describe('bad input', () => {
  it.each(
    named([
      // A missing argument.
      ['check', 'missing-argument: Which rule? CR-1 to TEN-12. For example: /acr check CR-3'],
      ['show', 'missing-argument: Which registry? See them with: /acr registries'],
      ['image', 'missing-argument: Which image? For example: /acr image shop/web:v1.4.2'],
      ['request', 'missing-argument: Which request? See them with: /acr requests'],
      ['approve', 'missing-argument: Which request?'],
      ['reject', 'missing-argument: Which request?'],
      ['cancel', 'missing-argument: Which request?'],
      ['promote shop/web to prod because x', 'missing-argument: Which tag of shop/web?'],
      ['promote shop/web:v1.4.2', 'missing-argument: To which stage? Writes have no default'],
      [
        'promote shop/web:v1.4.2 from uat to prod',
        'missing-argument: Say why: /acr promote shop/web:v1.4.2 from uat to prod',
      ],
      // A name that nothing has.
      ['help promot', "unknown-verb: There is no command 'promot'. Did you mean promote?"],
      [
        'status prd',
        "unknown-registry, stage or team: There is no registry, stage or team 'prd'. Did you mean 'prod'?",
      ],
      ['refresh nowhere-at-all', 'unknown-registry, stage or team'],
      ['check CR-99', "unknown-rule: There is no rule 'CR-99'. Did you mean"],
      ['check CR-1 prd', "Did you mean 'prod'?"],
      ['show contosoprd', "unknown-registry: There is no registry 'contosoprd'. Did you mean 'contosoprod'?"],
      ['show dev', "ambiguous-registry: 'dev' is "],
      [
        'image shop/nothing',
        'unknown-image: No registry of the policy holds shop/nothing. See what there is with',
      ],
      [
        'requests later',
        "unknown-filter: There is no list 'later'. Must be one of: all, mine, pending, waiting, decide.",
      ],
      ['requests constructor', "unknown-filter: There is no list 'constructor'"],
      ['request P-NONE', "unknown-request: There is no request 'P-NONE'."],
      ['audit P-NONE', "unknown-request: The audit has no rows of 'P-NONE'"],
      [
        'digest later',
        "unknown-digest command: There is no digest command 'later'. There are: preview, list,",
      ],
      [
        'promote shop/web:v1.4.2 from uat to moon because x',
        "unknown-way: There is no stage 'moon'. Stages: dev, staging, uat, prod.",
      ],
      ['promote shop/web:v1.4.2 from moon to prod because x', "unknown-way: There is no stage 'moon'"],
      [
        'promote shop/web:v1.4.2 from dev to prod because x',
        'unknown-way: The policy has no way from dev to prod. Ways:',
      ],
      // Something that is not an image.
      ['image Shop/Web:1', 'malformed-image'],
      ['image https://evil.example.com/shop/web', 'malformed-image'],
      ['image ../../v2/_catalog', 'malformed-image'],
      [
        'promote evil.example.com/shop/web:v1.4.2 to prod because x',
        'malformed-image: Leave the registry out',
      ],
      ['promote shop/web:a:b to prod because x', 'malformed-image'],
      // A digest that would be ignored.
      [
        `promote shop/web:v1.4.2@${digest} from uat to prod because x`,
        'malformed-image: Leave the digest out',
      ],
      [`image shop/web@${digest}`, 'malformed-image: Name a tag instead of a digest'],
      // A registry of another stage, or of none.
      [
        'promote shop/web:v1.4.2 from uat to prod because x --target uat',
        "ambiguous-registry: There is no registry 'uat' of stage prod. There are: prod, prod-us.",
      ],
      // More than the command takes: nothing is left out in silence.
      ['approve P-1 P-2', "usage: 'P-2' is more than 'approve' takes. Usage: approve ID"],
      ['promote shop/web:v1.4.2 shop/web:v1.4.1 from uat to prod because x', 'usage:'],
      ['whoami please', 'usage:'],
      ['status --json', 'usage: There is no option --json here.'],
      [`reject P-1 because ${'x'.repeat(5000)}`, 'usage: The command is longer than 4000 characters'],
      // What this person may not do.
      [
        'promote core/gateway:v1.0.0 from uat to prod because x',
        'not-eligible: Only core-team may ask for core/gateway',
      ],
      ['digest now', 'not-eligible: Only platform may send digests to a channel'],
    ]),
  )('%s is refused with the cure', async (_name, typed, expected) => {
    expect(outcome(await say(typed))).toContain(expected);
  });

  it('stores no request and asks for none', async () => {
    expect(await world.product.doors.ledger.requests()).toEqual([]);
    expect(world.posted.size).toBe(0);
  });

  it('in a form names the field', async () => {
    const form = (fields: Record<string, string>) =>
      world.product.dispatch.answer({
        key: JSON.stringify(fields),
        account: world.as('developer', 'slack'),
        place: { id: 'slack:test', kind: 'channel' },
        input: { kind: 'form', form: 'promote', id: 'new', nonce: 'n', fields },
      });
    const whole = { way: 'uat>prod', repository: 'shop/web', tag: 'v1.4.2', reason: 'x' };

    expect(await form({ ...whole, repository: '' })).toMatchObject({
      code: 'missing-argument',
      field: 'repository',
    });
    expect(await form({ ...whole, tag: '' })).toMatchObject({ code: 'missing-argument', field: 'tag' });
    expect(await form({ ...whole, reason: ' ' })).toMatchObject({
      code: 'missing-argument',
      field: 'reason',
    });
    expect(await form({ ...whole, way: 'uat>moon' })).toMatchObject({ code: 'unknown-way', field: 'way' });
    expect(await form({ ...whole, tag: 'latest' })).toMatchObject({ code: 'tag-not-allowed', field: 'tag' });
  });

  it('in a picker finds nothing, and reaches no registry', async () => {
    const before = world.azure.counters();
    for (const repository of ['../../x', 'a b', 'shop/web:v1', 'x:pull repository:y', '%2e%2e/x'])
      expect(
        await world.product.dispatch.choices({
          account: world.as('developer', 'slack'),
          source: 'tags',
          typed: '',
          fields: { way: 'uat>prod', repository },
        }),
      ).toEqual([]);

    expect(world.azure.counters()).toEqual(before);
  });
});
