// What every request to the stand-in passes first: the latency it was given, and the faults that strike any request.
import { setTimeout as pause } from 'node:timers/promises';
import type { Request } from 'express';
import type { Answer } from './answer.ts';
import type { Faults } from './faults.ts';

export interface Gate {
  /** Waits, then says what to answer instead: an error, 'dropped' (the connection is gone), or nothing. */
  pass(request: Request, errorOf: (status: number) => Answer): Promise<Answer | 'dropped' | undefined>;
  setLatency(milliseconds: number): void;
  latency(): number;
}

/** A slow request takes this many times the latency, and at least one second. */
const slowFactor = 10;

export function createGate(faults: Faults, latencyMs: number): Gate {
  let latency = latencyMs;
  return {
    latency: () => latency,
    setLatency: (milliseconds) => {
      latency = milliseconds;
    },
    pass: async (request, errorOf) => {
      const wait = faults.strikes('slow') ? Math.max(latency * slowFactor, 1000) : latency;
      if (wait > 0) await pause(wait);
      if (faults.strikes('drop')) {
        request.socket.destroy();
        return 'dropped';
      }
      if (faults.strikes('429')) return errorOf(429);
      if (faults.strikes('500')) return errorOf(500);
      return undefined;
    },
  };
}
