// The product behind the channels: whatever is typed, pressed or filled in, over a whole world; and cards of hostile words.
import fc from 'fast-check';
import type { Card } from '../../src/cards/card.ts';
import { checkMessage } from '../../src/channels/slack/limits.ts';
import { renderMessage } from '../../src/channels/slack/render.ts';
import { checkCard } from '../../src/channels/teams/limits.ts';
import { renderCard } from '../../src/channels/teams/render.ts';
import { renderText } from '../../src/channels/terminal/render.ts';
import { verbs } from '../../src/commands/catalogue.ts';
import { createDispatch } from '../../src/commands/dispatch.ts';
import { parseArguments, splitVerb } from '../../src/commands/parse.ts';
import type { Answer, Input } from '../../src/ports.ts';
import { validateBlocks } from '../../src/sandbox/slack/validate-blocks.ts';
import { builders } from '../cards/built-cards.ts';
import { createRecordingLog } from '../channels/recording-dispatch.ts';
import { createWorld, type Role } from '../world.ts';
import type { Target } from './harness.ts';
import { changeTree, mutateText } from './mutate.ts';

const commandSeeds = verbs.flatMap(({ name, usage, examples }) => [name, usage, ...examples]);
const commandWords = [
  'because',
  'from',
  'to',
  'until',
  '--page',
  '--dry-run',
  '--',
  'prod',
  'uat',
  'shop/web:v1.4.2',
  'CR-1',
  '2036-01-01',
  '\u201cquoted\u201d',
  '\u2014json',
];

/** Every card that goes out is one that both chats take. */
function checkDrawn(card: Card): void {
  const message = renderMessage(card);
  const drawn = renderCard(card);
  const problems = [
    ...checkMessage(message.blocks as object[]).map((one) => `Slack: ${JSON.stringify(one)}`),
    ...validateBlocks(message.blocks, 'message').map((one) => `Slack: ${JSON.stringify(one)}`),
    ...checkCard(drawn).map((one) => `Teams: ${one.pointer} ${one.message}`),
  ];
  if (problems.length > 0) throw new Error(`${card.name} is refused by ${problems[0]?.slice(0, 200)}`);
  if (message.text.trim() === '') throw new Error(`${card.name} says nothing`);
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/.test(renderText(card, 'UTC')))
    throw new Error(`${card.name} steers a terminal`);
}

const parse: Target = {
  name: 'parse',
  open: () => ({
    seeds: commandSeeds,
    mutate: mutateText(commandWords),
    run: (input) => {
      const { verb, rest } = splitVerb(input);
      const flags = verbs.find(({ name }) => name === verb)?.flags;
      const parsed = parseArguments(rest, flags);
      if ('problem' in parsed) return;
      const { positional, words, because = '' } = parsed;
      if ([...positional, ...Object.values(words), because].some((word) => typeof word !== 'string'))
        throw new Error('a word that is none');
      if (Object.getPrototypeOf(words) !== Object.prototype) throw new Error('words with another prototype');
    },
  }),
};

const roles: readonly Role[] = [
  'developer',
  'release-approver',
  'security-approver',
  'platform-admin',
  'outsider',
];
const actions = [
  'approve',
  'reject',
  'cancel',
  'hold',
  'page',
  'refresh',
  'form:promote',
  'form:reject',
  'link:confirm',
];
const inputSeeds: readonly Input[] = [
  ...commandSeeds.map((text): Input => ({ kind: 'text', text })),
  ...actions.map((action): Input => ({ kind: 'action', action, id: 'P-7K3QX', nonce: 'n' })),
  { kind: 'action', action: 'page', id: 'requests all --page 2', nonce: '' },
  { kind: 'form', form: 'reject', id: 'P-7K3QX', nonce: 'n', fields: { reason: 'no' } },
  {
    kind: 'form',
    form: 'promote',
    id: '',
    nonce: '',
    fields: { way: 'uat>prod', repository: 'shop/web', tag: 'v1.4.2', reason: 'tested' },
  },
];

/** Only strings come out of the channels; what is in them is anybody's. */
function inputOf(text: string): Input {
  const tree = JSON.parse(text) as Readonly<Record<string, unknown>> | null;
  const word = (name: string): string => (typeof tree?.[name] === 'string' ? tree[name] : '');
  const { fields } = (tree ?? {}) as { fields?: unknown };
  const pairs = Object.entries(typeof fields === 'object' && fields ? fields : {});
  const about = { id: word('id'), nonce: word('nonce') };
  if (word('action')) return { kind: 'action', action: word('action'), ...about };
  if (word('form')) {
    const strings = pairs.filter((pair): pair is [string, string] => typeof pair[1] === 'string');
    return { kind: 'form', form: word('form'), ...about, fields: Object.fromEntries(strings) };
  }
  return { kind: 'text', text: word('text') };
}

const drawnOf = (answer: Answer): Card | undefined => (answer.kind === 'form' ? undefined : answer.card);

const dispatch: Target = {
  name: 'dispatch',
  open: async () => {
    const world = await createWorld({
      work: false,
      policy: (text) =>
        text.replace(
          /limits: .*/,
          'limits: { openPerPerson: 9, openPerRepository: 9, commandsPerMinute: 9999999 }',
        ),
    });
    const log = createRecordingLog();
    const product = createDispatch({ ...world.product.doors, log });
    let count = 0;
    return {
      seeds: inputSeeds.map((input) => JSON.stringify(input)),
      mutate: (dice, seed, others) => changeTree(dice, seed, others, commandWords),
      run: async (input, dice) => {
        const incoming = {
          key: `fuzz:${count++}`,
          account: world.as(dice.pick(roles), dice.pick(['slack', 'teams'] as const)),
          place: { id: 'slack:test', kind: 'channel' },
          input: inputOf(input),
        } as const;
        await product.accept(incoming);
        const answer = await product.answer(incoming);
        const failed = log.lines.splice(0).find((line) => line.startsWith('error'));
        if (failed) throw new Error(`logged: ${failed.slice(0, 300)}`);
        if (answer.kind === 'refusal' && answer.code === 'unexpected') throw new Error('unexpected');
        const card = drawnOf(answer);
        if (card) checkDrawn(card);
      },
      close: async () => {
        const audit = await world.product.doors.ledger.verifyAudit();
        await world.close();
        if (!audit.ok) throw new Error('the chain of the audit does not verify');
      },
      whole: true,
    };
  },
};

/** Built as the product builds them, of words that mean harm; each number builds the same card again. */
const cards: Target = {
  name: 'cards',
  open: () => {
    const names = Object.keys(builders);
    return {
      seeds: names,
      mutate: (dice, seed) => `${seed} ${dice.below(2 ** 31)}`,
      run: (input) => {
        const [name = '', seed = '0'] = input.split(' ');
        const [card] = fc.sample(builders[name]!, { numRuns: 1, seed: Number(seed) });
        checkDrawn(card!);
      },
      whole: true,
    };
  },
};

/** Commands, the dispatch, and what is drawn. */
export const productTargets: readonly Target[] = [parse, dispatch, cards];
