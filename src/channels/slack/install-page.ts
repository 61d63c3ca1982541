// The pages of an installation, as HTML without scripts: the button with what it asks for, and what came of it.
import { createHash } from 'node:crypto';
import type { Response } from 'express';
import { optionalScopes, scopes } from './manifest.ts';

/** `body` is HTML; words of others in it are escaped by whoever gives it. */
export interface Page {
  readonly status: number;
  readonly title: string;
  readonly body: string;
}

const style = `
:root { color-scheme: light dark; --ink: #1d1c1d; --paper: #fff; --quiet: #55595e; --line: #d9dade; --around: #f3f3f5 }
@media (prefers-color-scheme: dark) { :root { --ink: #e8e8ea; --paper: #1f2124; --quiet: #a9adb3; --line: #3a3d42; --around: #141517 } }
body { margin: 0; padding: 2rem 1rem; font: 1rem/1.5 system-ui, sans-serif; color: var(--ink); background: var(--around) }
main { max-width: 38rem; margin: 0 auto; padding: 2rem; background: var(--paper); border: 1px solid var(--line); border-radius: .75rem }
h1 { margin: 0 0 1rem; font-size: 1.5rem; line-height: 1.25 }
h2 { margin: 2rem 0 .5rem; font-size: 1rem }
p { margin: 0 0 1rem }
p:last-child { margin: 0 }
dl { margin: 0; display: grid; grid-template-columns: 10.5rem 1fr; gap: .375rem 1.25rem; font-size: .9375rem }
dd { margin: 0; color: var(--quiet) }
code { font: .9375em ui-monospace, monospace }
.button { display: inline-block; padding: .625rem 1.25rem; border-radius: .5rem; background: #4a154b; color: #fff; font-weight: 600; text-decoration: none }
.button:hover { background: #611f69 }
.button:focus-visible { outline: 3px solid #1d9bd1; outline-offset: 2px }
@media (max-width: 30rem) { dl { grid-template-columns: 1fr; gap: 0 } dd { margin-bottom: .5rem } }
`;
const policy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Its address may hold a code and a state: nothing is told of it, and nothing keeps it. */
export function sendPage(response: Response, { status, title, body }: Page): void {
  response
    .status(status)
    .set({ 'content-security-policy': policy, 'referrer-policy': 'no-referrer', 'cache-control': 'no-store' })
    .type('html')
    .send(
      `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title} · acr-warden</title><style>${style}</style></head><body><main><h1>${title}</h1>${body}</main></body></html>`,
    );
}

/** The page that leads to Slack, with what is asked for and why. */
export const installPage = (authorize: URL): Page => ({
  status: 200,
  title: 'Install acr-warden in Slack',
  body: `<p>It governs your container registries from Slack. Slack asks you for your consent, and for the workspace or organisation.</p>
<p>${button(authorize.href, 'Add to Slack')}</p>
<h2>What it asks for</h2>${list(scopes)}
<h2>What a workspace may leave out</h2>${list(optionalScopes)}`,
});

/** `where`: what Slack calls the workspace or organisation. */
export const installedPage = (where: string): Page => ({
  status: 200,
  title: `Installed in ${escapeHtml(where)}`,
  body: '<p>In Slack, write <code>/acr whoami</code>. It shows the account to put under <code>people</code> in the policy.</p><p>Invite the bot to the channels it is to write to: <code>/invite @acr-warden</code></p>',
});

/** `why` and what to do: there is a way to begin anew. */
export const notInstalledPage = (status: number, why: string): Page => ({
  status,
  title: 'Not installed',
  body: `<p>${escapeHtml(why)}</p><p>${button('/slack/install', 'Try again')}</p>`,
});

const button = (href: string, label: string): string =>
  `<a class="button" href="${escapeHtml(href)}">${label}</a>`;

const list = (of: Readonly<Record<string, { readonly reason: string }>>): string =>
  `<dl>${Object.entries(of)
    .map(([scope, { reason }]) => `<dt><code>${scope}</code></dt><dd>${reason}</dd>`)
    .join('')}</dl>`;

const escapeHtml = (words: string): string =>
  words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
