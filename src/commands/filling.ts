// An answer that fills while registries are being read: shown when it takes long, then edited in place, and at the end the
// answer itself. Once, for every command and channel: a use case offers what it can say by now, this decides when to show it.
import type { Answer, Log, MessageRef, ScanProgress, Show } from '../ports.ts';

export type Progress = Omit<ScanProgress, 'scan'>;

/** Takes what can be said by now. It is made only if it is shown; a later offer replaces one that waits. */
export type Offer = (progress: Progress, make: () => Promise<Answer>) => void;

export interface Filling {
  readonly offer: Offer;
  /** Shows nothing more but the answer, and that only where something that can be edited was shown. */
  end(answer: Answer): Promise<void>;
}

/** Milliseconds before the first card, and between two: a quick answer shows none. */
export interface FillingPace {
  readonly patience: number;
  readonly interval: number;
}

const usualPace: FillingPace = { patience: 1500, interval: 2000 };
/** What takes long is edited more seldom: at most ten times in all that it took so far. */
const editsOfAll = 10;

/** `remember` stores the message, so that the next process can end it if this one does not. */
export function createFilling(doors: {
  readonly show: Show;
  readonly remember: (message: MessageRef) => Promise<void>;
  readonly log: Log;
  readonly pace?: FillingPace | undefined;
}): Filling {
  const { show, log } = doors;
  const { patience, interval } = doors.pace ?? usualPace;
  const begun = performance.now();
  const ended = new AbortController();
  let next = begun + patience;
  let waiting: Parameters<Offer> | undefined;
  let running: Promise<void> | undefined;
  let message: MessageRef | undefined;

  async function run(): Promise<void> {
    while (waiting) {
      await pause(next - performance.now(), ended.signal);
      const [progress, make] = waiting;
      waiting = undefined;
      const shown = await show(await make(), progress);
      if (shown && !message) await doors.remember(shown);
      message ??= shown;
      const now = performance.now();
      next = now + Math.max(interval, (now - begun) / editsOfAll);
    }
  }
  const fail = (error: unknown): void => {
    if (ended.signal.aborted) return;
    ended.abort();
    log.warn('what is known so far could not be shown', { error: String(error) });
  };

  return {
    offer: (...offered) => {
      if (ended.signal.aborted) return;
      waiting = offered;
      running ??= run()
        .catch(fail)
        .finally(() => {
          running = undefined;
        });
    },
    end: async (answer) => {
      ended.abort();
      await running;
      if (message) await show(answer).catch(fail);
    },
  };
}

/** Rejects when `signal` ends it. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, milliseconds);
  signal.addEventListener('abort', () => {
    clearTimeout(timer);
    reject(new Error('ended'));
  });
  return promise;
}
