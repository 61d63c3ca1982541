// The published manifests and sample cards: fresh, complete, and taken by the platforms.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { optionalScopes, scopes, slackManifest } from '../../src/channels/slack/manifest.ts';
import { checkCard } from '../../src/channels/teams/limits.ts';
import { published, root } from './publish.ts';
import { schemaProblems } from './json-schema.ts';
import { publishedCards } from './published-cards.ts';

const read = (file: string): string => readFileSync(new URL(file, root), 'utf8');

test.each(Object.keys(published))(
  '%s is what the code says now (else run test/channels/publish.ts)',
  (file) => {
    expect(read(file)).toBe(published[file]?.());
  },
);

test('The sample cards show every kind of block', () => {
  const kinds = new Set(
    Object.values(publishedCards).flatMap((card) => card.blocks.map((block) => block.kind)),
  );
  const templates = readdirSync(new URL('adaptive-cards/', root))
    .filter((name) => name.endsWith('.json') && name !== 'shell.json')
    .map((name) => name.replace('.json', ''));

  expect([...kinds].sort()).toEqual(templates.sort());
});

test.each(Object.keys(published).filter((file) => file.includes('/samples/')))(
  '%s is taken by Teams',
  (file) => {
    expect(checkCard(JSON.parse(read(file)) as object)).toEqual([]);
  },
);

/** Web API methods named in the code of the channel. */
function methodsInCode(): ReadonlySet<string> {
  const folder = new URL('src/channels/slack/', root);
  const code = readdirSync(folder)
    .filter((name) => name !== 'manifest.ts')
    .map((name) => readFileSync(new URL(name, folder), 'utf8'))
    .join('\n');
  const found = code.matchAll(
    /'((?:chat|users|bots|conversations|usergroups|views|auth|reactions)\.[a-zA-Z.]+)'/g,
  );
  return new Set([...found].map(([, name]) => name ?? ''));
}

test('The scopes asked for are those that the code needs', () => {
  const free = ['auth.test', 'views.open', 'views.update', 'views.publish'];
  const used = [...methodsInCode()].filter((method) => !free.includes(method)).sort();
  const covered = Object.values({ ...scopes, ...optionalScopes }).flatMap(
    (scope): readonly string[] => scope.methods,
  );

  expect(used.length).toBeGreaterThan(5);
  expect([...new Set(covered)].sort()).toEqual(used);
});

test('The manifest of Socket Mode asks for the same rights, and has no address in it', () => {
  const manifestOf = (file: string) =>
    JSON.parse(read(file)) as {
      settings: { socket_mode_enabled: boolean; event_subscriptions: { bot_events: string[] } };
      oauth_config: { scopes: object };
    };
  const [http, socket] = [manifestOf('manifests/slack/http.json'), manifestOf('manifests/slack/socket.json')];

  expect(socket.oauth_config.scopes).toEqual(http.oauth_config.scopes);
  expect(socket.settings.event_subscriptions.bot_events).toEqual(
    http.settings.event_subscriptions.bot_events,
  );
  expect([http.settings.socket_mode_enabled, socket.settings.socket_mode_enabled]).toEqual([false, true]);
  expect(read('manifests/slack/socket.json')).not.toContain('https://');
});

test('The shortcuts and events of the manifest are those the code listens to', () => {
  const folder = new URL('src/channels/slack/', root);
  const code = ['receive', 'home', 'install']
    .map((name) => readFileSync(new URL(`${name}.ts`, folder), 'utf8'))
    .join('\n');
  const { features, settings } = slackManifest({ usage: 'x' });
  const offered = [
    ...(features?.shortcuts ?? []).map((one) => `${one.callback_id}:`),
    ...(settings?.event_subscriptions?.bot_events ?? []).map((one) => `'${one}'`),
  ];

  expect(offered).toHaveLength(6);
  expect(offered.filter((name) => !code.includes(name))).toEqual([]);
});

const schemaFile = new URL('../shared/vectors/slack/manifest.schema.2.0.0.json', root);

test.skipIf(!existsSync(schemaFile))('The Slack manifest fits Slack’s own schema', () => {
  const schema = JSON.parse(readFileSync(schemaFile, 'utf8')) as Readonly<Record<string, unknown>>;
  const manifest: unknown = JSON.parse(read('manifests/slack/http.json'));
  const broken = { ...slackManifest({ host: 'ftp://x', usage: 'x' }), unknown: 1 };

  expect(schemaProblems(manifest, schema, schema)).toEqual([]);
  expect(schemaProblems(broken, schema, schema).length).toBeGreaterThan(3);
});

/** Width and height of a PNG. */
function sizeOf(file: string): readonly [number, number] {
  const bytes = readFileSync(new URL(file, root));
  expect(bytes.subarray(1, 4).toString()).toBe('PNG');
  return [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
}

test('The icons of the Teams app have the sizes Teams wants', () => {
  expect(sizeOf('manifests/teams/color.png')).toEqual([192, 192]);
  expect(sizeOf('manifests/teams/outline.png')).toEqual([32, 32]);
});

test('The Teams manifest offers twelve commands, by mention and by slash', () => {
  const { bots, name, description } = JSON.parse(read('manifests/teams/manifest.json')) as {
    bots: [{ commandLists: { commands: { title: string; description: string }[]; triggers: string[] }[] }];
    name: { short: string };
    description: { short: string };
  };
  const lists = bots[0].commandLists;

  expect(lists.map((list) => list.commands.length)).toEqual([12, 12, 12]);
  expect(lists.every((list) => list.triggers.join() === 'mention,slash')).toBe(true);
  expect(lists.flatMap((list) => list.commands).every((one) => one.description.length <= 128)).toBe(true);
  expect([name.short.length <= 30, description.short.length <= 80]).toEqual([true, true]);
});
