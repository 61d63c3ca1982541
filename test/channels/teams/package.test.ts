// The package of the Teams app, as `acr-warden manifest teams` writes it: a zip any reader takes, a manifest that fits
// Microsoft's schema 1.30 (test/fixtures, from @microsoft/app-manifest, MIT), and pictures as Teams wants them.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, inflateSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { teamsApp, teamsPackage } from '../../../src/app-manifests.ts';
import { verbs } from '../../../src/commands/catalogue.ts';
import { schemaProblems } from '../json-schema.ts';

const root = new URL('../../../', import.meta.url);
const about = {
  appId: '6f1c0de0-0000-4000-8000-00000000b071',
  host: 'acr-warden.example.com',
  version: '1.2.3',
};
const schema = JSON.parse(
  readFileSync(new URL('test/fixtures/teams-manifest-1.30.schema.json', root), 'utf8'),
) as Readonly<Record<string, unknown>>;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'teams-package-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const cli = (...words: string[]): string =>
  execFileSync(process.execPath, [new URL('src/cli.ts', root).pathname, 'manifest', ...words], {
    encoding: 'utf8',
    stdio: 'pipe',
  });
/** The files of a zip without compression, found by its central directory, whose words must be those beside each file. */
function filesOf(bytes: Buffer): Readonly<Record<string, Buffer>> {
  const end = bytes.lastIndexOf(Buffer.from('PK\x05\x06'));
  const files: Record<string, Buffer> = {};
  let at = bytes.readUInt32LE(end + 16);
  expect(at + bytes.readUInt32LE(end + 12)).toBe(end);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left -= 1) {
    const [size, named, from] = [
      bytes.readUInt32LE(at + 24),
      bytes.readUInt16LE(at + 28),
      bytes.readUInt32LE(at + 42),
    ];
    const data = from + 30 + bytes.readUInt16LE(from + 26) + bytes.readUInt16LE(from + 28);
    const content = bytes.subarray(data, data + size);
    expect(crc32(content)).toBe(bytes.readUInt32LE(at + 16));
    expect(bytes.readUInt32LE(at + 20)).toBe(size);
    expect(bytes.subarray(from + 4, from + 30)).toEqual(bytes.subarray(at + 6, at + 32));
    // Stored as it is, on a day that is one.
    expect([bytes.readUInt16LE(at + 10), bytes.readUInt16LE(at + 14)]).toEqual([0, 0x21]);
    files[bytes.subarray(at + 46, at + 46 + named).toString()] = content;
    at += 46 + named;
  }
  return files;
}

test('The command writes a zip with the manifest, filled in, and both pictures at its root', () => {
  const out = join(folder, 'app.zip');

  const said = cli('teams', '--app-id', about.appId, '--host', about.host, '--out', out);
  const files = filesOf(readFileSync(out));
  const manifest = JSON.parse(String(files['manifest.json'])) as { bots: [{ botId: string }] };

  expect(said).toContain(out);
  expect(Object.keys(files)).toEqual(['manifest.json', 'color.png', 'outline.png']);
  expect(manifest.bots[0].botId).toBe(about.appId);
  expect(JSON.stringify(manifest)).not.toContain('{{');
  for (const [name, side] of [
    ['color.png', 192],
    ['outline.png', 32],
  ] as const) {
    expect(files[name]).toEqual(readFileSync(new URL(`manifests/teams/${name}`, root)));
    expect([files[name]?.readUInt32BE(16), files[name]?.readUInt32BE(20)]).toEqual([side, side]);
  }
  expect(schemaProblems(manifest, schema, schema)).toEqual([]);
});

test('The manifest names this bot, its host and what the bot needs of Teams', () => {
  const manifest = teamsApp({ ...about, website: 'https://contoso.example' });

  expect(manifest).toMatchObject({
    id: about.appId,
    version: about.version,
    developer: { websiteUrl: 'https://contoso.example', privacyUrl: `https://${about.host}/privacy` },
    defaultInstallScope: 'team',
    supportsChannelFeatures: 'tier1',
    validDomains: [about.host],
    bots: [
      {
        scopes: ['team', 'personal', 'groupChat'],
        supportsTargetedMessages: true,
        commandLists: Array(3).fill({
          triggers: ['mention', 'slash'],
          commands: { length: 12 },
        }) as unknown,
      },
    ],
  });
});

test('A file that cannot be written is an error that says so', () => {
  expect(() => cli('teams', '--app-id', about.appId, '--host', about.host, '--out', folder)).toThrow(
    /Cannot write .* \(EISDIR\)\. Give --out a file/,
  );
});

test('The right to read channels is asked for only where it is wanted', () => {
  const plain = teamsApp(about);
  const reading = teamsApp({ ...about, history: true });

  expect(JSON.stringify(plain)).not.toContain('ChannelMessage');
  expect(JSON.stringify(reading)).toContain('ChannelMessage.Read.Group');
  expect(schemaProblems(reading, schema, schema)).toEqual([]);
});

test('The schema is a guard: what does not fit is found', () => {
  const broken = { ...teamsApp({ ...about, appId: 'no-guid' }), unknown: 1, accentColor: 'blue' };

  expect(schemaProblems(broken, schema, schema).length).toBeGreaterThanOrEqual(3);
});

test('The menus of team, group chat and personal chat say what the catalogue says', () => {
  const { bots } = teamsApp(about) as {
    bots: [{ commandLists: { scopes: string[]; commands: { title: string; description: string }[] }[] }];
  };

  for (const { commands } of bots[0].commandLists)
    for (const { title, description } of commands)
      expect(verbs.find((verb) => verb.name === title)?.summary.slice(0, 128)).toBe(description);
  expect(bots[0].commandLists.map(({ scopes }) => scopes)).toEqual([['team'], ['groupChat'], ['personal']]);
});

test.each([
  ['--app-id', { appId: 'acr' }],
  ['--host', { host: 'https://acr.example' }],
  ['--host', { host: 'localhost' }],
  ['--privacy', { privacy: 'javascript:alert(1)' }],
])('A wrong %s is an error that names it', (name, change) => {
  expect(() => teamsPackage({ ...about, ...change })).toThrow(`Invalid value for ${name}`);
});

test('The outline is white on nothing, as Teams draws it on any ground', () => {
  const png = readFileSync(new URL('manifests/teams/outline.png', root));
  const rows = inflateSync(dataOf(png));
  const pixels = Array.from({ length: 32 * 32 }, (_, at) => {
    const from = Math.floor(at / 32) * (1 + 32 * 4) + 1 + (at % 32) * 4;
    return [...rows.subarray(from, from + 4)];
  });
  const seen = pixels.filter(([, , , alpha]) => alpha);

  expect(new Set(Array.from({ length: 32 }, (_, row) => rows[row * 129]))).toEqual(new Set([0]));
  expect(seen.every(([red, green, blue]) => red === 255 && green === 255 && blue === 255)).toBe(true);
  expect(seen.length).toBeGreaterThan(50);
  expect(pixels.length - seen.length).toBeGreaterThan(50);
});

/** The compressed pixels of a PNG. */
function dataOf(png: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at);
    if (png.subarray(at + 4, at + 8).toString() === 'IDAT') parts.push(png.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  return Buffer.concat(parts);
}
