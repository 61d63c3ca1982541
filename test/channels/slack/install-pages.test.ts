// Installing as a person does it, in a browser: our page, Slack's question, and what comes of each answer.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { storedInstallations } from '../../../src/channels/slack/installations.ts';
import { isChromiumThere, openWorkspace, type Workspace } from '../../journey/browser.ts';
import { botToken, oauth, startWorld, type World } from './slack-world.ts';

const isThere = isChromiumThere('test/channels/slack/install-pages.test.ts');

describe.skipIf(!isThere)('Installing in a browser', () => {
  let world: World;
  let browser: Workspace;
  let ahead = 0;
  const page = () => browser.page;
  beforeAll(async () => {
    world = await startWorld(() => Date.now() + ahead, { tokens: oauth });
    browser = await openWorkspace(`${world.botUrl}/slack/install`);
  });
  afterAll(async () => {
    await browser?.close();
    await world?.stop();
  });
  beforeEach(async () => {
    ahead = 0;
    for (const place of world.kept.keys()) await world.references.remove(place);
    await page().goto(`${world.botUrl}/slack/install`);
  });

  const stored = () => storedInstallations(world.references, oauth.secretKey);
  const heading = () => page().getByRole('heading', { level: 1 }).textContent();
  const toSlack = () => page().getByRole('link', { name: 'Add to Slack' }).click();
  const answer = async (name: 'Allow' | 'Cancel') => {
    await page().getByRole('button', { name }).click();
    await page().waitForURL(/oauth_redirect/);
  };
  const choose = (where: string) => page().getByRole('combobox').selectOption(where);

  it('goes from the button by Slack’s question to the page that says where it is and what to do', async () => {
    await browser.picture('install');
    const before = await page().getByText('guests, bots and deactivated accounts are refused').isVisible();
    await toSlack();
    await browser.picture('install-consent');
    await answer('Allow');

    await browser.picture('installed');
    expect([before, await heading()]).toEqual([true, 'Installed in Contoso']);
    expect(await page().getByText('/acr whoami').isVisible()).toBe(true);
    expect(await stored().find('T01CONTOSO')).toMatchObject({ token: botToken });
  });

  it('that is not allowed keeps nothing, says so, and can be begun anew', async () => {
    await toSlack();
    await answer('Cancel');

    await browser.picture('install-denied');
    expect([await heading(), world.kept.size]).toEqual(['Not installed', 0]);
    await page().getByRole('link', { name: 'Try again' }).click();
    expect(await heading()).toBe('Install acr-warden in Slack');
  });

  it('is not finished by a way back that this browser did not begin, that was bent, or that is gone back to', async () => {
    await toSlack();
    const state = new URL(page().url()).searchParams.get('state') ?? '';
    await page().context().clearCookies();
    await answer('Allow');
    const withoutCookie = await heading();

    await page().goto(`${world.botUrl}/slack/install`);
    await page().goto(`${world.botUrl}/slack/oauth_redirect?code=x&state=${state.replace(/.$/, '0')}`);
    const bent = await heading();
    await page().goto(`${world.botUrl}/slack/install`);
    await toSlack();
    await answer('Allow');
    for (const place of world.kept.keys()) await world.references.remove(place);
    await page().reload();

    await browser.picture('install-again');
    expect([withoutCookie, bent, await heading()]).toEqual([
      'Not installed',
      'Not installed',
      'Not installed',
    ]);
    expect(world.kept.size).toBe(0);
  });

  it('is too late after ten minutes', async () => {
    await toSlack();
    ahead = 10 * 60_000 + 1;
    await answer('Allow');

    expect([await heading(), world.kept.size]).toEqual(['Not installed', 0]);
    expect(await page().getByText('older than ten minutes').isVisible()).toBe(true);
  });

  it('is kept for a second workspace beside the first, each with its own token', async () => {
    await toSlack();
    await answer('Allow');
    await page().goto(`${world.botUrl}/slack/install`);
    await toSlack();
    await choose('T02FABRIKAM');
    await answer('Allow');

    expect(await heading()).toBe('Installed in Fabrikam');
    const tokens = [await stored().find('T01CONTOSO'), await stored().find('T02FABRIKAM')].map(
      (one) => one?.token,
    );
    expect(tokens).toEqual([botToken, `${botToken}-T02FABRIKAM`]);
  });

  it('for an organisation covers its workspaces', async () => {
    await toSlack();
    await choose('E01CONTOSO');
    await answer('Allow');

    expect(await heading()).toBe('Installed in Contoso Group');
    expect(await stored().find('T09ANY', 'E01CONTOSO')).toMatchObject({ token: botToken });
  });

  it('shows no script, no secret and no address of others to whoever looks at the pages', async () => {
    await toSlack();
    await answer('Allow');
    const answered = await page().reload();

    const headers = answered?.headers() ?? {};
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect([headers['referrer-policy'], headers['cache-control']]).toEqual(['no-referrer', 'no-store']);
    expect(await page().content()).not.toMatch(new RegExp(`<script|${botToken}|${oauth.clientSecret}`));
  });
});
