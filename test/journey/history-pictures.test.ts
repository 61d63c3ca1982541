import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { places } from '../../src/sandbox/estate/contoso/places.ts';
import { auditKey } from '../../src/store/audit.ts';
import { openLedger } from '../../src/store/ledger.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import { isChromiumThere, openWorkspace, type Workspace } from './browser.ts';
import { type SandboxRun, startSandbox } from './sandbox-run.ts';

const isThere = isChromiumThere('test/journey/history-pictures.test.ts');
const week = 7 * 24 * 3_600_000;

/** Twelve weeks in which the estate slowly became better, with one bad week. */
async function twelveWeeks(folder: string): Promise<void> {
  const ledger = await openLedger(openSqlite(join(folder, 'warden.sqlite'), Date.now), auditKey(folder));
  const now = Date.now();
  for (let weeksAgo = 12; weeksAgo >= 1; weeksAgo--) {
    const bad = weeksAgo === 5 ? 20 : 0;
    const passed = 60 + (12 - weeksAgo) * 3 - bad;
    const failing = Array.from(
      { length: 4 + Math.floor(weeksAgo / 3) },
      (_, i) => [`CR-${i + 1}`, 'fail'] as const,
    );
    await ledger.saveScore({
      asOf: now - weeksAgo * week,
      score: Math.round((100 * passed) / 130),
      findings: Object.fromEntries(Object.keys(places).map((name) => [name, Object.fromEntries(failing)])),
      parts: Object.fromEntries(Object.keys(places).map((name) => [name, [passed, 130] as const])),
    });
  }
  await ledger.close();
}

describe.skipIf(!isThere)('twelve weeks of history', () => {
  let run: SandboxRun;
  let workspace: Workspace;
  beforeAll(async () => {
    run = await startSandbox(twelveWeeks);
    workspace = await openWorkspace(run.pageUrl);
  });
  afterAll(async () => {
    await workspace?.close();
    await run?.close();
  });

  it.each(['drift 28d', 'digest now'])(
    'are shown in both chats by %s, with the trend as a chart',
    async (command) => {
      await workspace.be('platform-admin');
      await workspace.go('platform');
      await workspace.say('slack', `/acr ${command}`);
      await workspace.say('teams', `@ACR ${command}`);

      for (const chat of ['slack', 'teams'] as const) {
        await expect
          .poll(() => workspace.last(chat).textContent(), { timeout: 20_000 })
          .toContain('Score by week');
        await expect
          .poll(() => workspace.last(chat).locator('svg').count(), { timeout: 5_000 })
          .toBeGreaterThan(0);
      }
      await workspace.picture(`trend-${command.split(' ')[0]}`);
    },
  );
});
