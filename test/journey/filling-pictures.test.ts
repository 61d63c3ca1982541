import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isChromiumThere, openWorkspace, type Workspace } from './browser.ts';
import { type SandboxRun, startSandbox } from './sandbox-run.ts';

const isThere = isChromiumThere('test/journey/filling-pictures.test.ts');
const chats = ['slack', 'teams'] as const;

describe.skipIf(!isThere)('a status over a slow Azure, as a person sees it', () => {
  let run: SandboxRun;
  let workspace: Workspace;
  beforeAll(async () => {
    run = await startSandbox(undefined, ['--latency', '120']);
    workspace = await openWorkspace(run.pageUrl);
    await workspace.be('developer');
    await workspace.go('platform');
  });
  afterAll(async () => {
    await workspace?.close();
    await run?.close();
  });

  const textOf = (chat: (typeof chats)[number]) => workspace.last(chat).textContent();

  it('fills in one message of each chat, and ends with its buttons', async () => {
    await workspace.say('slack', '/acr status');
    await workspace.say('teams', '@ACR status');
    for (const chat of chats)
      await expect.poll(() => textOf(chat), { timeout: 20_000 }).toMatch(/repositories read: \d+ of \d+/);
    const before = await Promise.all(chats.map((chat) => workspace.id(`${chat}-message`).count()));
    await workspace.picture('status-filling');
    for (const chat of chats) await expect.poll(() => textOf(chat), { timeout: 30_000 }).toContain('Refresh');

    expect(await Promise.all(chats.map((chat) => workspace.id(`${chat}-message`).count()))).toEqual(before);
    for (const chat of chats) expect(await textOf(chat)).not.toContain('Still reading');
  });

  it('turns by its buttons in place, there and back', async () => {
    for (const [button, page] of [
      ['Next', 'Page 2 of'],
      ['Previous', 'Page 1 of'],
      ['Next', 'Page 2 of'],
    ] as const)
      for (const chat of chats) {
        await workspace.last(chat).getByRole('button', { name: button }).click();
        await expect.poll(() => textOf(chat), { timeout: 10_000 }).toContain(page);
      }
    await workspace.picture('status-page');
  });
});
