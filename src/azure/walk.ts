// Walks through the repositories of registries under a budget of requests: registries take turns, a walk that ran out of
// budget is gone on with by the next one, and what a digest says is read once for good.
import type { Content, Part } from '../posture/facts.ts';
import type { Clock, RegistryRef } from '../ports.ts';
import { type DataPlane, readScope } from './data-plane.ts';
import { AzureError } from './errors.ts';
import type { Manifests } from './manifests.ts';
import { read, reasonOf, unread } from './parts.ts';
import { readRepositoryContent, type WalkedRepository } from './repository-content.ts';
import { listRepositories } from './repositories.ts';

export interface WalkOptions {
  readonly registries: readonly RegistryRef[];
  readonly inUseTags: number;
  /** Requests to registries, those for tokens apart; repositories that are under way when it is spent are finished. */
  readonly maxRequests?: number;
  readonly onProgress?: Progress;
}

/** Repositories done, of those that are known by now, and the registry that it was the turn of. */
type Progress = (done: number, total: number, registry: string) => void;

export interface Walker {
  /** Resolves when all is walked or the budget is spent; never throws. One at a time: a second call shares the first. */
  walk(options: WalkOptions): Promise<void>;
  /** What the walks found so far, by the id of a registry in lower case; nothing where none has been there. */
  content(id: string): Part<Content> | undefined;
  /** Whether repositories are left for the next walk. */
  isUnfinished(): boolean;
  /** Ends the walk after the repositories that are under way. */
  stop(): void;
}

/** Of one registry. The queue is the cursor: what this pass has still to read. */
interface Ground {
  readonly ref: RegistryRef;
  plane?: DataPlane;
  names?: readonly string[];
  openedAt: number;
  /** Requests that were throttled before this pass. */
  throttledBefore: number;
  queue: string[];
  readonly walked: Map<string, WalkedRepository>;
  /** Why the catalogue could not be read, the last time. */
  failure?: string;
}

const atOnce = 6;
const defaultBudget = 2000;

