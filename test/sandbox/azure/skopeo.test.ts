// An independent client, written by others in another language: skopeo lists, inspects, and copies in and out, and the
// digests stay what they were.
import { execFile } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adminPassword } from '../../../src/sandbox/azure/registry/credentials.ts';
import { digestOf } from './registry-client.ts';
import { loginServer, refreshToken, type Running, startStandIn } from './stand-in.ts';

const skopeo = '/usr/bin/skopeo';
const isThere = existsSync(skopeo);
if (!isThere) console.log(`skipped: no ${skopeo}`);

let running: Running;
let certs: string;

beforeAll(async () => {
  running = await startStandIn();
  certs = join(running.dataDir, 'certs');
  mkdirSync(certs);
  copyFileSync(running.azure.caFile, join(certs, 'ca.crt'));
});
afterAll(() => running.stop());

async function run(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(skopeo, ['--insecure-policy', ...args]);
  return stdout;
}

const user = '00000000-0000-0000-0000-000000000000';
const image = (registry: string, rest: string) => `docker://${loginServer(running, registry)}/${rest}`;
const stored = (registry: string, repository: string, tag: string) =>
  running.azure
    .inspect()
    .find((one) => one.name === registry)
    ?.repositories.find((one) => one.name === repository)
    ?.tags.find((one) => one.name === tag)?.digest;

describe.skipIf(!isThere)('skopeo', () => {
  it('logs in with a refresh token and lists tags', async () => {
    const password = await refreshToken(running, 'contosouat', 'warden-reader');
    const authFile = join(running.dataDir, 'auth.json');

    const login = await run(
      'login',
      '--authfile',
      authFile,
      '--cert-dir',
      certs,
      '-u',
      user,
      '-p',
      password,
      loginServer(running, 'contosouat'),
    );
    const tags = JSON.parse(
      await run('list-tags', '--authfile', authFile, '--cert-dir', certs, image('contosouat', 'shop/cart')),
    );

    expect(login).toContain('Login Succeeded');
    expect(tags.Tags).toEqual(['v2.3.0', 'v2.4.0']);
  });

  it('inspects an image with its labels', async () => {
    const password = await refreshToken(running, 'contosouat', 'warden-reader');

    const seen = JSON.parse(
      await run(
        'inspect',
        '--creds',
        `${user}:${password}`,
        '--cert-dir',
        certs,
        image('contosouat', 'shop/web:v1.4.2'),
      ),
    );

    expect(seen.Digest).toBe(stored('contosouat', 'shop/web', 'v1.4.2'));
    expect(seen.Labels['org.opencontainers.image.source']).toBe('https://git.contoso.example/shop/web');
  });

  it('copies an index out to a folder and into another registry with equal digests', async () => {
    const password = await refreshToken(running, 'contosouat', 'warden-reader');
    const out = join(running.dataDir, 'out');
    const secret = adminPassword('legacyhub');

    await run(
      'copy',
      '--all',
      '--preserve-digests',
      '--src-creds',
      `${user}:${password}`,
      '--src-cert-dir',
      certs,
      image('contosouat', 'shop/web:v1.4.2'),
      `dir:${out}`,
    );
    await run(
      'copy',
      '--all',
      '--preserve-digests',
      '--dest-creds',
      `legacyhub:${secret}`,
      '--dest-cert-dir',
      certs,
      `dir:${out}`,
      image('legacyhub', 'copied/web:v1'),
    );

    const digest = stored('contosouat', 'shop/web', 'v1.4.2');
    expect(digestOf(readFileSync(join(out, 'manifest.json')))).toBe(digest);
    expect(stored('legacyhub', 'copied/web', 'v1')).toBe(digest);
  });

  it('is refused where the identity may not push', async () => {
    const password = await refreshToken(running, 'contosouat', 'warden-reader');
    const args = [
      'copy',
      '--src-creds',
      `${user}:${password}`,
      '--src-cert-dir',
      certs,
      '--dest-creds',
      `${user}:${password}`,
      '--dest-cert-dir',
      certs,
    ];

    const refused = run(
      ...args,
      image('contosouat', 'shop/cart:v2.4.0'),
      image('contosouat', 'shop/stolen:v1'),
    );

    await expect(refused).rejects.toThrow(/unauthorized|denied|insufficient_scope|authentication required/i);
    expect(stored('contosouat', 'shop/stolen', 'v1')).toBeUndefined();
  });
});
