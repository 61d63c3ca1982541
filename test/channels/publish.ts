// What is published of the channels and made from the code: the manifests of both apps and the sample cards. Run as a
// program it writes them; a test says when one is stale.
import { mkdirSync, writeFileSync } from 'node:fs';
import { slackApp, teamsApp } from '../../src/app-manifests.ts';
import { renderCard } from '../../src/channels/teams/render.ts';
import { publishedCards } from './published-cards.ts';

export const root = new URL('../../', import.meta.url);

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** What each file should hold now, by its path in the project. Words in double braces are filled in at set-up. */
export const published: Readonly<Record<string, () => string>> = {
  'manifests/slack/http.json': () => json(slackApp('https://acr-warden.example.com')),
  'manifests/slack/socket.json': () => json(slackApp()),
  'manifests/teams/manifest.json': () =>
    json(teamsApp({ appId: '{{MicrosoftAppId}}', host: 'acr-warden.example.com', version: '0.1.0' })),
  ...Object.fromEntries(
    Object.entries(publishedCards).map(([name, card]) => [
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
