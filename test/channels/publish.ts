// What is published of the channels and made from the code: the manifests of both apps and the sample cards. Run as a
// program it writes them; a test says when one is stale.
import { mkdirSync, writeFileSync } from 'node:fs';
import { slackManifest } from '../../src/channels/slack/manifest.ts';
import { teamsManifest } from '../../src/channels/teams/manifest.ts';
import { renderCard } from '../../src/channels/teams/render.ts';
import { verbs } from '../../src/commands/catalogue.ts';
import { sampleCards } from './sample-cards.ts';

export const root = new URL('../../', import.meta.url);

/** Verbs people type, by how often they do. `refresh` is a button's. */
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
const typed = verbs.filter((verb) => verb.name !== 'refresh');
const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** What each file should hold now, by its path in the project. Words in double braces are filled in at set-up. */
export const published: Readonly<Record<string, () => string>> = {
  'manifests/slack/http.json': () =>
    json(
      slackManifest({
        host: 'https://acr-warden.example.com',
        usage: `[${typed.map((verb) => verb.name).join(' | ')}]`,
      }),
    ),
  'manifests/teams/manifest.json': () =>
    json(
      teamsManifest({
        appId: '{{MicrosoftAppId}}',
        host: 'acr-warden.example.com',
        version: '0.1.0',
        commands: menu.flatMap((name) => {
          const verb = typed.find((each) => each.name === name);
          return verb ? [{ title: verb.name, description: verb.summary }] : [];
        }),
      }),
    ),
  ...Object.fromEntries(
    Object.entries(sampleCards).map(([name, card]) => [
      `adaptive-cards/samples/${name}.json`,
      () => json(renderCard(card)),
    ]),
  ),
};

if (import.meta.main) {
  for (const [file, make] of Object.entries(published)) {
    const target = new URL(file, root);
    mkdirSync(new URL('.', target), { recursive: true });
    writeFileSync(target, make());
  }
}
