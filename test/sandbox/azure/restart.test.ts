// What was answered is still there after a restart and after a kill: content, locks, running imports.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { registryId } from '../../../src/sandbox/estate/contoso/places.ts';
import { asAdmin } from './registry-client.ts';
import { askArm, type Running, startStandIn } from './stand-in.ts';

let running: Running;

beforeEach(async () => {
  running = await startStandIn();
});
afterEach(() => running.stop());

const stored = (registry: string, repository: string) =>
  running.azure
    .inspect()
    .find((one) => one.name === registry)
    ?.repositories.find((one) => one.name === repository);

describe('a restart', () => {
  it('keeps what was pushed and what was locked, and seeds nothing again', async () => {
    const admin = asAdmin(running);
    const digest = await admin.pushImage('kept/app', 'v1', 'kept');
    await admin.call('PATCH', '/acr/v1/kept/app/_tags/v1', { body: '{"writeEnabled":false}' });
    await admin.call('DELETE', '/acr/v1/crm/web');

    running = await running.restart();

    const tag = stored('legacyhub', 'kept/app')?.tags[0];
    expect([tag?.digest, tag?.attributes.writeEnabled]).toEqual([digest, false]);
    expect(stored('legacyhub', 'crm/web')).toBeUndefined();
    expect((await asAdmin(running).call('GET', '/v2/kept/app/manifests/v1')).status).toBe(200);
  });

  it('keeps the certificate, and the tokens and header of the managed identity', async () => {
    const before = { header: running.azure.identityHeader, token: await running.tokens.sign({ aud: 'x' }) };

    running = await running.restart();

    expect(running.azure.identityHeader).toBe(before.header);
    expect((await running.tokens.verify(before.token)).aud).toBe('x');
  });

  it('carries out an import that was running', async () => {
    running = await running.restart({ importMs: 300 });
    const accepted = await askArm(
      running,
      `${registryId('contosoprod')}/importImage?api-version=2025-11-01`,
      {
        as: 'importer-to-prod',
        method: 'POST',
        body: {
          source: { resourceId: registryId('contosouat'), sourceImage: 'shop/web:v1.4.2' },
          targetTags: ['shop/web:v1.4.2'],
        },
      },
    );
    running = await running.restart();

    await expect
      .poll(() => stored('contosoprod', 'shop/web')?.tags.some((tag) => tag.name === 'v1.4.2'))
      .toBe(true);

    const { pathname, search } = new URL(String(accepted.headers['location']));
    expect((await askArm(running, pathname + search)).status).toBe(200);
  });
});

describe('a kill', () => {
  it('in the middle of pushes loses none that was answered', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'killed-azure-'));
    const script = join(dataDir, 'push.mjs');
    const source = (path: string) => JSON.stringify(join(import.meta.dirname, '../../../src/sandbox', path));
    writeFileSync(
      script,
      `import { startAzure } from ${source('azure/server.ts')};
       import { contosoEstate } from ${source('estate/contoso/estate.ts')};
       import { createTokens } from ${source('tokens.ts')};
       const tokens = await createTokens(${JSON.stringify(dataDir)});
       const azure = await startAzure({ dataDir: ${JSON.stringify(dataDir)}, port: 0, estate: contosoEstate(), tokens });
       for (let i = 0; ; i += 1) process.stdout.write(azure.pushSample('devshop', 'killed/app', 'v' + i) + '\\n');`,
    );
    const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
    let heard = '';
    child.stdout.on('data', (chunk) => {
      heard += String(chunk);
    });
    while (heard.split('\n').length < 20) await pause(10);
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('close', resolve));

    const revived = await startStandIn({ dataDir });
    const app = revived.azure
      .inspect()
      .find((one) => one.name === 'devshop')
      ?.repositories.find((one) => one.name === 'killed/app');
    await revived.stop();
    rmSync(dataDir, { recursive: true, force: true });

    // The last line may be cut off by the kill.
    const answered = heard.split('\n').slice(0, -1);
    const held = new Set(app?.tags.map((tag) => tag.digest));
    expect(answered.length).toBeGreaterThan(10);
    expect(answered.filter((digest) => !held.has(digest))).toEqual([]);
  });
});
