import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SandboxRun, startSandbox } from './sandbox-run.ts';

const executablePath = '/usr/bin/chromium';
const isThere = existsSync(executablePath);
if (!isThere) console.log('SKIPPED test/journey/pictures.test.ts: no Chromium at /usr/bin/chromium');
const pictures = process.env['PICTURES'] ?? 'test/output/journey';
const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

describe.skipIf(!isThere)('the whole job on the workspace page, as a person plays it', () => {
  const profile = mkdtempSync(join(tmpdir(), 'chromium-'));
  let run: SandboxRun;
  let browser: BrowserContext;
  let page: Page;
  beforeAll(async () => {
    mkdirSync(pictures, { recursive: true });
    run = await startSandbox();
    browser = await chromium.launchPersistentContext(profile, {
      executablePath,
      args: flags,
      viewport: { width: 1600, height: 1000 },
    });
    page = browser.pages()[0] ?? (await browser.newPage());
    await page.goto(run.pageUrl);
  });
  afterAll(async () => {
    await browser?.close();
    await run?.close();
    rmSync(profile, { recursive: true, force: true });
  });

  const id = (name: string) => page.getByTestId(name);
  const be = (role: string) => id(`persona-${role}`).click();
  async function go(channel: string): Promise<void> {
    await id(`slack-channel-${channel}`).click();
    await id(`teams-channel-${channel}`).click();
  }
  async function slack(text: string): Promise<void> {
    await id('slack-composer').fill(text);
    await id('slack-composer').press('Escape');
    await id('slack-send').click();
  }
  async function teams(text: string): Promise<void> {
    await id('teams-composer').fill(text);
    await id('teams-composer').press('Escape');
    await id('teams-send').click();
  }
  const lastSlack = () => id('slack-message').last();
  const lastTeams = () => id('teams-message').last();
  const picture = async (name: string) => {
    await page.waitForTimeout(400);
    await page.screenshot({ path: join(pictures, `${name}.png`) });
  };

  it('status answers in both chats', async () => {
    await be('developer');
    await go('platform');
    await slack('/acr status');
    await teams('@ACR status');

    await expect.poll(() => lastSlack().textContent(), { timeout: 20_000 }).toContain('Registry posture');
    await expect.poll(() => lastTeams().textContent(), { timeout: 20_000 }).toContain('Registry posture');
    await picture('status');
  });

  it('a promotion asked for in Slack stands in both chats, is approved in Teams and ends on both without buttons', async () => {
    await be('developer');
    await go('releases');
    await slack('/acr promote shop/web:v1.4.2 from uat to prod because "the cart fix is tested"');
    await expect.poll(() => lastSlack().textContent(), { timeout: 20_000 }).toContain('Waiting for approval');
    await expect.poll(() => lastTeams().textContent(), { timeout: 20_000 }).toContain('Waiting for approval');
    await picture('promotion-asked');

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
    await expect
      .poll(() => lastTeams().textContent(), { timeout: 20_000 })
      .toMatch(/Importing|Locking|Promoted/);
    await picture('promotion-progress');
    await expect.poll(() => lastTeams().textContent(), { timeout: 30_000 }).toContain('Promoted');
    const slackCard = () => id('slack-message').filter({ hasText: 'Promote shop/web:v1.4.2' }).last();
    await expect.poll(() => slackCard().textContent(), { timeout: 20_000 }).toContain('Promoted');

    expect(
      await slackCard()
        .getByRole('button', { name: /Approve|Reject|Cancel/ })
        .count(),
    ).toBe(0);
    expect(
      await lastTeams()
        .getByRole('button', { name: /Approve|Reject|Cancel/ })
        .count(),
    ).toBe(0);
    await expect.poll(() => id('registry-contosoprod').textContent()).toContain('v1.4.2');
    await picture('promotion-done');
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
