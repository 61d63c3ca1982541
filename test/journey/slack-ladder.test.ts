// The ladder of refusals in Slack, each rung climbed by itself: its own sentence to the person, its own row in the audit, and
// no vote. Everything below the rung is right, so that only this one can be what refuses.
import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Request } from '../../src/promotion/request.ts';
import type { SlackMessage } from '../../src/sandbox/slack/state.ts';
import { nodesOf } from '../channels/renderer-contract.ts';
import { createSlackChat, type SlackChat, secrets } from './slack-chat.ts';

let chat: SlackChat;
let request: Request;
let card: SlackMessage;
let clean: string;
let count = 0;
const { stringify, parse } = JSON;

beforeAll(async () => {
  chat = await createSlackChat('http');
  request = await chat.world.ask();
  const found = () => chat.slack.state.messages.find((one) => stringify(one.blocks).includes('"approve"'));
  for (let wait = 0; wait < 400 && !found(); wait++) await new Promise((done) => setTimeout(done, 25));
  card = found()!;
  clean = stringify([chat.slack.state.users, chat.slack.state.channels]);
});
afterAll(() => chat?.close());
beforeEach(() => {
  const [users, channels] = parse(clean) as [typeof chat.slack.state.users, typeof chat.slack.state.channels];
  Object.assign(chat.slack.state, { users, channels });
});

const rui = (): Record<string, unknown> => chat.slack.state.users.find((one) => one.id === 'U01RUI')!;
const channel = () => chat.slack.state.channels.find((one) => one.id === 'C01RELEASES')!;
const buttonOf = (action: string) =>
  nodesOf(card.blocks).find((node) => node['type'] === 'button' && node['action_id'] === action)!;

/** Rui clicks Approve; `change` bends the payload. */
async function approve(
  change: (payload: Record<string, unknown>) => object = (same) => same,
): Promise<number> {
  const payload = change({
    type: 'block_actions',
    team: { id: 'T01CONTOSO' },
    user: { id: 'U01RUI', team_id: 'T01CONTOSO' },
    api_app_id: 'A01WARDEN',
    channel: { id: card.channel },
    container: { type: 'message', message_ts: card.ts, channel_id: card.channel },
    trigger_id: `rung.${++count}`,
    actions: [{ ...buttonOf('approve'), block_id: 'b' }],
  });
  return post(new URLSearchParams({ payload: stringify(payload) }).toString());
}

async function post(body: string, how: { secret?: string; age?: number } = {}): Promise<number> {
  const stamp = String(Math.floor(Date.now() / 1000) - (how.age ?? 0));
  const signed = createHmac('sha256', how.secret ?? secrets.signingSecret)
    .update(`v0:${stamp}:${body}`)
    .digest('hex');
  const answer = await fetch(`${chat.botUrl}/slack/events`, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': stamp,
      'x-slack-signature': `v0=${signed}`,
    },
    body,
  });
  await answer.arrayBuffer();
  return answer.status;
}

const rows = () => chat.world.product.doors.ledger.auditRows({ limit: 500 });
const votes = async () => (await chat.world.product.doors.ledger.request(request.id))?.votes;

interface Rung {
  readonly code: string;
  readonly says: string;
  readonly climb: () => Promise<number>;
}

const flag = (name: string, code: string, says: string): readonly [string, Rung] => [
  `a person with ${name}`,
  { code, says, climb: () => (Object.assign(rui(), { [name]: true }), approve()) },
];

