// The product without its ways in: reads what is configured, opens the doors and gives them to the use cases.
import { connectAzure } from './azure/azure.ts';
import { kqlProblems } from './azure/kql-syntax.ts';
import { createDispatch } from './commands/dispatch.ts';
import type { Doors } from './commands/doors.ts';
import { doWork } from './commands/work.ts';
import { ConfigurationError } from './config/configuration-error.ts';
import type { Environment } from './config/environment.ts';
import { type LivePolicy, openPolicy } from './config/live-policy.ts';
import { readPolicyFile } from './config/policy-file.ts';
import { openStore } from './data.ts';
import type { ChannelName, Dispatch, Messenger } from './ports.ts';
import { startWorker, type Worker } from './schedule/worker.ts';
import { ids } from './server/ids.ts';
import { createLog } from './server/log.ts';
import type { Store } from './store/ledger.ts';

export interface Product {
  readonly policy: LivePolicy;
  readonly doors: Doors & { readonly ledger: Store };
  readonly dispatch: Dispatch;
  /** Does the stored work: the saga's steps, the cards, the digests. */
  startWork(lease?: number): Worker;
}

/** The product without its channels: enough for the terminal. Throws ConfigurationError. */
export async function compose(environment: Environment): Promise<Product> {
  const { policyFile, azure } = environment;
  if (!azure)
    throw new ConfigurationError(
      'Azure is not configured. Set AZURE_CLOUD to public, china or usgov; or run "acr-warden sandbox", which has a stand-in.',
    );
  if (!policyFile)
    throw new ConfigurationError(
      'There is no policy. Set ACR_WARDEN_POLICY to its file; "acr-warden sandbox --print-policy" prints one to begin with.',
    );
  const policy = openPolicy(policyFile, (file) => readPolicyFile(file, kqlProblems));
  const clock = Date.now;
  const log = createLog(environment.logLevel);
  const ledger = await openStore(environment, () => doors.clock(), log);
  let worker: Worker | undefined;
  const doors = {
    policy: policy.current,
    ...(await connectAzure(
      azure,
      clock,
      () => policy.current().posture.ownRules?.map(({ definition }) => definition) ?? [],
      ledger,
    )),
    ledger,
    messengers: new Map<ChannelName, Messenger>(),
    clock,
    ids,
    log,
    wake: () => worker?.wake(),
  };
  return {
    doors,
    policy,
    dispatch: createDispatch(doors),
    startWork: (lease) => {
      worker = startWorker({
        ...doors,
        owner: ids.token(),
        work: (job) => doWork(job, doors),
        ...(lease !== undefined && { lease }),
      });
      return worker;
    },
  };
}
