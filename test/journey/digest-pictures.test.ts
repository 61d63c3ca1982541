// The digest as people see it in both chats: the first ever, after a quiet week, after a bad one; and the alarm after a push
// past the bot.
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ScoreRow } from '../../src/ports.ts';
import { isChromiumThere, openWorkspace, type Workspace } from './browser.ts';
import { type SandboxRun, startSandbox } from './sandbox-run.ts';

const isThere = isChromiumThere('test/journey/digest-pictures.test.ts');
const week = 7 * 24 * 3_600_000;

describe.skipIf(!isThere)('the digest in both chats', { timeout: 60_000 }, () => {
  let run: SandboxRun;
  let workspace: Workspace;
  let database: DatabaseSync;
  beforeAll(async () => {
    run = await startSandbox();
    workspace = await openWorkspace(run.pageUrl);
    // Tall enough for a whole digest.
    await workspace.page.setViewportSize({ width: 1600, height: 1750 });
    database = new DatabaseSync(join(run.folder, 'warden.sqlite'));
    database.exec('pragma busy_timeout = 5000');
    await workspace.be('platform-admin');
    await workspace.go('platform');
  }, 60_000);
  afterAll(async () => {
    database?.close();
    await workspace?.close();
    await run?.close();
  });

  /** Twelve weeks before now, each as `past` makes it of what is now. */
  function rewrite(past: (now: ScoreRow, weeksAgo: number) => ScoreRow): void {
    const rows = database.prepare('select body from score order by as_of').all();
    const now = JSON.parse(String(rows.at(-1)?.['body'])) as ScoreRow;
    database.prepare('delete from score where as_of < ?').run(now.asOf);
    for (let weeksAgo = 12; weeksAgo >= 1; weeksAgo--) {
      const row = { ...past(now, weeksAgo), asOf: now.asOf - weeksAgo * week };
      database.prepare('insert into score values (?, ?)').run(row.asOf, JSON.stringify(row));
    }
  }

  async function digest(picture: string, says: RegExp): Promise<void> {
    await workspace.say('slack', '/acr digest now');
    await workspace.say('teams', '@ACR digest now');
    for (const chat of ['slack', 'teams'] as const)
      await expect.poll(() => workspace.last(chat).textContent(), { timeout: 20_000 }).toMatch(says);
    await workspace.picture(picture);
  }

  it('that is the first ever says so, and that the trend begins', async () => {
    await digest('digest-first', /the first digest[\s\S]*trend begins/i);
  });

  it('of a quiet week is unchanged, with twelve weeks as a chart', async () => {
    rewrite((now) => now);
    await digest('digest-quiet', /Unchanged[\s\S]*Score by week/);
    for (const chat of ['slack', 'teams'] as const)
      expect(await workspace.last(chat).locator('svg').count()).toBeGreaterThan(0);
  });

  it('of a bad week has what is new before everything else', async () => {
    rewrite((now, weeksAgo) => ({
      ...now,
      findings:
        weeksAgo > 8 ? now.findings : Object.fromEntries(Object.keys(now.findings).map((name) => [name, {}])),
      parts: Object.fromEntries(
        Object.entries(now.parts ?? {}).map(([name, [passed, applicable]]) => [
          name,
          [weeksAgo > 8 ? passed : Math.round(applicable * (0.97 - weeksAgo / 200)), applicable] as const,
        ]),
      ),
    }));
    await digest('digest-bad', /Down \d+[\s\S]*New failures[\s\S]*\(again\)/);
  });

  it('is followed by an alarm when an image is pushed past the bot', async () => {
    await workspace.be('security-approver');
    await workspace.go('security');
    const begun = Date.now();
    await workspace.id('push-contosoprod').click();
    for (const chat of ['slack', 'teams'] as const)
      await expect
        .poll(() => workspace.last(chat).textContent(), { timeout: 20_000 })
        .toContain('Unexplained push to prod');
    console.log(`from the push to the alarm in both chats: ${Date.now() - begun} ms`);
    await workspace.picture('registry-alarm');
  });
});
