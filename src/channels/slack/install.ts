// Installing the app into a workspace or a whole organisation: the page with the button, Slack's redirect back, and the end
// of an installation. It works the same beside either transport.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { App } from '@slack/bolt';
import type { Express, Request } from 'express';
import type { Clock, Log } from '../../ports.ts';
import type { Json, SlackApi } from './api.ts';
import { isJson, text } from './incoming.ts';
import { installedPage, installPage, notInstalledPage, type Page, sendPage } from './install-page.ts';
import type { Installation, StoredInstallations } from './installations.ts';
import { optionalScopes, scopes } from './manifest.ts';

export interface Install {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly stateSecret: string;
  readonly installations: StoredInstallations;
  /** Without a token: the code is the right. */
  readonly api: SlackApi;
  /** Of the Web API, with a slash at its end; default Slack's own. */
  readonly apiUrl: string | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

const cookie = 'acr_warden_install';
/** Milliseconds between the button and the way back. */
const stateFor = 10 * 60_000;

/** Serves `/slack/install` and `/slack/oauth_redirect`. */
export function serveInstall(app: Express, install: Install): void {
  const states = createStates(install.stateSecret, install.clock);
  app.get('/slack/install', (request, response) => {
    const { state, nonce } = states.issue();
    const local = ['127.0.0.1', 'localhost', '::1'].includes(request.hostname);
    response.cookie(cookie, nonce, {
      httpOnly: true,
      sameSite: 'lax',
      secure: !local,
      path: '/slack',
      maxAge: stateFor,
    });
    const url = new URL('../oauth/v2/authorize', install.apiUrl ?? 'https://slack.com/api/');
    const bot = Object.keys({ ...scopes, ...optionalScopes }).join(',');
    url.search = new URLSearchParams({ client_id: install.clientId, scope: bot, state }).toString();
    sendPage(response, installPage(url));
  });
  app.get('/slack/oauth_redirect', (request, response, next) => {
    const nonce = cookieOf(request);
    finish(request.query, states.redeem(text(request.query['state']), nonce), install).then(
      (page) => sendPage(response, page),
      next,
    );
  });
}

async function finish(query: object, isOurs: boolean, install: Install): Promise<Page> {
  const { code } = query as { readonly code?: unknown };
  if (!isOurs)
    return notInstalledPage(
      400,
      'This return from Slack was not begun in this browser, is older than ten minutes, or was used before. What was installed stays.',
    );
  if (typeof code !== 'string')
    return notInstalledPage(400, 'It was not allowed in Slack, so nothing was kept.');
  const { clientId: client_id, clientSecret: client_secret, log } = install;
  try {
    const answer = await install.api.call(
      'oauth.v2.access',
      { client_id, client_secret, code },
      { once: true },
    );
    const found = readGrant(answer);
    if (!found) throw new Error('the answer has no bot token');
    await install.installations.save(found);
    log.info('installed in Slack', { team: found.team, enterprise: found.enterprise });
    return installedPage(nameOf(answer) || found.team || found.enterprise);
  } catch (problem) {
    log.warn('an installation in Slack failed', { error: String(problem) });
    return notInstalledPage(502, 'Slack did not give a token, so nothing was kept.');
  }
}

/** What the workspace or the organisation calls itself. */
function nameOf(answer: Json): string {
  const owner = answer['is_enterprise_install'] === true ? answer['enterprise'] : answer['team'];
  return isJson(owner) ? text(owner['name']) : '';
}

/** What oauth.v2.access gave; an organisation's installation names no workspace. */
function readGrant(answer: Json): Installation | undefined {
  const id = (key: string): string => (isJson(answer[key]) ? text(answer[key]['id']) : '');
  const isWide = answer['is_enterprise_install'] === true;
  const token = text(answer['access_token']);
  const found = {
    team: isWide ? '' : id('team'),
    enterprise: id('enterprise'),
    appId: text(answer['app_id']),
    token,
  };
  return token && (found.team || found.enterprise) ? found : undefined;
}

/** An app that was taken out, or whose tokens were revoked, is forgotten with its token. */
export function registerRemoval(bolt: App, installations: StoredInstallations, log: Log): void {
  const forget = async (body: Json): Promise<void> => {
    const isWide =
      (body['authorizations'] as readonly Json[] | undefined)?.[0]?.['is_enterprise_install'] === true;
    const team = isWide ? '' : text(body['team_id']);
    await installations.remove(team, text(body['enterprise_id']));
    log.warn('the app was removed from Slack', { team, enterprise: text(body['enterprise_id']) });
  };
  bolt.event('app_uninstalled', ({ body }) => forget({ ...body }));
  bolt.event('tokens_revoked', async ({ body, event }) => {
    // Tokens of people alone are none of ours.
    if ((event.tokens.bot ?? []).length > 0) await forget({ ...body });
  });
}

interface States {
  issue(): { readonly state: string; readonly nonce: string };
  /** Whether it is ours, of this browser, young, and the first time. */
  redeem(state: string, nonce: string): boolean;
}

function createStates(secret: string, clock: Clock): States {
  const used = new Set<string>();
  const sign = (nonce: string, until: number): string =>
    createHmac('sha256', secret).update(`${nonce}.${until}`).digest('base64url');
  return {
    issue: () => {
      const nonce = randomBytes(24).toString('base64url');
      const until = clock() + stateFor;
      return { nonce, state: `${until}.${sign(nonce, until)}` };
    },
    redeem: (state, nonce) => {
      const [until = '', signature = ''] = state.split('.');
      const expected = Buffer.from(sign(nonce, Number(until)));
      const given = Buffer.from(signature);
      const isSigned = given.length === expected.length && timingSafeEqual(given, expected);
      if (!isSigned || Number(until) < clock() || used.has(nonce)) return false;
      if (used.size > 1000) used.clear();
      used.add(nonce);
      return true;
    },
  };
}

function cookieOf(request: Request): string {
  const found = (request.headers.cookie ?? '').split(/;\s*/).find((pair) => pair.startsWith(`${cookie}=`));
  return found?.slice(cookie.length + 1) ?? '';
}