export function createWalker(doors: {
  readonly plane: (registry: RegistryRef) => Promise<DataPlane>;
  readonly manifests: Manifests;
  readonly clock: Clock;
}): Walker {
  const grounds = new Map<string, Ground>();
  let isStopped = false;
  let running: Promise<void> | undefined;

  function groundOf(ref: RegistryRef): Ground {
    const id = ref.id.toLowerCase();
    const ground = grounds.get(id) ?? { ref, openedAt: 0, throttledBefore: 0, queue: [], walked: new Map() };
    grounds.set(id, ground);
    return ground;
  }

  async function walkAll(options: WalkOptions): Promise<void> {
    const all = options.registries.map(groundOf);
    const before = new Map(all.map((ground) => [ground, ground.plane?.sent() ?? 0]));
    const spent = (): number =>
      all.reduce((sum, ground) => sum + (ground.plane?.sent() ?? 0) - (before.get(ground) ?? 0), 0);
    // A new pass begins for all together, when nothing is left of the last one.
    const isDone = all.every((ground) => ground.queue.length === 0);
    const begun = all.filter((ground) => isDone || !ground.names);
    const next = takeTurns(all);
    const opening = new Set<Promise<void>>();
    const worker = async (): Promise<void> => {
      while (!isStopped && spent() < (options.maxRequests ?? defaultBudget)) {
        const ground = begun.shift();
        const turn = ground ? undefined : next();
        if (ground) {
          // One that does not answer keeps one worker busy, not the others.
          const opened = openGround(ground, doors.plane, doors.clock);
          opening.add(opened);
          await opened;
          opening.delete(opened);
        } else if (turn) {
          await readOne(turn.ground, turn.name, options);
          report(all, turn.ground.ref.key, options.onProgress);
        } else if (opening.size > 0) await Promise.race(opening);
        else return;
      }
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
    await doors.manifests.flush();
  }

  /** A repository that cannot be read keeps what was known of it, and is asked again in the next pass. */
  async function readOne(ground: Ground, name: string, options: WalkOptions): Promise<void> {
    if (!ground.plane) return;
    const { inUseTags } = options;
    try {
      const found = await readRepositoryContent(ground.plane, doors.manifests, name, {
        inUseTags,
        now: doors.clock(),
      });
      ground.walked.set(name, found);
    } catch (error) {
      // Deleted since the catalogue was read, or forbidden: what was known is no longer so.
      if (error instanceof AzureError && !error.retry) ground.walked.delete(name);
    }
  }

  return {
    walk: (options) => {
      isStopped = false;
      running ??= walkAll(options).finally(() => {
        running = undefined;
      });
      return running;
    },
    content: (id) => {
      const ground = grounds.get(id);
      return ground && contentOf(ground);
    },
    stop: () => {
      isStopped = true;
    },
    isUnfinished: () => [...grounds.values()].some((ground) => ground.queue.length > 0),
  };
}

function report(all: readonly Ground[], registry: string, tell: Progress | undefined): void {
  const total = all.reduce((sum, ground) => sum + (ground.names?.length ?? 0), 0);
  const left = all.reduce((sum, ground) => sum + ground.queue.length, 0);
  tell?.(total - left, total, registry);
}

/** Reads the catalogue: the beginning of a pass. */
async function openGround(
  ground: Ground,
  planeOf: (registry: RegistryRef) => Promise<DataPlane>,
  now: Clock,
): Promise<void> {
  try {
    ground.plane = await planeOf(ground.ref);
    ground.throttledBefore = ground.plane.throttled();
    const names = await listRepositories(ground.plane, ground.ref.key);
    ground.names = names;
    ground.openedAt = now();
    // Those that were never walked come first, so that a small budget gets around in the end.
    ground.queue = [...names].sort(
      (a, b) => (ground.walked.get(a)?.at ?? 0) - (ground.walked.get(b)?.at ?? 0),
    );
    for (const name of ground.walked.keys()) if (!names.includes(name)) ground.walked.delete(name);
    ground.plane.share(ground.queue.map(readScope));
    delete ground.failure;
  } catch (error) {
    ground.failure = forbiddenAs(error);
  }
}

const forbiddenAs = (error: unknown): string =>
  error instanceof AzureError && error.code === 'forbidden'
    ? "the repositories may not be listed: give the bot's identity AcrPull, or the roles Container Registry Repository Reader and Catalog Lister where the registry is in ABAC mode"
    : reasonOf(error);

/** The next repository of the registry that had the fewest turns: one that was slow to open catches up. */
function takeTurns(
  grounds: readonly Ground[],
): () => { readonly ground: Ground; readonly name: string } | undefined {
  const turns = new Map(grounds.map((ground) => [ground, 0]));
  return () => {
    let chosen: Ground | undefined;
    for (const ground of grounds) {
      if (ground.queue.length === 0) continue;
      if (!chosen || (turns.get(ground) ?? 0) < (turns.get(chosen) ?? 0)) chosen = ground;
    }
    const name = chosen?.queue.shift();
    if (!chosen || name === undefined) return undefined;
    turns.set(chosen, (turns.get(chosen) ?? 0) + 1);
    return { ground: chosen, name };
  };
}

/** `asOf` is that of the oldest repository in it. */
function contentOf(ground: Ground): Part<Content> | undefined {
  const { names, walked, failure } = ground;
  if (!names) return failure === undefined ? undefined : unread(failure);
  const found = [...walked.values()];
  const sum = (of: (each: WalkedRepository) => number): number =>
    found.reduce((bytes, each) => bytes + of(each), 0);
  const isWhole = found.length === names.length;
  return read({
    repositories: names.map((name) => walked.get(name)?.content ?? { name }),
    walked: found.length,
    total: names.length,
    ...(isWhole && {
      untaggedBytes: sum((each) => each.untaggedBytes),
      totalBytes: sum((each) => each.totalBytes),
    }),
    ...(ground.plane && { throttled: ground.plane.throttled() - ground.throttledBefore }),
    asOf: found.reduce((oldest, each) => Math.min(oldest, each.at), ground.openedAt),
  });
}
