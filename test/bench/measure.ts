// What every figure of the bench shares: medians, two contenders taking turns, and processes of their own that say when
// they are ready.
import { type ChildProcess, fork } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';

/** Times in milliseconds. `ratio` is ours / floor, taken from the medians of the same run. */
export interface Figure {
  readonly name: string;
  readonly ours: number;
  readonly floor: number;
  readonly ratio: number;
  readonly rounds: number;
  /** How the floor is made, and what else must be known to read the figure. */
  readonly note: string;
}

export function figure(
  name: string,
  ours: readonly number[],
  floor: readonly number[],
  note: string,
): Figure {
  const [mine, theirs] = [median(ours), median(floor)];
  return { name, ours: mine, floor: theirs, ratio: mine / theirs, rounds: ours.length, note };
}

/** Throws for an empty list: a figure without rounds is none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle];
  if (upper === undefined) throw new RangeError('no rounds were measured');
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

/**
 * Runs both in turns, the first to begin changing each round, so that neither has the warmer machine. After `limitMs` no
 * further round begins, once there are three.
 */
export async function inTurns(
  rounds: number,
  ours: (round: number) => Promise<number>,
  floor: (round: number) => Promise<number>,
  limitMs = 15_000,
): Promise<{ readonly ours: readonly number[]; readonly floor: readonly number[] }> {
  const times = { ours: [] as number[], floor: [] as number[] };
  const until = performance.now() + limitMs;
  for (let round = 0; round < rounds; round++) {
    if (round >= 3 && performance.now() > until) break;
    const order = round % 2 === 0 ? (['ours', 'floor'] as const) : (['floor', 'ours'] as const);
    for (const who of order) times[who].push(await (who === 'ours' ? ours : floor)(round));
  }
  return times;
}

export interface Helper<T> {
  readonly ready: T;
  ask(question: string): Promise<unknown>;
  stop(): Promise<void>;
}

/** Starts a file in its own process; it sends one message once it is ready. `heap` in MiB, where Node's default is too small. */
export async function startHelper<T>(
  file: URL,
  args: readonly string[],
  { heap }: { readonly heap?: number } = {},
): Promise<Helper<T>> {
  const execArgv = [...process.execArgv, ...(heap ? [`--max-old-space-size=${heap}`] : [])];
  const child: ChildProcess = fork(file, args, { stdio: 'inherit', execArgv });
  const ended = once(child, 'exit').then(([code, signal]: (number | string | null)[]) => {
    throw new Error(`${file.pathname} ended by itself: ${signal ?? `exit code ${code}`}`);
  });
  const [ready] = (await Promise.race([once(child, 'message'), ended])) as [T];
  ended.catch(() => undefined);
  return {
    ready,
    ask: async (question) => {
      const answer = once(child, 'message');
      child.send(question);
      return ((await Promise.race([answer, ended])) as [unknown])[0];
    },
    stop: async () => {
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await gone;
    },
  };
}

/** A port of loopback that nobody uses right now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
