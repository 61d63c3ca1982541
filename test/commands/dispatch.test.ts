import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findVerb, verbs } from '../../src/commands/catalogue.ts';
import { createDispatch, finishUnanswered } from '../../src/commands/dispatch.ts';
import type { Answer, Incoming, Input } from '../../src/ports.ts';
import { accountOf, createWorld, type World } from '../world.ts';

let world: World;
let keys = 0;
const incoming = (input: Input, role: Parameters<typeof accountOf>[0] = 'developer'): Incoming => ({
  key: `d${keys++}`,
  account: accountOf(role, 'slack'),
  place: { id: 'slack:test', kind: 'channel' },
  input,
});
const text = (words: string): Input => ({ kind: 'text', text: words });
const codeOf = (answer: Answer) => (answer.kind === 'refusal' ? answer.code : answer.kind);
const textOf = (answer: Answer) => (answer.kind === 'form' ? '' : JSON.stringify(answer.card));
const buttons = (answer: Answer) =>
  answer.kind === 'form'
    ? []
    : answer.card.blocks
        .flatMap((block) => (block.kind === 'actions' ? block.actions : []))
        .map(({ action }) => action);

beforeAll(async () => {
  world = await createWorld({
    work: false,
    policy: (policy) => policy.replace('commandsPerMinute: 20', 'commandsPerMinute: 1000'),
  });
});
afterAll(() => world.close());

describe('an account that belongs to nobody', () => {
  it('gets help, whoami and link, and nothing else', async () => {
    const outsider = world.as('outsider', 'slack');
    const answers: [string, string][] = [];
    for (const verb of verbs) answers.push([verb.name, codeOf(await world.say(outsider, verb.name))]);

    expect(answers.filter(([, code]) => code !== 'unmapped').map(([name]) => name)).toEqual([
      'help',
      'whoami',
      'link',
    ]);
    expect(textOf(await world.say(outsider, 'help'))).not.toContain('promote');
    expect(textOf(await world.say(outsider, 'whoami'))).toContain('belongs to nobody');
  });

  it('gets no form and no choices of a picker', async () => {
    const { dispatch } = world.product;
    for (const action of ['form:promote', 'form:reject', 'status'])
      expect(
        codeOf(await dispatch.answer(incoming({ kind: 'action', action, id: 'P-1', nonce: '' }, 'outsider'))),
      ).toBe('unmapped');
    expect(
      codeOf(
        await dispatch.answer(
          incoming(
            {
              kind: 'form',
              form: 'promote',
              id: 'new',
              nonce: '',
              fields: { way: 'uat>prod', repository: 'shop/web', tag: 'v1.4.2', reason: 'x' },
            },
            'outsider',
          ),
        ),
      ),
    ).toBe('unmapped');
    expect(
      await dispatch.choices({
        account: accountOf('outsider', 'slack'),
        source: 'repositories',
        typed: '',
        fields: {},
      }),
    ).toEqual([]);
  });
});

describe('a command that there is not', () => {
  it('gets the nearest read as a button', async () => {
    const answer = await world.say(world.as('developer', 'slack'), 'stats');

    expect(codeOf(answer)).toBe('unknown-verb');
    expect(buttons(answer)).toEqual(['status']);
  });

  it.each(['aprove P-1', 'promot x', 'rejct P-1', 'cancle P-1'])(
    '%s gets a write as text only',
    async (typed) => {
      const answer = await world.say(world.as('developer', 'slack'), typed);

      expect(codeOf(answer)).toBe('unknown-verb');
      expect(textOf(answer)).toMatch(/Did you mean: (approve|promote|reject|cancel)/);
      for (const action of buttons(answer)) expect(findVerb(action)?.writes).toBe(false);
    },
  );

  it.each(['constructor', '__proto__', 'toString', 'x'.repeat(100_000)])(
    '%.20s is one of them',
    async (typed) => {
      const dana = world.as('developer', 'slack');

      expect(codeOf(await world.say(dana, typed))).toBe('unknown-verb');
      expect(
        codeOf(
          await world.product.dispatch.answer(incoming({ kind: 'action', action: typed, id: '', nonce: '' })),
        ),
      ).toBe('unknown-verb');
      expect(
        codeOf(
          await world.product.dispatch.answer(
            incoming({ kind: 'form', form: typed, id: '', nonce: '', fields: {} }),
          ),
        ),
      ).toBe('unknown-form');
    },
  );
});

