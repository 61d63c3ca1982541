// Several workspaces and whole organisations: installing in the browser, tokens that only the key can read, and the end of it.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { noticeCard } from '../../../src/cards/refusal-card.ts';
import { storedInstallations } from '../../../src/channels/slack/installations.ts';
import { until } from '../recording-dispatch.ts';
import { botToken, oauth, startWorld, type World } from './slack-world.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld(Date.now, { tokens: oauth });
});
afterEach(() => world.stop());

const card = noticeCard('Note', 'A note.');
const stored = () => storedInstallations(world.references, oauth.secretKey);

/** The page with the button, and what it leads to. */
async function openPage() {
  const page = await fetch(`${world.botUrl}/slack/install`);
  const link = /href="([^"]+)"/.exec(await page.text())?.[1]?.replaceAll('&amp;', '&') ?? '';
  const cookie = page.headers.get('set-cookie') ?? '';
  return { link: new URL(link), cookie, nonce: cookie.split(';')[0] ?? '' };
}

async function comeBack(state: string, cookie: string, query: Record<string, string> = { code: 'good' }) {
  const search = new URLSearchParams({ ...query, state });
  const answer = await fetch(`${world.botUrl}/slack/oauth_redirect?${search}`, { headers: { cookie } });
  return { status: answer.status, body: await answer.text() };
}

async function install() {
  const { link, nonce } = await openPage();
  return comeBack(link.searchParams.get('state') ?? '', nonce);
}

test('The page leads to Slack with the rights the manifest names, and a cookie no script can read', async () => {
  const { link, cookie } = await openPage();

  expect(link.pathname).toBe('/slack/oauth/v2/authorize');
  expect(link.searchParams.get('client_id')).toBe('1.2');
  expect(link.searchParams.get('scope')?.split(',')).toEqual(
    expect.arrayContaining(['commands', 'chat:write']),
  );
  expect(cookie).toMatch(/HttpOnly/i);
});

test('Whoever comes back is installed, and the bot answers there; the token is nowhere to be read', async () => {
  await world.slack.command('developer', 'releases', 'status');
  await until(() => world.dispatch.refusals[0]?.code === 'foreign-team');

  const { status, body } = await install();
  await world.slack.command('developer', 'releases', 'status');

  expect([status, body]).toEqual([200, expect.stringContaining('Installed')]);
  await until(() => world.slack.state.messages.some((one) => one.text === 'It is done.'));
  const kept = [...world.kept].join('\n');
  expect(kept).toContain('T01CONTOSO');
  expect(kept).not.toContain(botToken);
  expect(Buffer.from([...world.kept.values()][0] ?? '', 'base64').toString('latin1')).not.toContain(botToken);
  expect(world.log.lines.join('\n')).not.toContain(botToken);
});

test('A way back that is not ours, twice used, or of another browser installs nothing', async () => {
  const { link, nonce } = await openPage();
  const state = link.searchParams.get('state') ?? '';
  const other = await openPage();

  const refused = [
    await comeBack('1.x', nonce),
    await comeBack(state, ''),
    await comeBack(state, other.nonce),
    await comeBack(state.replace(/^\d/, '9'), nonce),
    await comeBack(state, nonce, { error: 'access_denied' }),
    await comeBack(state, nonce),
  ].map(({ status }) => status);
  const badCode = await openPage();
  const unknown = await comeBack(badCode.link.searchParams.get('state') ?? '', badCode.nonce, {
    code: 'bad',
  });

  expect(refused).toEqual([400, 400, 400, 400, 400, 400]);
  expect(unknown.status).toBe(502);
  expect(world.kept.size).toBe(0);
});

test('An organisation’s installation covers its workspaces, also for what the bot sends of itself', async () => {
  world.slack.controls.grant = {
    is_enterprise_install: true,
    team: null,
    enterprise: { id: 'E01' },
    app_id: 'A01WARDEN',
  };
  await install();

  expect(await stored().find('T01CONTOSO')).toBeUndefined();
  expect(await stored().find('T01CONTOSO', 'E01')).toMatchObject({ enterprise: 'E01', token: botToken });
  await world.messenger.post('slack:T01CONTOSO/C01RELEASES', card, 'k1');

  expect(world.slack.state.messages).toHaveLength(1);
});

test('An app that is taken out, or whose token is revoked, is forgotten and no longer posts', async () => {
  for (const event of [
    { type: 'app_uninstalled' },
    { type: 'tokens_revoked', tokens: { bot: ['U01WARDEN'] } },
  ]) {
    await install();
    expect(await stored().find('T01CONTOSO')).toBeDefined();
    await world.slack.event(event);
    await until(() => world.kept.size === 0);
  }

  const post = world.messenger.post('slack:T01CONTOSO/C01RELEASES', card, 'k');
  await expect(post).rejects.toMatchObject({ name: 'DeliveryError', problem: 'gone' });
});

test('Tokens of people that are revoked change nothing', async () => {
  await install();

  await world.slack.event({ type: 'tokens_revoked', tokens: { oauth: ['U01DANA'] } });

  expect(await stored().find('T01CONTOSO')).toBeDefined();
});

test('With another key, or under another workspace’s name, an installation cannot be read', async () => {
  await install();
  const [[place = '', sealed = ''] = []] = world.kept;

  const other = storedInstallations(world.references, 'another-key-of-more-than-thirty-two-characters');
  await world.references.put(place.replace('T01CONTOSO', 'T02OTHER'), sealed);

  await expect(other.find('T01CONTOSO')).rejects.toThrow('ACR_WARDEN_SECRET_KEY');
  await expect(stored().find('T02OTHER')).rejects.toThrow('cannot be read');
});
