// The workspace server without a browser: who sees what, what is refused, what is built when.
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildPage } from '../../../src/sandbox/workspace/build.ts';
import { registriesOf } from '../../../src/sandbox/workspace/registries.ts';
import { readSaved, saveState } from '../../../src/sandbox/workspace/saved-state.ts';
import { startWorkspace, type WorkspaceWorld } from './workspace-world.ts';

let world: WorkspaceWorld;
const folder = mkdtempSync(join(tmpdir(), 'workspace-'));
beforeAll(async () => {
  world = await startWorkspace();
});
afterAll(async () => {
  await world.stop();
  rmSync(folder, { recursive: true, force: true });
});

const get = async (path: string) => (await fetch(`${world.url}/api/${path}`)).json();
const post = (path: string, body: object, headers: Record<string, string> = {}) =>
  fetch(`${world.url}/api/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

test('An ephemeral message is in its person’s picture and in nobody else’s', async () => {
  await post('slack/command', { as: 'outsider', channel: 'platform', text: 'whoami' });
  await new Promise((resolve) => setTimeout(resolve, 100));

  const texts = async (role: string) =>
    (await get(`slack?as=${role}`)).messages.map((one: { text: string }) => one.text);

  expect(await texts('outsider')).toHaveLength(1);
  expect(await texts('developer')).toEqual([]);
});

test('A slash command in a Teams channel is seen by its writer only', async () => {
  await post('teams/message', {
    as: 'developer',
    conversation: 'platform',
    text: '/acr nothing',
    mention: false,
  });

  const count = async (role: string) => (await get(`teams?as=${role}`)).posts.length;

  expect([await count('developer'), await count('outsider')]).toEqual([1, 0]);
});

test('A body that is not understood is refused by name, and so is another site', async () => {
  const wrong = await post('slack/command', { as: 'nobody', channel: 'platform', text: 'x' });
  const foreign = await post('slack/home', { as: 'developer' }, { origin: 'http://example.com' });
  const missing = await post('slack/act', {
    as: 'developer',
    place: { channel: 'platform', ts: '1.1' },
    actionId: 'x',
  });

  expect([wrong.status, foreign.status, missing.status]).toEqual([400, 403, 409]);
  expect(await missing.json()).toEqual({ error: 'No message 1.1 in platform.' });
});

test('A change is told to an open page', async () => {
  const stream = await fetch(`${world.url}/api/events`);
  const reader = stream.body!.getReader();
  await reader.read();

  world.slack.message('developer', 'security', 'hello');
  const { value } = await reader.read();
  await reader.cancel();

  expect(new TextDecoder().decode(value)).toContain('data: slack');
});

test('The page is built once for the same sources', async () => {
  const first = await buildPage(folder);
  const builtAt = statSync(join(first, 'index.html')).mtimeMs;

  const again = await buildPage(folder);

  expect(again).toBe(first);
  expect(statSync(join(again, 'index.html')).mtimeMs).toBe(builtAt);
  expect(readdirSync(folder).filter((one) => one.endsWith('.part'))).toEqual([]);
});

test('A tag is locked only when its manifest is locked too', () => {
  const flags = (writeEnabled: boolean, deleteEnabled: boolean) => ({
    attributes: { writeEnabled, deleteEnabled },
  });
  const lockOf = (tag: object, manifest: object) => {
    const repository = {
      name: 'a',
      tags: [{ name: 't', digest: 'd', ...tag }],
      manifests: [{ digest: 'd', ...manifest }],
    };
    return registriesOf([{ name: 'r', repositories: [repository] }])[0]?.repositories[0]?.tags[0]?.lock;
  };

  expect(lockOf(flags(true, true), flags(true, true))).toBe('open');
  expect(lockOf(flags(false, false), flags(true, true))).toBe('partly');
  expect(lockOf(flags(false, false), flags(false, false))).toBe('locked');
  expect(registriesOf('nonsense')).toEqual([]);
});

test('A saved state is whole after a flush, and nothing is written without a change', () => {
  const file = join(folder, 'deep', 'state.json');
  const saved = saveState(file, () => ({ at: 1 }));

  saved.flush();
  const before = readSaved(file);
  saved.changed();
  saved.flush();

  expect([before, readSaved(file)]).toEqual([undefined, { at: 1 }]);
});
