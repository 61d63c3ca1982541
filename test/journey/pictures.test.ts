import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isChromiumThere, openWorkspace, type Workspace } from './browser.ts';
import { type SandboxRun, startSandbox } from './sandbox-run.ts';

const isThere = isChromiumThere('test/journey/pictures.test.ts');

describe.skipIf(!isThere)('the whole job on the workspace page, as a person plays it', () => {
  let run: SandboxRun;
  let workspace: Workspace;
  beforeAll(async () => {
    run = await startSandbox();
    workspace = await openWorkspace(run.pageUrl);
  });
  afterAll(async () => {
    await workspace?.close();
    await run?.close();
  });

  const id = (name: string) => workspace.id(name);
  const be = (role: string) => workspace.be(role);
  const go = (channel: string) => workspace.go(channel);
  const slack = (text: string) => workspace.say('slack', text);
  const teams = (text: string) => workspace.say('teams', text);
  const lastSlack = () => workspace.last('slack');
  const lastTeams = () => workspace.last('teams');
  const picture: Workspace['picture'] = (...shown) => workspace.picture(...shown);

  it('status answers in both chats', async () => {
    await be('developer');
    await go('platform');
    await slack('/acr status');
    await teams('@ACR status');

    for (const last of [lastSlack, lastTeams]) {
      await expect.poll(() => last().textContent(), { timeout: 20_000 }).toContain('Registry posture');
      await expect.poll(() => last().textContent(), { timeout: 20_000 }).toContain('Refresh');
    }
    await picture('status');
  });

  it('a promotion asked for in Slack stands in both chats, is approved in Teams and ends on both without buttons', async () => {
    await be('developer');
    await go('releases');
    await slack('/acr promote shop/web:v1.4.2 from uat to prod because "the cart fix is tested"');
    await expect.poll(() => lastSlack().textContent(), { timeout: 20_000 }).toContain('Waiting for approval');
    await expect.poll(() => lastTeams().textContent(), { timeout: 20_000 }).toContain('Waiting for approval');
    await picture('promotion-asked', lastSlack(), lastTeams());

    await lastSlack()
      .getByRole('button', { name: /^Approve/ })
      .click();
    await expect
      .poll(() => id('slack-message').allTextContents(), { timeout: 10_000 })
      .toEqual(expect.arrayContaining([expect.stringContaining('Four eyes')]));

    await be('release-approver');
    await go('releases');
    await lastTeams()
      .getByRole('button', { name: /^Approve/ })
      .click();
    // Votes are lines under the card: so it is the card that is looked at, not what came last.
    const teamsCard = () => id('teams-message').filter({ hasText: 'Promote shop/web:v1.4.2' }).last();
    await expect
      .poll(() => teamsCard().textContent(), { timeout: 20_000 })
      .toMatch(/Importing|Locking|Promoted/);
    const slackCard = () => id('slack-message').filter({ hasText: 'Promote shop/web:v1.4.2' }).last();
    await picture('promotion-progress', slackCard(), teamsCard());
    await expect.poll(() => teamsCard().textContent(), { timeout: 30_000 }).toContain('Promoted');
    await expect.poll(() => slackCard().textContent(), { timeout: 20_000 }).toContain('Promoted');

    expect(
      await slackCard()
        .getByRole('button', { name: /Approve|Reject|Cancel/ })
        .count(),
    ).toBe(0);
    expect(
      await teamsCard()
        .getByRole('button', { name: /Approve|Reject|Cancel/ })
        .count(),
    ).toBe(0);
    await expect.poll(() => id('registry-contosoprod').textContent()).toContain('v1.4.2');
    await picture('promotion-done', slackCard(), teamsCard());
  });

  it('the digest is sent to both chats by a platform admin', async () => {
    await be('platform-admin');
    await go('platform');
    await slack('/acr digest now');
    await teams('@ACR digest now');

    await expect.poll(() => lastSlack().textContent(), { timeout: 20_000 }).toContain('Compliance digest');
    await expect.poll(() => lastTeams().textContent(), { timeout: 20_000 }).toContain('Compliance digest');
    await picture('digest');
  });

  it('the promotion form opens as a modal in Slack and in the card in Teams, with pickers', async () => {
    await be('developer');
    await go('releases');
    await slack('/acr promote');
    await expect.poll(() => id('slack-modal').isVisible(), { timeout: 10_000 }).toBe(true);
    await expect.poll(() => id('slack-modal').textContent(), { timeout: 10_000 }).toContain('Repository');
    await picture('promotion-form-slack');
    await id('modal-close').click();
    await teams('@ACR promote');
    await expect.poll(() => lastTeams().textContent(), { timeout: 20_000 }).toContain('Promote an image');
    await picture('promotion-form-teams');
  });

  it('an outsider is told who they are not', async () => {
    await be('outsider');
    await go('releases');
    await slack('/acr status');

    await expect
      .poll(() => lastSlack().textContent(), { timeout: 10_000 })
      .toContain('belongs to nobody in the policy');
  });
});
