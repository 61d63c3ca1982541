// The policy as it is now: read again when its file changes. One that is not valid is refused whole, and the one of
// before stays in force: a slip of an editor must not open a gate.
import { unwatchFile, watchFile } from 'node:fs';
import type { Policy } from '../policy/policy.ts';
import { ConfigurationError } from './configuration-error.ts';
import type { PolicyReading } from './policy-file.ts';

export interface LivePolicy {
  /** The one in force. */
  readonly current: () => Policy;
  /** Reads the file again; gives what is wrong with it, or nothing. */
  reload(): readonly string[];
  /** Tells of each change of the file, with what is wrong in it. Gives the way to stop. */
  watch(changed: (problems: readonly string[]) => void): () => void;
}

/** Milliseconds between two looks: a poll sees what mounted volumes and editors that rename files do. */
const lookEvery = 5000;

/** Throws ConfigurationError where the file is not valid to begin with. */
export function openPolicy(file: string, read: (file: string) => PolicyReading): LivePolicy {
  const first = read(file);
  if (!first.ok) throw new ConfigurationError(first.errors.map((error) => error.text).join('\n'));
  let { policy } = first;

  function reload(): readonly string[] {
    try {
      const reading = read(file);
      if (!reading.ok) return reading.errors.map((error) => error.text);
      ({ policy } = reading);
      return [];
    } catch (error) {
      return [(error as Error).message];
    }
  }
  return {
    current: () => policy,
    reload,
    watch: (changed) => {
      const look = () => changed(reload());
      watchFile(file, { interval: lookEvery, persistent: false }, look);
      process.on('SIGHUP', look);
      return () => {
        unwatchFile(file, look);
        process.off('SIGHUP', look);
      };
    },
  };
}
