// Slack's side of installing an app: the page that asks for consent, and the code it sends back, which is good once, for ten
// minutes, for whoever knows the app's secret.
import { randomUUID } from 'node:crypto';
import express, { type Router } from 'express';
import { slackApp, slackTeam } from '../cast.ts';
import { type Json, words } from './block-checks.ts';
import { fail, type Method } from './web-api.ts';

/** What consent may be given for: two workspaces, or the organisation that has the first. */
const places = [
  { id: slackTeam.id, name: slackTeam.name, kind: 'workspace' },
  { id: 'T02FABRIKAM', name: 'Fabrikam', kind: 'workspace' },
  { id: 'E01CONTOSO', name: 'Contoso Group', kind: 'organisation' },
] as const;
type Place = (typeof places)[number];

/** Milliseconds that a code is good. */
const codeFor = 10 * 60_000;

export interface OAuthApp {
  readonly clientId: string;
  readonly clientSecret: string;
}

export interface InstallPages {
  /** Mounted at /slack/oauth: `/v2/authorize`. */
  readonly router: Router;
  /** The method oauth.v2.access. */
  readonly exchange: Method;
}

/** Without an `app` nothing can be installed. `botUrl`: where the app's manifest has its redirect. */
export function createInstallPages(options: {
  readonly app: OAuthApp | undefined;
  readonly botUrl: () => string;
  readonly botToken: string;
  readonly now: () => number;
}): InstallPages {
  const codes = new Map<string, { readonly place: Place; readonly scope: string; readonly until: number }>();
  const router = express.Router();
  router.get('/v2/authorize', (req, res) => {
    const { client_id, scope, state } = req.query;
    if (!options.app || client_id !== options.app.clientId)
      return void res.status(400).send(page('Something went wrong', '<p>Invalid client_id parameter</p>'));
    if (!words(scope))
      return void res.status(400).send(page('Something went wrong', '<p>No scopes requested</p>'));
    res.send(consent(words(scope), words(state)));
  });
  router.post('/v2/authorize', express.urlencoded({ extended: false }), (req, res) => {
    const { where, scope, state, answer } = req.body as Readonly<Record<string, unknown>>;
    const place = places.find(({ id }) => id === where);
    const back = new URL('/slack/oauth_redirect', options.botUrl());
    if (place && answer === 'allow') {
      const code = randomUUID();
      codes.set(code, { place, scope: words(scope), until: options.now() + codeFor });
      back.searchParams.set('code', code);
    } else back.searchParams.set('error', 'access_denied');
    back.searchParams.set('state', words(state));
    res.redirect(303, back.href);
  });
  const exchange: Method = (args) => {
    if (args['client_id'] !== options.app?.clientId) return fail('invalid_client_id');
    if (args['client_secret'] !== options.app?.clientSecret) return fail('bad_client_secret');
    const code = words(args['code']);
    const found = codes.get(code);
    codes.delete(code);
    if (!found) return fail('invalid_code');
    if (found.until < options.now()) return fail('code_expired');
    return { ok: true, ...grant(found.place, found.scope, options.botToken) };
  };
  return { router, exchange };
}

/** Each place has a token of its own; the one with the people and channels has the bot's. */
const grant = ({ id, name, kind }: Place, scope: string, botToken: string): Json => ({
  access_token: id === 'T02FABRIKAM' ? `${botToken}-${id}` : botToken,
  token_type: 'bot',
  scope,
  bot_user_id: slackApp.botUser,
  app_id: slackApp.id,
  ...(kind === 'organisation'
    ? { is_enterprise_install: true, team: null, enterprise: { id, name } }
    : { is_enterprise_install: false, team: { id, name }, enterprise: null }),
});

function consent(scope: string, state: string): string {
  const options = places
    .map(({ id, name, kind }) => `<option value="${id}">${name} (${kind})</option>`)
    .join('');
  const hidden = Object.entries({ scope, state })
    .map(([name, value]) => `<input type="hidden" name="${name}" value="${escapeHtml(value)}">`)
    .join('');
  const asked = scope
    .split(',')
    .map((each) => `<li><code>${escapeHtml(each)}</code></li>`)
    .join('');
  return page(
    `${slackApp.name} is requesting permission`,
    `<form method="post">${hidden}
<p><label>To access <select name="where">${options}</select></label></p>
<p>What will ${slackApp.name} be able to do?</p><ul>${asked}</ul>
<p><button name="answer" value="cancel">Cancel</button> <button name="answer" value="allow" class="yes">Allow</button></p></form>`,
  );
}

const page = (title: string, body: string): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title} | Slack</title><style>
body { margin: 0; padding: 2rem 1rem; font: 1rem/1.5 system-ui, sans-serif; color: #1d1c1d; background: #fff }
main { max-width: 34rem; margin: 0 auto }
h1 { font-size: 1.75rem; line-height: 1.2 }
select, button { font: inherit; padding: .5rem .75rem; border: 1px solid #868686; border-radius: .25rem; background: #fff; color: inherit }
button { min-width: 6rem; font-weight: 600; cursor: pointer }
button.yes { background: #007a5a; border-color: #007a5a; color: #fff }
small { color: #616061 }
</style></head><body><main><small>The sandbox's Slack</small><h1>${title}</h1>${body}</main></body></html>`;

const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