const rungs: readonly (readonly [string, Rung])[] = [
  [
    'another app',
    {
      code: 'foreign-app',
      says: 'another Slack app',
      climb: () => approve((it) => ({ ...it, api_app_id: 'A09' })),
    },
  ],
  [
    'a workspace without the app',
    {
      code: 'foreign-team',
      says: 'not installed in your workspace',
      climb: () => approve((it) => ({ ...it, team: { id: 'T09' } })),
    },
  ],
  [
    'two actions at once',
    {
      code: 'malformed',
      says: 'cannot be read',
      climb: () => approve((it) => ({ ...it, actions: [buttonOf('approve'), buttonOf('approve')] })),
    },
  ],
  [
    'a value that does not parse',
    {
      code: 'malformed',
      says: 'cannot be read',
      climb: () => approve((it) => ({ ...it, actions: [{ ...buttonOf('approve'), value: '{"v":1' }] })),
    },
  ],
  [
    'a person of Slack Connect',
    {
      code: 'foreign-user',
      says: 'belongs to another workspace',
      climb: () => approve((it) => ({ ...it, user: { id: 'U01RUI', team_id: 'T09' } })),
    },
  ],
  flag('deleted', 'deleted-user', 'deactivated'),
  flag('is_bot', 'bot-user', 'Bots cannot'),
  flag('is_app_user', 'app-user', 'Apps cannot'),
  flag('is_workflow_bot', 'workflow-bot', 'Workflows cannot'),
  flag('is_connector_bot', 'connector-bot', 'Connectors cannot'),
  flag('is_stranger', 'stranger', 'not of this workspace'),
  flag('is_restricted', 'guest', 'Guests cannot'),
  flag('is_ultra_restricted', 'single-channel-guest', 'Guests of one channel'),
  flag('is_invited_user', 'invited-user', 'Accept your invitation'),
  [
    'a person Slack does not know',
    {
      code: 'unknown-user',
      says: 'does not know this account',
      climb: () => approve((it) => ({ ...it, user: { id: 'U09', team_id: 'T01CONTOSO' } })),
    },
  ],
  [
    'a channel shared with others',
    {
      code: 'shared-channel',
      says: 'shared with another',
      climb: () => ((channel().is_ext_shared = true), approve()),
    },
  ],
  [
    'a channel about to be shared',
    {
      code: 'shared-channel',
      says: 'shared with another',
      climb: () => ((channel().is_pending_ext_shared = true), approve()),
    },
  ],
  [
    'a channel the bot cannot see',
    {
      code: 'unknown-channel',
      says: 'cannot see this channel',
      climb: () => approve((it) => ({ ...it, channel: { id: 'C09' } })),
    },
  ],
];

describe('the ladder refuses', () => {
  it.each(rungs)('%s', async (_name, { code, says, climb }) => {
    const before = (await rows()).length;
    const told = () =>
      chat.slack.state.messages.filter((one) => one.ephemeralFor === 'U01RUI' && one.text.includes(says))
        .length;
    const said = told();

    expect(await climb()).toBe(200);

    const refused = async () => (await rows()).slice(before);
    await expect.poll(refused).toMatchObject([{ action: 'identity-refused', subject: code }]);
    expect(await votes()).toEqual([]);
    // Who is not there cannot be told: the row is all there is.
    if (!code.startsWith('unknown-')) await expect.poll(told).toBe(said + 1);
  });

  it('what Slack did not sign now, before anything is read or written', async () => {
    const before = (await rows()).length;
    const body = new URLSearchParams({ command: '/acr', text: `approve ${request.id}` }).toString();

    const statuses = [
      await post(body, { secret: 'x' }),
      await post(body, { age: 301 }),
      await post(body, { age: -310 }),
    ];

    expect(statuses).toEqual([401, 401, 401]);
    expect(await rows()).toHaveLength(before);
    expect(await votes()).toEqual([]);
  });

  it('a button of an older card, and shows the card as it is now', async () => {
    const old = stringify({ v: 1, id: request.id, nonce: 'of-before' });

    await approve((it) => ({ ...it, actions: [{ ...buttonOf('approve'), value: old }] }));

    await expect
      .poll(() => chat.slack.state.messages.some((one) => /older|out of date|old/i.test(one.text)))
      .toBe(true);
    expect(await votes()).toEqual([]);
  });

  it('an account that maps to nobody, by its own sentence', async () => {
    await chat.slack.command('outsider', 'releases', `approve ${request.id}`);

    await expect
      .poll(() => chat.slack.state.messages.at(-1))
      .toMatchObject({
        ephemeralFor: 'U01OLGA',
        text: expect.stringContaining('belongs to nobody') as string,
      });
    expect(await votes()).toEqual([]);
  });

  it('nobody, where all rungs hold: the vote counts', async () => {
    await approve();

    await expect.poll(votes).toMatchObject([{ person: 'release-approver', decision: 'approve' }]);
  });
});
