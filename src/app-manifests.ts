// The apps of both chats, made from the catalogue: `acr-warden manifest slack` prints one, `manifest teams` writes the
// package that a Teams admin uploads.
import { readFileSync, writeFileSync } from 'node:fs';
import { slackManifest } from './channels/slack/manifest.ts';
import { teamsManifest, type TeamsManifestOptions } from './channels/teams/manifest.ts';
import { zip } from './channels/teams/zip.ts';
import { verbs } from './commands/catalogue.ts';
import { ConfigurationError } from './config/configuration-error.ts';

/** Verbs of the Teams menu, which has twelve lines, by how often they are typed. */
const menu = [
  'help',
  'status',
  'promote',
  'requests',
  'approve',
  'reject',
  'image',
  'check',
  'registries',
  'show',
  'audit',
  'whoami',
];
// `refresh` is a button's.
const typed = verbs.filter((verb) => verb.name !== 'refresh');

/** `host`: the public https address of the bot; without one the app is for Socket Mode. */
export const slackApp = (host?: string): object =>
  slackManifest({ ...(host && { host }), usage: `[${typed.map((verb) => verb.name).join(' | ')}]` });

export const teamsApp = (about: Omit<TeamsManifestOptions, 'commands'>): object =>
  teamsManifest({
    ...about,
    commands: menu.flatMap((name) => {
      const verb = typed.find((each) => each.name === name);
      return verb ? [{ title: verb.name, description: verb.summary }] : [];
    }),
  });

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const hostName = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+(:\d+)?$/i;
const pictures = new URL('../manifests/teams/', import.meta.url);

/** The package of the Teams app: manifest and pictures at the root of a zip. Throws ConfigurationError. */
export function teamsPackage(about: Omit<TeamsManifestOptions, 'commands'>): Buffer {
  if (!guid.test(about.appId))
    throw new ConfigurationError(
      `Invalid value for --app-id: ${about.appId}. Must be the bot's app id, a GUID.`,
    );
  const addresses = { website: about.website, privacy: about.privacy, terms: about.terms };
  for (const [name, address] of Object.entries(addresses))
    if (address !== undefined && !(URL.canParse(address) && new URL(address).protocol === 'https:'))
      throw new ConfigurationError(`Invalid value for --${name}: ${address}. Must be an https address.`);
  const manifest = teamsApp({ ...about, host: checkedHost(about.host) });
  return zip({
    'manifest.json': Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`),
    'color.png': readFileSync(new URL('color.png', pictures)),
    'outline.png': readFileSync(new URL('outline.png', pictures)),
  });
}

/** Prints the manifest of the Slack app, for signed HTTP at `host` or for Socket Mode. Throws ConfigurationError. */
export function printSlackApp({ host, socket }: { readonly host?: string; readonly socket?: boolean }): void {
  if (!host && !socket)
    throw new ConfigurationError('Give --host, the public name of the bot, or --socket for Socket Mode.');
  const app = slackApp(host && `https://${checkedHost(host)}`);
  process.stdout.write(`${JSON.stringify(app, null, 2)}\n`);
}

/** Writes the package of the Teams app to `out`. Throws ConfigurationError. */
export function writeTeamsApp({
  out,
  ...about
}: Omit<TeamsManifestOptions, 'commands'> & { readonly out: string }): void {
  const bytes = teamsPackage(about);
  try {
    writeFileSync(out, bytes);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'error';
    throw new ConfigurationError(`Cannot write ${out} (${code}). Give --out a file that can be written.`);
  }
  process.stdout.write(`${out}: the Teams app of ${about.appId}. Upload it in the Teams admin centre.\n`);
}

function checkedHost(host: string): string {
  if (hostName.test(host)) return host;
  throw new ConfigurationError(
    `Invalid value for --host: ${host}. Must be the public name of the bot, such as acr-warden.example.com.`,
  );
}
