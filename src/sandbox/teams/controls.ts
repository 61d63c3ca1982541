// The switches tests use on the stand-in of Teams: errors the Bot Connector answers with, and its rate limits.

/** What one call of the bot meets. `code` is the connector's, such as MessageWritesBlocked. */
export interface TeamsFault {
  readonly status: number;
  readonly code: string;
  /** Seconds, for 429. */
  readonly retryAfter?: number;
}

/** The operations a fault can be set on. */
export type ConnectorOperation = 'create' | 'send' | 'update' | 'delete' | 'members';

export interface TeamsControls {
  /** Per thread: at most `calls` within `ms`; empty is off. Teams: 7 in 1 s, 8 in 2 s, 60 in 30 s, 1,800 in an hour. */
  limits: readonly { readonly calls: number; readonly ms: number }[];
  /** How long the bot may take to answer an activity and an invoke, in milliseconds. */
  answerWithinMs: number;
  /** Object ids of those who are guests of the tenant. */
  readonly guests: Set<string>;
  /** The next `times` calls of the operation meet the fault. */
  readonly fault: (operation: ConnectorOperation, fault: TeamsFault, times?: number) => void;
  readonly clearFaults: () => void;
}

export interface TeamsGate {
  readonly controls: TeamsControls;
  readonly takeFault: (operation: ConnectorOperation) => TeamsFault | undefined;
  /** Seconds to wait if the thread is over a limit; 0 counts the call. */
  readonly takeTurn: (thread: string) => number;
}

export function createGate(now: () => number): TeamsGate {
  const faults: { operation: ConnectorOperation; fault: TeamsFault; left: number }[] = [];
  const sent = new Map<string, number[]>();
  const controls: TeamsControls = {
    guests: new Set(),
    limits: [
      { calls: 7, ms: 1000 },
      { calls: 8, ms: 2000 },
      { calls: 60, ms: 30_000 },
      { calls: 1800, ms: 3_600_000 },
    ],
    answerWithinMs: 10_000,
    fault: (operation, fault, times = 1) => void faults.push({ operation, fault, left: times }),
    clearFaults: () => void faults.splice(0),
  };
  return {
    controls,
    takeFault: (operation) => {
      const found = faults.find((one) => one.left > 0 && one.operation === operation);
      if (found) found.left -= 1;
      return found?.fault;
    },
    takeTurn: (thread) => {
      const times = (sent.get(thread) ?? []).filter((at) => at > now() - 3_600_000);
      const over = controls.limits.find(
        ({ calls, ms }) => times.filter((at) => at > now() - ms).length >= calls,
      );
      if (!over) times.push(now());
      sent.set(thread, times);
      return over ? Math.max(1, Math.ceil(over.ms / 1000 / over.calls)) : 0;
    },
  };
}
