// Reminders to the members of an Entra group: listed by Graph page by page, sent to whoever of them is a person of the policy;
// where Graph does not tell, the thread of the request says so.
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { remindDeciders } from '../../src/commands/reminders.ts';
import type { Request } from '../../src/promotion/request.ts';
import { people } from '../../src/sandbox/cast.ts';
import { releaseGroup } from '../../src/sandbox/graph.ts';
import { createWorld, type World } from '../world.ts';
import { type Desk, openDesk } from './teams-desk.ts';

let world: World;
let desk: Desk;
let request: Request;
const rui = people.find(({ role }) => role === 'release-approver')!;
const strangers = Array.from({ length: 25 }, (_, at) => `5774a6e2-0000-4000-8000-0000000000${at + 10}`);

beforeAll(async () => {
  world = await createWorld({
    policy: (text) =>
      text.replace(
        /^( {2}release: \{ members: )\[[^\]]*\]( \})$/m,
        `$1[platform-admin], entraGroup: ${releaseGroup}$2`,
      ),
  });
  desk = await openDesk(world);
  await desk.teams.install();
  request = await world.ask();
  await vi.waitFor(() => expect(inChannel()).toHaveLength(1), { timeout: 10_000 });
});
afterAll(async () => {
  await desk?.close();
  await world?.close();
});
beforeEach(() => {
  world.graph.groups.set(releaseGroup, new Set([...strangers, rui.objectId.toUpperCase()]));
  Object.assign(world.graph.controls, { status: 0, page: 10, next: undefined });
});

const sent = () => desk.teams.state.activities.filter(({ fromBot }) => fromBot);
const inChannel = () => sent().filter(({ conversation }) => conversation === '19:releases@thread.tacv2');
const words = (messages: readonly object[]) => messages.map((message) => JSON.stringify(message)).join('\n');
/** Chats of people in which a reminder stands, with its title. */
const reminders = () =>
  sent()
    .filter(({ conversation }) => conversation.startsWith('a:'))
    .map((message) => [message.conversation, /waits (for you|no more)/.exec(words([message]))?.[0]]);
let runs = 0;
const remind = (attempts = 1, key = `remind:${request.id}:${runs++}`) =>
  remindDeciders(
    { key, kind: 'remind', payload: { id: request.id }, runAt: 0, attempts, fence: 1 },
    world.product.doors,
  );

test('Graph forbids it: the thread says so once, and only whom the policy lists is reminded', async () => {
  world.graph.controls.status = 403;

  await remind(1, 'the same job');
  await remind(1, 'the same job');

  expect(reminders()).toEqual([['a:1paul-mri', 'waits for you']]);
  expect(inChannel()).toHaveLength(2);
  expect(inChannel()[1]?.thread).toBe(inChannel()[0]?.id);
  expect(words(inChannel().slice(1))).toMatch(
    /waits for release.*in this channel only.*GroupMember\.Read\.All/,
  );
});

test('A Graph that is silent is asked again, and at last the thread says so', async () => {
  world.graph.controls.status = 503;
  const before = inChannel().length;

  await expect(remind(1)).rejects.toMatchObject({ retry: true });
  const waited = inChannel().length;
  await remind(4);

  expect([waited, inChannel().length]).toEqual([before, before + 1]);
});

test('The next page is read from Graph alone', async () => {
  const asked: string[] = [];
  world.graph.controls.next = (path) => {
    asked.push(path);
    return path.replace('127.0.0.1', 'localhost');
  };
  const before = inChannel().length;

  await remind();

  expect([asked.length, inChannel().length]).toEqual([1, before + 1]);
  expect(reminders().map(([chat]) => chat)).toEqual(['a:1paul-mri']);
});

test('Members of every page who are people of the policy are reminded, in one message each', async () => {
  const before = inChannel().length;

  await remind();
  await remind();

  expect(reminders()).toEqual([
    ['a:1paul-mri', 'waits for you'],
    ['a:1rui-mri', 'waits for you'],
  ]);
  expect(inChannel()).toHaveLength(before);
});

test('At the end all reminders say so, also to who has left the group', async () => {
  world.graph.groups.set(releaseGroup, new Set());

  await world.click(world.as('platform-admin', 'teams'), 'approve', request);
  await world.until(request.id, 'promoted');

  const ended = (chat: string) => [chat, 'waits no more'];
  await expect
    .poll(() => reminders().filter(([, title]) => title), { timeout: 10_000 })
    .toEqual([ended('a:1paul-mri'), ended('a:1rui-mri')]);
});
