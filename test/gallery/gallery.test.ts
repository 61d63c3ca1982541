// Every card in every state, the Home, the modals and the dialogs, drawn by the workspace page in both chats, light and dark:
// nothing of it is cut or too pale to read. With a folder for pictures, contact sheets of all of it are written there.
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asked, hour } from '../cards/sample-requests.ts';
import { isChromiumThere, openBrowser } from '../journey/browser.ts';
import { type Chat, type Sample, samples, sheets } from './samples.ts';

declare global {
  /** Of page.ts. */
  var draw: (chat: Chat, samples: readonly Sample[]) => void;
  var look: () => readonly string[];
}

const isThere = isChromiumThere('test/gallery/gallery.test.ts');
const folder = process.env['GALLERY'];
const documents = process.env['PICTURES'];
const pageFolder = new URL('../../src/sandbox/workspace/page/', import.meta.url);
const styles = [
  'theme.css',
  'base.css',
  'slack/slack.css',
  'teams/teams.css',
  '../../../../test/gallery/gallery.css',
];

async function scriptOf(): Promise<string> {
  const entry = join(import.meta.dirname, 'page.ts');
  const built = await build({
    configFile: false,
    logLevel: 'error',
    build: { write: false, minify: false, lib: { entry, formats: ['iife'], name: 'gallery' } },
  });
  const [first] = [built].flat();
  const chunk = first && 'output' in first ? first.output[0] : undefined;
  if (!chunk) throw new Error('the gallery was not built');
  return chunk.code;
}

describe.skipIf(!isThere)('the gallery', () => {
  let page: Page;
  let close: () => Promise<void>;
  const problems: string[] = [];
  beforeAll(async () => {
    ({ page, close } = await openBrowser());
    await page.clock.setFixedTime(asked + hour);
    page.on('pageerror', (error) => problems.push(error.message));
    for (const file of styles)
      await page.addStyleTag({ content: readFileSync(new URL(file, pageFolder), 'utf8') });
    await page.addScriptTag({ content: await scriptOf() });
    if (folder) mkdirSync(folder, { recursive: true });
  });
  afterAll(async () => close?.());

  it.each(['slack', 'teams'] as const)(
    'of %s shows every sample whole and legible, light and dark',
    async (chat) => {
      await page.evaluate(([of, all]) => draw(of, all), [chat, samples[chat]] as const);

      expect(await page.locator('.sample').count()).toBe(samples[chat].length);
      for (const theme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme: theme });
        await photograph(`${chat}-${theme}`);
        expect([theme, ...(await page.evaluate(() => look()))]).toEqual([theme]);
      }
      expect(problems).toEqual([]);
    },
  );

  async function photograph(name: string): Promise<void> {
    if (!folder) return;
    for (const [at, sheet] of (await page.locator('.sheet').all()).entries())
      await sheet.screenshot({ path: join(folder, `${name}-${String(at + 1).padStart(2, '0')}.png`) });
  }

  // Written where they are asked for, by `npm run screenshots`.
  it.each(documents ? sheets : [])(
    'has the picture $name for the documents, light enough to be kept',
    async (sheet) => {
      const { chat, theme, name, shows } = sheet;
      await page.emulateMedia({ colorScheme: theme });
      const chosen = samples[chat].filter(shows);

      await page.evaluate(([of, some]) => draw(of, some), [chat, chosen] as const);

      expect(chosen.length).toBeGreaterThan(0);
      const file = join(documents ?? '', `${name}.png`);
      await page.locator('.sheet').first().screenshot({ path: file });
      expect(await page.locator('.sheet').count()).toBe(1);
      expect(statSync(file).size).toBeLessThan(400_000);
    },
  );
});
