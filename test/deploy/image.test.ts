// The image without a container engine: the files that the Dockerfile copies, production packages alone, and its own
// commands run on them.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../bench/measure.ts';
import { dockerfile, read, top } from './files.ts';

let folder = '';
let bot: ChildProcess;
let said = '';
let environment: Record<string, string> = {};

/** What the Dockerfile copies, and what `npm ci --omit=dev --omit=optional` would put beside it. */
function stage(): void {
  for (const { name, rest } of dockerfile()) {
    if (name !== 'COPY') continue;
    const words = rest.split(/\s+/);
    for (const source of words.slice(0, -1))
      cpSync(join(top, source), join(folder, source), {
        recursive: true,
        filter: (path) => !path.startsWith(join(top, 'src/sandbox')),
      });
  }
  const { packages } = JSON.parse(read('package-lock.json')) as {
    packages: Record<string, { dev?: boolean; optional?: boolean }>;
  };
  for (const [path, { dev, optional }] of Object.entries(packages)) {
    if (dev || optional || path.split('node_modules/').length !== 2) continue;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    symlinkSync(join(top, path), join(folder, path));
  }
}

/** The JSON form of an instruction's command. */
function command(name: 'CMD' | 'HEALTHCHECK'): {
  readonly program: string;
  readonly args: readonly string[];
} {
  const line = dockerfile().find((each) => each.name === name)?.rest ?? '';
  const [program = '', ...args] = JSON.parse(line.slice(line.indexOf('['))) as string[];
  return { program: program === 'node' ? process.execPath : program, args };
}

function health(): number | null {
  const { program, args } = command('HEALTHCHECK');
  return spawnSync(program, args, { cwd: folder, env: environment }).status;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'image-'));
  stage();
  environment = {
    PORT: String(await freePort()),
    HOST: '127.0.0.1',
    ACR_WARDEN_DATA: join(folder, 'data'),
    ACR_WARDEN_POLICY: join(top, 'test/fixtures/policy.yaml'),
    AZURE_CLOUD: 'public',
    SLACK_SIGNING_SECRET: 'a-secret',
    SLACK_BOT_TOKEN: 'xoxb-none',
    SLACK_API_URL: 'http://127.0.0.1:9/',
    TEAMS_AUTH: 'none',
  };
  const { program, args } = command('CMD');
  bot = spawn(program, args, { cwd: folder, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [bot.stdout, bot.stderr])
    stream?.on('data', (text: Buffer) => (said += text.toString()));
});

afterAll(async () => {
  if (bot.exitCode === null && bot.signalCode === null) {
    bot.kill('SIGKILL');
    await once(bot, 'exit');
  }
  rmSync(folder, { recursive: true, force: true });
});

describe('what the image holds', () => {
  it('starts both chats, becomes healthy, and ends at a signal', async () => {
    for (let look = 0; look < 40 && health() !== 0 && bot.exitCode === null; look++) await pause(250);
    const whenReady = health();
    bot.kill('SIGTERM');
    const [code] = (await once(bot, 'exit')) as [number | null];

    expect(whenReady, said).toBe(0);
    expect(said).toContain('/slack/events');
    expect(said).toContain('/api/messages');
    expect(code).toBe(0);
    expect(health()).toBe(1);
  });
});
