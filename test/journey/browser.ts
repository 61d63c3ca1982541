// A headless Chromium on the workspace page, with the few gestures that journeys need.
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';

const executablePath = '/usr/bin/chromium';
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
const folder = process.env['PICTURES'] ?? 'test/output/journey';

/** Whether there is a Chromium; says so where there is none, because the suite is skipped then. */
export function isChromiumThere(suite: string): boolean {
  const isThere = existsSync(executablePath);
  if (!isThere) console.log(`SKIPPED ${suite}: no Chromium at ${executablePath}`);
  return isThere;
}

export interface Workspace {
  readonly page: Page;
  /** An element by its data-testid. */
  id(name: string): ReturnType<Page['getByTestId']>;
  be(role: string): Promise<void>;
  /** Opens a channel in both chats. */
  go(channel: string): Promise<void>;
  say(chat: 'slack' | 'teams', text: string): Promise<void>;
  last(chat: 'slack' | 'teams'): ReturnType<Page['getByTestId']>;
  /** Of the page, with these cards from their top on. */
  picture(name: string, ...cards: readonly ReturnType<Page['getByTestId']>[]): Promise<void>;
  close(): Promise<void>;
}

/** A Chromium with a profile of its own, and its one page. */
export async function openBrowser(): Promise<{ readonly page: Page; readonly close: () => Promise<void> }> {
  const profile = mkdtempSync(join(tmpdir(), 'chromium-'));
  const browser = await chromium.launchPersistentContext(profile, {
    executablePath,
    args: flags,
    viewport: { width: 1600, height: 1000 },
  });
  const page = browser.pages()[0] ?? (await browser.newPage());
  return {
    page,
    close: async () => {
      await browser.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}

export async function openWorkspace(url: string): Promise<Workspace> {
  mkdirSync(folder, { recursive: true });
  const { page, close } = await openBrowser();
  await page.goto(url);
  const id = (name: string) => page.getByTestId(name);
  return {
    page,
    id,
    be: (role) => id(`persona-${role}`).click(),
    go: async (channel) => {
      await id(`slack-channel-${channel}`).click();
      await id(`teams-channel-${channel}`).click();
    },
    say: async (chat, text) => {
      await id(`${chat}-composer`).fill(text);
      await id(`${chat}-composer`).press('Escape');
      await id(`${chat}-send`).click();
    },
    last: (chat) => id(`${chat}-message`).last(),
    picture: async (name, ...cards) => {
      for (const card of cards) await card.evaluate((element) => element.scrollIntoView({ block: 'start' }));
      await page.waitForTimeout(400);
      await page.screenshot({ path: join(folder, `${name}.png`) });
    },
    close,
  };
}
