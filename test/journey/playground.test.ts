// Two people in a client of Microsoft's own: one asks in one channel, the other approves in another, and both see the end.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { channels, people, tenantId } from '../../src/sandbox/cast.ts';
import type { RegistryPicture } from '../../src/sandbox/workspace/shapes.ts';
import { isChromiumThere, openBrowser } from './browser.ts';
import { channelOf, findPlayground, type Hand, openSeat, sitDown } from './playground.ts';
import { type SandboxRun, startSandbox } from './sandbox-run.ts';

const suite = 'test/journey/playground.test.ts';
const program = isChromiumThere(suite) ? findPlayground(suite) : undefined;
const [dana, rui] = [people[0]!, people[1]!];
const pictures = process.env['PICTURES'] ?? 'test/output/journey';

/** Teams without tokens, as a local client wants it; requests go to both people's channels. */
async function withoutTokens(folder: string) {
  const launcher = new URL('../../src/launch.ts', import.meta.url).pathname;
  const printed = execFileSync(process.execPath, [launcher, 'sandbox', '--print-policy'], {
    env: { ...process.env, ACR_WARDEN_DATA: folder },
    encoding: 'utf8',
  });
  const both = [dana, rui].map((person) => `"teams:${channelOf(person)}"`).join(', ');
  const policy = join(folder, 'policy.yaml');
  writeFileSync(policy, printed.replaceAll(`"teams:${channels[0].teams}"`, both));
  return { TEAMS_AUTH: 'none', MicrosoftAppTenantId: tenantId, ACR_WARDEN_POLICY: policy };
}

describe.skipIf(!program)('two people in the Agents Playground', () => {
  const open: { close(): Promise<void> }[] = [];
  const closing = <T extends { close(): Promise<void> }>(one: T): T => (open.push(one), one);
  let run: SandboxRun;
  let asks: Hand;
  let approves: Hand;
  beforeAll(async () => {
    const opening = openBrowser();
    run = closing(await startSandbox(withoutTokens));
    const seats = await Promise.all([dana, rui].map((person) => openSeat(program ?? '', person, run.botUrl)));
    open.push(...seats);
    const { page } = closing(await opening);
    const pages = [page, await page.context().newPage()];
    [asks, approves] = (await Promise.all(pages.map((one, at) => sitDown(one, seats[at]!)))) as [Hand, Hand];
    mkdirSync(pictures, { recursive: true });
  });
  afterAll(async () => {
    for (const one of open.reverse()) await one.close();
  });

  const title = 'Promote shop/web:v1.4.2 to prod';
  const textOf = async (hand: Hand) => (await hand.card(title).textContent({ timeout: 20_000 })) ?? '';
  const buttons = (hand: Hand) => hand.card(title).getByRole('button', { name: /^(Approve|Reject|Cancel)/ });
  /** The window, with one end of the card in it. */
  const picture = async (hand: Hand, name: string, block: 'start' | 'end') => {
    await hand.page.bringToFront();
    await hand.page.setViewportSize({ width: 1300, height: 820 });
    await hand.card(title).evaluate((card, to) => card.scrollIntoView({ block: to }), block);
    await hand.page.screenshot({ path: join(pictures, `playground-${name}.png`) });
  };

  it('one asks, the other approves, and both conversations show the end without buttons', async () => {
    await asks.post('promote shop/web:v1.4.2 from uat to prod because "the cart fix is tested"');
    for (const hand of [asks, approves])
      await expect.poll(() => textOf(hand), { timeout: 20_000 }).toContain('Waiting for approval');
    await picture(approves, 'asked', 'end');
    await asks
      .card(title)
      .getByRole('button', { name: /^Approve/ })
      .click();
    await expect
      .poll(() => asks.page.locator('body').textContent(), { timeout: 10_000 })
      .toContain('Four eyes');

    await approves
      .card(title)
      .getByRole('button', { name: /^Approve/ })
      .click();

    for (const hand of [asks, approves]) {
      await expect.poll(() => textOf(hand), { timeout: 30_000 }).toContain('Promoted');
      expect(await buttons(hand).count()).toBe(0);
    }
    await picture(asks, 'promoted', 'start');
    const registries = (await (await fetch(`${run.pageUrl}api/registries`)).json()) as RegistryPicture[];
    const prod = registries.find(({ name }) => name === 'contosoprod')?.repositories;
    expect(prod?.find(({ name }) => name === 'shop/web')?.tags).toContainEqual(
      expect.objectContaining({ name: 'v1.4.2', lock: 'locked' }),
    );
  });
});
