// A person at the page, in a real browser: commands on both sides, buttons, a modal, a dialog, the registries. The
// pictures go to test/output/ to be looked at.
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { locked, startWorkspace, unlocked, type WorkspaceWorld } from './workspace-world.ts';

const executablePath = '/usr/bin/chromium';
const isThere = existsSync(executablePath);
if (!isThere) console.log('SKIPPED test/sandbox/workspace/page.test.ts: no Chromium at /usr/bin/chromium');
const output = join(import.meta.dirname, '../../output');
const profile = mkdtempSync(join(tmpdir(), 'chromium-'));

let world: WorkspaceWorld;
let browser: BrowserContext;
let page: Page;
const problems: string[] = [];
const outside: string[] = [];

beforeAll(async () => {
  if (!isThere) return;
  mkdirSync(output, { recursive: true });
  world = await startWorkspace();
  browser = await chromium.launchPersistentContext(profile, {
    executablePath,
    headless: true,
    viewport: { width: 1600, height: 1000 },
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  page = await browser.newPage();
  page.setDefaultTimeout(8000);
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  page.on(
    'request',
    (request) =>
      !request.url().startsWith(world.url) &&
      !request.url().startsWith('data:') &&
      outside.push(request.url()),
  );
  await page.goto(world.url);
});
afterAll(async () => {
  await browser?.close();
  await world?.stop();
  rmSync(profile, { recursive: true, force: true });
});

const at = (id: string) => page.getByTestId(id);
const say = async (chat: 'slack' | 'teams', text: string): Promise<void> => {
  await at(`${chat}-composer`).fill(text);
  await at(`${chat}-send`).click();
};
const picture = (name: string) => page.screenshot({ path: join(output, `workspace-${name}.png`) });

test.skipIf(!isThere)('A command in Slack shows the bot’s card with its table and chart', async () => {
  await picture('first-visit');
  await at('slack-composer').fill('/acr st');
  await picture('completion');
  await say('slack', '/acr status');

  const message = at('slack-message').last();
  await message.getByText('Posture of 3 registries').waitFor();

  expect(await message.locator('table tbody tr').count()).toBe(3);
  expect(await message.locator('svg polyline').count()).toBe(2);
  expect(await message.getByText('<b>is text</b>').count()).toBe(1);
  await picture('slack-card');
  await page.getByRole('log', { name: 'Slack messages' }).evaluate((feed) => void (feed.scrollTop = 0));
  await picture('slack-card-top');
});

test.skipIf(!isThere)('Both chats follow the system’s theme until the switch is used, for good', async () => {
  const grounds = (): Promise<readonly string[]> =>
    page.locator('.pane').evaluateAll((panes) => panes.map((pane) => getComputedStyle(pane).backgroundColor));
  const light = await grounds();

  await page.emulateMedia({ colorScheme: 'dark' });
  const dark = await grounds();
  await at('theme').click();
  await page.reload();
  await at('theme').waitFor();
  const chosen = await grounds();
  await page.emulateMedia({ colorScheme: 'light' });

  expect([light.length, dark.length]).toEqual([2, 2]);
  expect(dark.filter((ground) => light.includes(ground))).toEqual([]);
  expect(chosen).toEqual(light);
});

test.skipIf(!isThere)('A button asks where it must, and its click changes the message', async () => {
  await at('slack-element-reject').click();
  await picture('confirm');
  await at('confirm-deny').click();
  await at('slack-element-refresh').click();

  await at('slack-message').getByText('Refreshed for').waitFor();
  expect(await at('slack-message').last().innerText()).toContain('Refreshed for @Dana Okafor');
});

test.skipIf(!isThere)('A modal searches, refuses, and closes when the bot is content', async () => {
  await say('slack', '/acr promote');
  await at('slack-modal').waitFor();
  await at('slack-element-pick').fill('shop');
  await at('slack-modal').getByRole('option', { name: 'shop/web' }).click();
  await at('slack-element-text').fill('now');
  await picture('modal');
  await at('modal-submit').click();
  await at('input-error').getByText('Say why, in a few words.').waitFor();
  await picture('modal-errors');
  await at('slack-element-text').fill('the cart fix is tested');
  await at('modal-submit').click();
  await at('slack-modal').waitFor({ state: 'detached' });

  await at('slack-message').getByText('asks to promote').waitFor();
  expect(await at('slack-message').last().innerText()).toContain('shop/web: the cart fix is tested');
});

test.skipIf(!isThere)('An ephemeral answer is gone when another person looks', async () => {
  await say('slack', '/acr whoami');
  await page.getByText('Only visible to you').waitFor();
  await picture('ephemeral');

  await at('persona-outsider').click();
  await page.getByText('Only visible to you').waitFor({ state: 'detached' });
  await at('slack-message').first().waitFor();

  expect(await page.getByText('Only visible to you').count()).toBe(0);
  await at('persona-developer').click();
});

test.skipIf(!isThere)(
  'A mention in Teams gets a card with table and chart; Approve replaces it for the approver',
  async () => {
    await say('teams', '@ACR status');
    const card = at('teams-card');
    await card.getByText('Posture of 3 registries').waitFor();
    expect(await card.locator('svg polyline').count()).toBe(1);
    expect(await card.getByRole('link', { name: 'not a link' }).count()).toBe(0);
    await picture('teams-card');
    await page.locator('.teams .feed').evaluate((feed) => void (feed.scrollTop = 0));
    await picture('teams-card-top');

    await at('persona-release-approver').click();
    await card.getByText('Posture of 3 registries').waitFor();
    await card.getByLabel('Note to the requester').fill('well tested');
    await card.getByRole('button', { name: 'Approve' }).click();
    await card.getByText('Approved by Rui Martins: well tested').waitFor();
    await picture('teams-approved');

    await at('persona-developer').click();
    await card.getByText('Posture of 3 registries').waitFor();
  },
);

test.skipIf(!isThere)('A dialog in Teams searches and tells the bot’s answer', async () => {
  await at('teams-card').getByRole('button', { name: 'Promote…' }).click();
  await at('teams-dialog').waitFor();
  await at('teams-input-repository').fill('shop');
  await at('teams-dialog').getByRole('option', { name: 'shop/api' }).click();
  await at('teams-dialog').getByLabel('Because').fill('it is ready');
  await picture('dialog');
  await at('teams-dialog').getByRole('button', { name: 'Ask for it' }).click();

  await at('toast').getByText('Asked for shop/api: it is ready').waitFor();
});

test.skipIf(!isThere)('The strip shows an import and a lock as they happen', async () => {
  const prod = world.estate.registries.find((one) => one.stage === 'prod')!;
  const web = prod.repositories.find((one) => one.name === 'shop/web')!;
  web.tags.push({ name: 'v1.4.2', digest: `sha256:${'9f8'.repeat(21)}0`, attributes: unlocked });
  const news = at('registry-news');
  await news.getByText('contosoprod/shop/web:v1.4.2 arrived').waitFor();
  web.tags.at(-1)!.attributes = locked;
  await news.getByText('contosoprod/shop/web:v1.4.2 is now locked').waitFor();

  expect(await at('registry-contosoprod').locator('.tag.changed').innerText()).toMatch(
    /v1\.4\.2\s+9f89f89f89f8\s+◆ locked/,
  );
  await picture('registries');
  await at('registry-filter').fill('shop/api');
  expect(await at('registry-contosoprod').innerText()).not.toContain('shop/web');
  await at('registry-filter').fill('');
});

test.skipIf(!isThere)('The App Home is published when it is opened', async () => {
  await at('slack-home').click();

  await at('slack-home-view').getByText('Your registries').waitFor();
  await at('slack-channel-releases').click();
});

test.skipIf(!isThere)('On a narrow screen the panes are stacked and nothing overflows sideways', async () => {
  await page.setViewportSize({ width: 480, height: 900 });
  await picture('narrow');

  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(480);
  await page.setViewportSize({ width: 1600, height: 1000 });
});

test.skipIf(!isThere)('A message in another channel marks it as unread until it is opened', async () => {
  const place = at('slack-channel-security');
  world.slack.message('security-approver', 'security', 'look here');
  await place.getByLabel('new messages').waitFor();
  await place.click();

  await at('slack-message').getByText('look here').waitFor();
  expect(await place.getByLabel('new messages').count()).toBe(0);
  await at('slack-channel-releases').click();
});

test.skipIf(!isThere)('A bot that is down is told in a toast, and in Slack as Slack tells it', async () => {
  await world.stopBot();
  await say('slack', '/acr status');

  await at('toast').getByText('The bot does not answer. Is it running?').waitFor();
  await at('slack-message').getByText('failed with the error "dispatch_failed"').waitFor();
  await picture('bot-down');
});

test.skipIf(!isThere)('The page asked no other host for anything and made no errors', () => {
  expect(outside).toEqual([]);
  expect(problems).toEqual([]);
});
