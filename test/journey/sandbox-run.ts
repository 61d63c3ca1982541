// `acr-warden start` as a user runs it: the launcher, the sandbox's process, the bot's process, on free ports and a
// folder of its own.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface SandboxRun {
  readonly botUrl: string;
  readonly pageUrl: string;
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  /** What it printed so far. */
  output(): string;
  close(): Promise<void>;
}

const root = new URL('../..', import.meta.url).pathname;

/**
 * Starts it and waits until the bot says it is ready. `prepare` may put things into its data folder before, and say what is
 * configured: then stand-ins play the rest. `options` are those of the command, for example `--latency`.
 */
export async function startSandbox(
  prepare: (folder: string) => Promise<Readonly<Record<string, string>> | void> = async () => undefined,
  options: readonly string[] = [],
): Promise<SandboxRun> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'start-'));
  const configured = await prepare(folder);
  const environment = { ...configured, PORT: String(port), ACR_WARDEN_DATA: folder, LOG_LEVEL: 'warn' };
  const verb = configured ? 'sandbox' : 'start';
  const child = spawn(process.execPath, [join(root, 'src/launch.ts'), verb, ...options], {
    cwd: root,
    env: { ...cleanEnvironment(), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => void (printed += chunk.toString()));
  const botUrl = `http://127.0.0.1:${port}`;
  await until(
    async () => (await fetch(`${botUrl}/readyz`)).ok,
    () => `the bot did not get ready:\n${printed}`,
    child,
  );
  const pageUrl = `http://127.0.0.1:${port + 1}/`;
  await until(
    async () => (await fetch(pageUrl)).ok,
    () => `the page did not get ready:\n${printed}`,
    child,
  );
  return {
    botUrl,
    pageUrl,
    folder,
    environment,
    output: () => printed,
    close: async () => {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The environment without anything that would configure a channel or Azure. */
const cleanEnvironment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) =>
        !/^(AZURE_|SLACK_|MicrosoftApp|TEAMS_|IDENTITY_|ACR_WARDEN_|NODE_EXTRA|BotOpenId|PORT$|VITEST)/.test(
          name,
        ),
    ),
  );

async function until(
  isReady: () => Promise<boolean>,
  problem: () => string,
  child: ChildProcess,
): Promise<void> {
  for (let wait = 0; wait < 300; wait++) {
    if (child.exitCode !== null) break;
    if (await isReady().catch(() => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  child.kill('SIGKILL');
  throw new Error(problem());
}

/** A port that is free, with the next ones free as well, as far as one can know. */
async function freePort(): Promise<number> {
  for (;;) {
    const base = 20_000 + Math.floor(Math.random() * 30_000);
    const free = await Promise.all([0, 1, 2].map((offset) => isFree(base + offset)));
    if (free.every(Boolean)) return base;
  }
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
