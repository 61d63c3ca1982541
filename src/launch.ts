// Decides what runs: the product alone, or the sandbox beside it with the environment set so that the product speaks to
// it. Trust in the sandbox's certificate is an environment variable read at start, so the product is a process of its own.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { SandboxReady } from './sandbox/main.ts';

const sandboxMain = new URL('./sandbox/main.ts', import.meta.url).pathname;
const productMain = new URL('./cli.ts', import.meta.url).pathname;
const oneShot = new Set([
  'status',
  'check',
  'registries',
  'show',
  'image',
  'requests',
  'request',
  'promote',
  'approve',
  'reject',
  'cancel',
  'digest',
  'drift',
  'waive',
  'waivers',
  'audit',
  'whoami',
]);
const sandboxOptions = new Set(['--estate', '--latency', '--fault', '--quota', '--slack']);

const isSet = (...names: string[]): boolean => names.some((name) => Boolean(process.env[name]));
const configured = {
  azure: isSet('AZURE_CLOUD'),
  slack: isSet('SLACK_SIGNING_SECRET', 'SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN', 'SLACK_CLIENT_ID'),
  teams: isSet('MicrosoftAppId', 'MicrosoftAppType', 'TEAMS_AUTH'),
};
const nothing = !configured.azure && !configured.slack && !configured.teams;
const data = resolve(process.env['ACR_WARDEN_DATA'] ?? '.acr-warden');
const lastingSandbox = join(data, 'sandbox');

await main();

async function main(): Promise<void> {
  const { own, rest } = splitOptions(process.argv.slice(2));
  const [verb = '', second = ''] = rest.filter((word) => !word.startsWith('-'));
  if (verb === 'sandbox' && rest.includes('--print-policy'))
    return exitWith(
      spawn(process.execPath, [sandboxMain, '--print-policy', '--data', lastingSandbox, ...own], {
        stdio: 'inherit',
      }),
    );
  const parts = partsFor(verb, second);
  if (parts.length === 0) return exitWith(product(rest, {}));

  const running = verb === 'start' || verb === 'sandbox' ? undefined : runningSandbox();
  if (running) return exitWith(product(rest, { ...running.environment, ACR_WARDEN_TERMINAL: 'writes' }));
  const lasting = verb === 'start' || verb === 'sandbox';
  const folder = lasting ? data : mkdtempSync(join(tmpdir(), 'acr-warden-'));
  const { child, ready } = await startSandbox(folder, lasting, parts, own);
  const bot = product(rest, {
    ...ready.environment,
    ACR_WARDEN_DATA: folder,
    // What is gone with the folder leaves nothing in a database.
    ...(!lasting && { DATABASE_URL: '' }),
    ACR_WARDEN_TERMINAL: 'writes',
    ACR_WARDEN_PAGE: ready.pageUrl ?? '',
    ...(process.env['ACR_WARDEN_POLICY'] && { ACR_WARDEN_POLICY: process.env['ACR_WARDEN_POLICY'] }),
  });
  child.on('exit', () => bot.kill('SIGTERM'));
  await exitWith(bot, () => {
    child.kill('SIGTERM');
    if (!lasting) rmSync(folder, { recursive: true, force: true });
  });
}

/** Which stand-ins a verb needs: `sandbox` whatever is not configured, the others all or nothing. */
function partsFor(verb: string, second: string): readonly string[] {
  if (verb === 'sandbox') return (['azure', 'slack', 'teams'] as const).filter((part) => !configured[part]);
  if (verb === 'start') return nothing ? ['azure', 'slack', 'teams'] : [];
  if (configured.azure) return [];
  if (oneShot.has(verb) && !(verb === 'audit' && second !== '' && isSet('ACR_WARDEN_DATA', 'DATABASE_URL')))
    return ['azure'];
  return verb === 'policy' && second === 'explain' && !process.env['ACR_WARDEN_POLICY'] ? ['azure'] : [];
}

/** Options of the stand-in, and everything else. */
function splitOptions(args: readonly string[]): { own: string[]; rest: string[] } {
  const own: string[] = [];
  const rest: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const word = args[i] ?? '';
    const name = word.split('=')[0] ?? '';
    if (!sandboxOptions.has(name)) rest.push(word);
    else if (word.includes('=')) own.push(word);
    else own.push(word, args[++i] ?? '');
  }
  return { own, rest };
}

/** The sandbox that `start` left its address of, if it still runs. */
function runningSandbox(): SandboxReady | undefined {
  const file = join(lastingSandbox, 'sandbox.json');
  if (!existsSync(file)) return undefined;
  try {
    const ready = JSON.parse(readFileSync(file, 'utf8')) as SandboxReady;
    process.kill(ready.pid, 0);
    return ready;
  } catch {
    return undefined;
  }
}

async function startSandbox(
  folder: string,
  lasting: boolean,
  parts: readonly string[],
  own: readonly string[],
): Promise<{ child: ChildProcess; ready: SandboxReady }> {
  const port = Number(process.env['PORT'] ?? 3978);
  const args = [
    '--data',
    join(folder, 'sandbox'),
    '--parts',
    parts.join(','),
    '--bot-url',
    `http://127.0.0.1:${port}`,
    ...own,
  ];
  if (lasting) args.push('--port', String(port + 1));
  // A policy of one's own trusts the authority of the lasting sandbox, which printed it.
  const authority = join(lastingSandbox, 'azure');
  if (!lasting && process.env['ACR_WARDEN_POLICY'] && existsSync(authority))
    args.push('--authority', authority);
  const child = spawn(process.execPath, [sandboxMain, ...args], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ready = await new Promise<SandboxReady>((done) => {
    child.once('message', (message: SandboxReady | { failed: string }) => {
      if ('failed' in message) fail(message.failed);
      done(message as SandboxReady);
    });
    child.once('exit', () => fail('The sandbox did not start.'));
  });
  return { child, ready };
}

function fail(text: string): void {
  console.error(text);
  process.exit(78);
}

function product(args: readonly string[], environment: Readonly<Record<string, string>>): ChildProcess {
  return spawn(process.execPath, [productMain, ...args], {
    stdio: 'inherit',
    env: { ...process.env, ...environment },
  });
}

/** Forwards signals, and ends as the child ends. */
function exitWith(child: ChildProcess, cleanUp: () => void = () => undefined): Promise<void> {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  return new Promise(() => {
    child.once('exit', (code, signal) => {
      cleanUp();
      process.exit(signal ? 143 : (code ?? 1));
    });
  });
}
