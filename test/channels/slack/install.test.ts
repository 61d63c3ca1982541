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

async function follow(back: URL | string, cookie: string) {
  const answer = await fetch(back, { headers: { cookie } });
  return { status: answer.status, body: await answer.text() };
}

const comeBack = (state: string, cookie: string, query: Record<string, string> = { code: 'any' }) =>
  follow(`${world.botUrl}/slack/oauth_redirect?${new URLSearchParams({ ...query, state })}`, cookie);

/** Somebody who may answers Slack's question; gives where Slack sends them. */
async function consent(link: URL, answer: 'allow' | 'cancel', where = 'T01CONTOSO'): Promise<URL> {
  const body = new URLSearchParams({ ...Object.fromEntries(link.searchParams), where, answer });
  const sent = await fetch(new URL(link.pathname, link), { method: 'POST', body, redirect: 'manual' });
  return new URL(sent.headers.get('location') ?? '');
}

async function install(where?: string) {
  const { link, nonce } = await openPage();
  return follow(await consent(link, 'allow', where), nonce);
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
    await follow(await consent(link, 'cancel'), nonce),
    await comeBack(state, nonce),
  ].map(({ status }) => status);
  const badCode = await openPage();
  const unknown = await comeBack(badCode.link.searchParams.get('state') ?? '', badCode.nonce);

  expect(refused).toEqual([400, 400, 400, 400, 400, 400]);
  expect(unknown.status).toBe(502);
  expect(world.kept.size).toBe(0);
});

test('Slack’s code is good once, for ten minutes, and only with the app’s own secret', async () => {
  const exchange = async (code: string, client_secret: string = oauth.clientSecret) => {
    const body = new URLSearchParams({ client_id: oauth.clientId, client_secret, code });
    const answer = await fetch(`${world.apiUrl}oauth.v2.access`, { method: 'POST', body });
    return ((await answer.json()) as { error?: string }).error;
  };
  const code = async () => (await consent((await openPage()).link, 'allow')).searchParams.get('code') ?? '';
  const once = await code();

  const errors = [
    await exchange(once, 'x'),
    await exchange(once),
    await exchange(once),
    await exchange('good'),
  ];

  expect(errors).toEqual(['bad_client_secret', undefined, 'invalid_code', 'invalid_code']);
});

test('An organisation’s installation covers its workspaces, also for what the bot sends of itself', async () => {
  await install('E01CONTOSO');

  expect(await stored().find('T01CONTOSO')).toBeUndefined();
  expect(await stored().find('T01CONTOSO', 'E01CONTOSO')).toMatchObject({
    enterprise: 'E01CONTOSO',
    token: botToken,
  });
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

test('An app that an organisation takes out is forgotten for all its workspaces', async () => {
  await install('E01CONTOSO');
  await world.slack.event(
    { type: 'app_uninstalled' },
    { enterprise_id: 'E01CONTOSO', authorizations: [{ is_enterprise_install: true }] },
  );

  await until(() => world.kept.size === 0);
  expect(await stored().find('T01CONTOSO', 'E01CONTOSO')).toBeUndefined();
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
