import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Block, Card } from '../../src/cards/card.ts';
import { checkMessage, limits } from '../../src/channels/slack/limits.ts';
import { renderMessage } from '../../src/channels/slack/render.ts';
import { checkCard } from '../../src/channels/teams/limits.ts';
import { renderCard } from '../../src/channels/teams/render.ts';
import { renderText } from '../../src/channels/terminal/render.ts';
import { createDispatch } from '../../src/commands/dispatch.ts';
import type { Account, Answer, Dispatch, Input, SettingChange } from '../../src/ports.ts';
import type { Scan } from '../../src/posture/facts.ts';
import type { Request } from '../../src/promotion/request.ts';
import { accountOf, createWorld, type World } from '../world.ts';

const registries = 300;
const person = accountOf('developer', 'slack');
const terminal: Account = { channel: 'terminal', tenant: 'local', user: '' };

let world: World;
let dispatch: Dispatch;
let scan: Scan;
let keys = 0;

const nameOf = (i: number): string =>
  `registry${String(i).padStart(3, '0')}oftheplatformteamofcontosoinwesteurope`.slice(0, 50);

/** The estate of the sandbox, thirty times over, with the longest names that a registry may have. */
function manyRegistries(small: Scan): Scan {
  const facts = Array.from({ length: registries }, (_, i) => {
    const each = small.registries[i % small.registries.length]!;
    return { ...each, name: nameOf(i), id: `${each.id}${i}` };
  });
  return { ...small, registries: facts, gaps: [] };
}

function requestOf(i: number): Request {
  return {
    id: `P-${i}`,
    version: 1,
    state: 'granted',
    requester: 'developer',
    createdAt: i,
    reason: 'because '.repeat(60),
    votes: [{ person: 'security-approver', decision: 'approve', at: 1 }],
    subject: {
      kind: 'waiver',
      rule: 'CR-3',
      scope: nameOf(i),
      until: world.product.doors.clock() + i + 1_000_000,
      values: {},
    },
  } as unknown as Request;
}

beforeAll(async () => {
  world = await createWorld({
    work: false,
    policy: (text) => text.replace('commandsPerMinute: 20', 'commandsPerMinute: 1000'),
  });
  const { doors } = world.product;
  scan = manyRegistries(await doors.reader.scan());
  const requests = Array.from({ length: 120 }, (_, i) => requestOf(i));
  const changes = Array.from(
    { length: 40 },
    (_, i): SettingChange => ({
      registry: scan.registries[i]!.id,
      at: i,
      by: `somebody-${i}`,
      byType: 'User',
      settings: [{ path: 'properties.adminUserEnabled', before: 'false', after: 'true' }],
    }),
  );
  dispatch = createDispatch({
    ...doors,
    reader: { ...doors.reader, scan: async () => scan, changes: async () => changes },
    ledger: {
      ...doors.ledger,
      requests: async (filter) => (filter?.states?.includes('promoted') ? [] : requests),
      scores: async () => [],
    },
  });
});
afterAll(() => world.close());

const give = (input: Input, account: Account = person): Promise<Answer> =>
  dispatch.answer({ key: `page${keys++}`, account, place: { id: 'slack:test', kind: 'channel' }, input });
const say = async (text: string, account?: Account): Promise<Card> => {
  const answer = await give({ kind: 'text', text }, account);
  if (answer.kind === 'form') throw new Error('a form');
  return answer.card;
};
const ofKind = <K extends Block['kind']>(card: Card, kind: K) =>
  card.blocks.filter((block): block is Extract<Block, { kind: K }> => block.kind === kind);
const buttons = (card: Card) => ofKind(card, 'actions').flatMap(({ actions }) => actions);
const turn = (card: Card, label: 'Next' | 'Previous') =>
  buttons(card).find((action) => action.action === 'page' && action.label === label);
const firstColumn = (card: Card, at = -1): readonly string[] =>
  ofKind(card, 'table')
    .at(at)
    ?.rows.map(([cell]) => (typeof cell === 'string' ? cell : '')) ?? [];

