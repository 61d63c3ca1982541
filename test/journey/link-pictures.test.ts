import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isChromiumThere, openWorkspace, type Workspace } from './browser.ts';
import { type SandboxRun, startSandbox } from './sandbox-run.ts';

const isThere = isChromiumThere('test/journey/link-pictures.test.ts');

describe.skipIf(!isThere)('the sandbox with Slack over Socket Mode, as a person sees it', () => {
  let run: SandboxRun;
  let workspace: Workspace;
  beforeAll(async () => {
    run = await startSandbox(undefined, ['--slack', 'socket']);
    workspace = await openWorkspace(run.pageUrl);
  });
  afterAll(async () => {
    await workspace?.close();
    await run?.close();
  });

  const textOf = (chat: 'slack' | 'teams') => workspace.last(chat).textContent();
  const as = async (role: string): Promise<void> => {
    await workspace.be(role);
    await workspace.go('platform');
  };

  it('links an account: the code in Slack, the question in Teams, and then it is that person', async () => {
    expect(run.output()).toMatch(/Slack +Socket Mode/);
    await as('outsider');
    await workspace.say('slack', '/acr link');
    await expect.poll(() => textOf('slack'), { timeout: 10_000 }).toMatch(/link \w{4}-\w{4}-\w{4}/);
    await workspace.picture('link-code');
    const code = /\w{4}-\w{4}-\w{4}/.exec((await textOf('slack')) ?? '')?.[0] ?? '';

    await as('release-approver');
    await workspace.say('teams', `@ACR link ${code}`);
    await expect.poll(() => textOf('teams'), { timeout: 10_000 }).toContain('Is this account yours?');
    await workspace.picture('link-question');
    await workspace.last('teams').getByRole('button', { name: 'link it' }).click();
    await expect.poll(() => textOf('teams'), { timeout: 10_000 }).toContain('acts as release-approver now');
    await as('outsider');
    await workspace.say('slack', '/acr whoami');

    await expect.poll(() => textOf('slack'), { timeout: 10_000 }).toContain('You are release-approver');
    await workspace.picture('link-whoami');
  });
});
