// What every use case is given. Made once, in the composition root.
import type { Policy } from '../policy/policy.ts';
import type {
  ChannelName,
  Clock,
  Directory,
  Ids,
  Ledger,
  Log,
  Messenger,
  RegistryReader,
  RegistryWriter,
} from '../ports.ts';

export interface Doors {
  readonly policy: () => Policy;
  readonly reader: RegistryReader;
  readonly writer: RegistryWriter;
  /** Entra's groups; without it nobody is in one. */
  readonly directory?: Directory;
  readonly ledger: Ledger;
  readonly messengers: ReadonlyMap<ChannelName, Messenger>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  /** Tells the worker that there is new work, so that it does not wait for its next look. */
  readonly wake: () => void;
}