/** All pages of a command, by its Next buttons. */
async function pagesOf(command: string): Promise<readonly Card[]> {
  const pages = [await say(command)];
  for (let next = turn(pages[0]!, 'Next'); next; next = turn(pages.at(-1)!, 'Next')) {
    const answer = await give({ kind: 'action', action: 'page', id: next.value.id, nonce: next.value.nonce });
    if (answer.kind !== 'updated') throw new Error(`${answer.kind}, not the same card turned`);
    pages.push(answer.card);
  }
  return pages;
}

describe('300 registries with the longest names', () => {
  it.each([
    'status',
    'registries',
    'check CR-3',
    'requests',
    'waivers',
    'drift',
    'check --list',
    `show ${nameOf(0)}`,
  ])('fit in both chats with nothing left out, whichever page of %s', async (command) => {
    for (const page of await pagesOf(command)) {
      const { blocks } = renderMessage(page);
      const teams = renderCard(page);
      expect(checkMessage(blocks)).toEqual([]);
      expect(blocks.length).toBeLessThanOrEqual(limits.blocksInMessage);
      expect(checkCard(teams)).toEqual([]);
      expect(JSON.stringify([blocks, teams])).not.toMatch(/… and \d+ more/);
    }
  });

  it.each(['status', 'registries', 'check CR-3'])('are each on one page of %s', async (command) => {
    const pages = await pagesOf(command);
    const names = pages.flatMap((page) => firstColumn(page));

    expect(names.length).toBe(registries);
    expect(new Set(names)).toEqual(new Set(scan.registries.map(({ name }) => name)));
    expect(pages.map((page) => turn(page, 'Previous') === undefined)).toEqual(pages.map((_, i) => i === 0));
  });

  it('stand with the lowest score first, over all pages', async () => {
    const scores = (await pagesOf('status')).flatMap((page) =>
      ofKind(page, 'table')
        .at(-1)!
        .rows.map((row) => Number(row[2])),
    );

    expect(scores).toEqual(scores.toSorted((a, b) => a - b));
    expect(new Set(scores).size).toBeGreaterThan(1);
  });
});

describe('a page', () => {
  it('is asked for by option or by word, also beside arguments', async () => {
    const [, second] = await pagesOf('status');
    for (const words of ['status --page 2', 'status page 2'])
      expect(firstColumn(await say(words))).toEqual(firstColumn(second!));
    const prod = await say('check CR-3 prod page 2');

    expect(turn(prod, 'Previous')?.value.id).toBe('check CR-3 prod --page 1');
  });

  it('past the end is the last one', async () => {
    const last = (await pagesOf('registries')).at(-1)!;

    expect(firstColumn(await say('registries page 999'))).toEqual(firstColumn(last));
  });

  it('that is no number from 1 on is refused with the cure', async () => {
    for (const page of ['0', '-1', 'two', '1e3'])
      expect(await give({ kind: 'text', text: `status --page=${page}` })).toMatchObject({
        kind: 'refusal',
        code: 'usage',
        card: { summary: expect.stringContaining('/acr status --page 2') },
      });
  });

  it('of what has no pages is refused, typed or clicked', async () => {
    expect(await give({ kind: 'text', text: 'whoami page 2' })).toMatchObject({ code: 'usage' });
    for (const id of ['approve P-1 --page 2', 'promote shop/web:v1 --page 2', '', 'nothing'])
      expect(await give({ kind: 'action', action: 'page', id, nonce: '' })).toMatchObject({
        code: 'no-page',
      });
  });

  it('of a refreshed card is one of the status', async () => {
    const answer = await give({ kind: 'action', action: 'refresh', id: '', nonce: '' });

    expect(answer.kind === 'updated' && turn(answer.card, 'Next')?.value.id).toBe('status --page 2');
  });

  it('is turned to in a terminal only where one is named: else all is printed', async () => {
    const whole = renderText(await say('registries', terminal));
    const second = await say('registries --page 2', terminal);

    expect(scan.registries.filter(({ name }) => !whole.includes(name))).toEqual([]);
    expect(firstColumn(second).length).toBe(20);
    expect(renderText(second)).toContain('acr-warden registries --page 3');
  });
});
