// What can go wrong on the way to Azure, by name. A fault strikes by a hash of its name and its own count, so that the
// same run meets the same failures again.
import { createHash } from 'node:crypto';

export const faultNames = [
  '403-diagnostics',
  '403-registry',
  '429',
  '500',
  'drop',
  'slow',
  'malformed-row',
  'import-fails',
  'import-hangs',
  'import-wrong-digest',
  'lock-refused',
] as const;

export type FaultName = (typeof faultNames)[number];

/** `rate` is the share of chances it takes, 0..1; 1 where absent. */
export interface Fault {
  readonly name: FaultName;
  readonly rate?: number;
}

export interface Faults {
  /** Whether this fault strikes now; each question is one chance. */
  strikes(name: FaultName): boolean;
  set(faults: readonly Fault[]): void;
}

/** Reads `NAME` or `NAME:RATE`; throws with the known names, or with the range of a rate. */
export function parseFault(text: string): Fault {
  const [name = '', rate] = text.split(':');
  if (rate === undefined) return checked({ name });
  return checked({ name, rate: Number(rate) });
}

export function createFaults(initial: readonly Fault[] = []): Faults {
  let active = new Map<FaultName, number>();
  const chances = new Map<FaultName, number>();
  const set = (faults: readonly Fault[]): void => {
    active = new Map(faults.map(checked).map((fault) => [fault.name, fault.rate ?? 1]));
  };
  set(initial);
  return {
    set,
    strikes: (name) => {
      const rate = active.get(name);
      if (rate === undefined) return false;
      const count = (chances.get(name) ?? 0) + 1;
      chances.set(name, count);
      return lot(name, count) < rate;
    },
  };
}

/** A number in [0, 1) that depends on the name and the count only. */
function lot(name: string, count: number): number {
  return createHash('sha256').update(`${name}#${count}`).digest().readUInt32BE(0) / 2 ** 32;
}

function checked(fault: { readonly name: string; readonly rate?: number }): Fault {
  const name = faultNames.find((known) => known === fault.name);
  if (name === undefined) {
    throw new Error(`Invalid fault '${fault.name}'. Must be one of: ${faultNames.join(', ')}.`);
  }
  if (fault.rate === undefined) return { name };
  if (!(fault.rate >= 0 && fault.rate <= 1)) {
    throw new Error(`Invalid rate of fault '${name}': ${fault.rate}. Must be a number from 0 to 1.`);
  }
  return { name, rate: fault.rate };
}
