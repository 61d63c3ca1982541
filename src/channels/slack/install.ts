// Installing the app into a workspace or a whole organisation: the page with the button, Slack's redirect back, and the end
// of an installation. It works the same beside either transport.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { App } from '@slack/bolt';
import type { Express, Request, Response } from 'express';
import type { Clock, Log } from '../../ports.ts';
import type { Json, SlackApi } from './api.ts';
import { isJson, text } from './incoming.ts';
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
    const link = `<p><a href="${escapeHtml(url.href)}">Add to Slack</a></p>`;
    page(response, 200, 'Install acr-warden', `<p>It asks for the rights its manual names.</p>${link}`);
  });
  app.get('/slack/oauth_redirect', (request, response, next) => {
    const nonce = cookieOf(request);
    finish(request.query, states.redeem(text(request.query['state']), nonce), install).then(
      ([status, title, body]) => page(response, status, title, `<p>${escapeHtml(body)}</p>`),
      next,
    );
  });
}

type Outcome = readonly [status: number, title: string, body: string];

async function finish(query: object, isOurs: boolean, install: Install): Promise<Outcome> {
  const { code, error } = query as { readonly code?: unknown; readonly error?: unknown };
  if (!isOurs)
    return [
      400,
      'Not installed',
      'This way back is not known, or older than ten minutes. Open /slack/install again.',
    ];
  if (error !== undefined || typeof code !== 'string')
    return [400, 'Not installed', 'Slack did not allow it. Open /slack/install to try again.'];
  const { clientId: client_id, clientSecret: client_secret, log } = install;
  try {
    const found = readGrant(
      await install.api.call('oauth.v2.access', { client_id, client_secret, code }, { once: true }),
    );
    if (!found) throw new Error('the answer has no bot token');
    await install.installations.save(found);
    log.info('installed in Slack', { team: found.team, enterprise: found.enterprise });
    return [
      200,
      'Installed',
      'In Slack, write: /acr whoami. It shows the account to put under people in the policy.',
    ];
  } catch (problem) {
    log.warn('an installation in Slack failed', { error: String(problem) });
    return [502, 'Not installed', 'Slack did not give a token. Open /slack/install to try again.'];
  }
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

const escapeHtml = (words: string): string =>
  words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

function page(response: Response, status: number, title: string, body: string): void {
  response
    .status(status)
    .set('content-security-policy', "default-src 'none'")
    .type('html')
    .send(
      `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><h1>${title}</h1>${body}</html>`,
    );
}