describe('a deed', () => {
  it('is stored before it is answered, and taken once', async () => {
    const { dispatch, doors } = world.product;
    const deed = incoming(text('whoami'));

    expect(await dispatch.accept(deed)).toBe(true);
    expect((await doors.ledger.unanswered()).map(({ key }) => key)).toContain(deed.key);
    expect(await dispatch.accept(deed)).toBe(false);
    await dispatch.answer(deed);
    expect((await doors.ledger.unanswered()).map(({ key }) => key)).not.toContain(deed.key);
    expect(await dispatch.accept(deed)).toBe(false);
  });

  it('that was never answered is done after the next start, each of them, and told to who did it', async () => {
    const { dispatch, doors } = world.product;
    const slow = createDispatch({
      ...doors,
      policy: () => ({ ...doors.policy(), limits: { ...doors.policy().limits, commandsPerMinute: 1 } }),
    });
    const deeds = Array.from({ length: 3 }, () => incoming(text('whoami'), 'security-approver'));
    for (const deed of deeds) await slow.accept(deed);
    const opened = incoming(text('promote'));
    await dispatch.accept(opened);

    const done = await finishUnanswered(doors, await doors.ledger.unanswered());
    expect(done).toBe(4);
    expect(await doors.ledger.unanswered()).toEqual([]);
    for (const deed of deeds)
      expect(world.posted.get(`direct:${deed.account.user} recovered:${deed.key}`)?.name).toBe('whoami');
    expect(world.posted.get(`direct:${opened.account.user} recovered:${opened.key}`)?.title).toBe(
      'Interrupted',
    );
  });

  it('too many of one account in a minute is refused with the limit; others are not', async () => {
    const { doors } = world.product;
    const few = createDispatch({
      ...doors,
      policy: () => ({ ...doors.policy(), limits: { ...doors.policy().limits, commandsPerMinute: 3 } }),
    });
    const codes: string[] = [];
    for (let i = 0; i < 5; i++) codes.push(codeOf(await few.answer(incoming(text('whoami')))));

    expect(codes).toEqual(['card', 'card', 'card', 'too-fast', 'too-fast']);
    expect(codeOf(await few.answer(incoming(text('whoami'), 'platform-admin')))).toBe('card');
  });
});

describe('what goes wrong', () => {
  it('at Azure is a sentence that says whether to try again', async () => {
    world.azure.setFaults([{ name: '403-registry' }]);
    const answer = await world.say(
      world.as('developer', 'slack'),
      'promote shop/web:v1.4.2 from uat to prod because x --dry-run',
    );
    world.azure.setFaults([]);

    expect(codeOf(answer)).toBe('azure');
    expect(textOf(answer)).toContain('Not allowed');
    expect(textOf(answer)).not.toContain('try again in a minute');
  });

  it('here says nothing of what it was', async () => {
    const { doors } = world.product;
    const ledger = new Proxy(doors.ledger, {
      get: (target, name, self) =>
        name === 'requests'
          ? () => Promise.reject(new Error('SQLITE_CORRUPT /secret/path xoxb-1'))
          : Reflect.get(target, name, self),
    });
    const answer = await createDispatch({ ...doors, ledger }).answer(incoming(text('requests')));

    expect(codeOf(answer)).toBe('unexpected');
    expect(textOf(answer)).not.toMatch(/SQLITE|secret|xoxb/);
  });

  it('in the store while a deed is marked as answered does not cost the answer', async () => {
    const { doors } = world.product;
    const ledger = new Proxy(doors.ledger, {
      get: (target, name, self) =>
        name === 'answered' ? () => Promise.reject(new Error('locked')) : Reflect.get(target, name, self),
    });

    expect(codeOf(await createDispatch({ ...doors, ledger }).answer(incoming(text('whoami'))))).toBe('card');
  });
});
