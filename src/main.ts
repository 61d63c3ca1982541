// The composition root: reads what is configured, opens the doors, gives them to the use cases and these to the channels.
import { join } from 'node:path';
import { connectAzure } from './azure/azure.ts';
import { kqlProblems } from './azure/kql-syntax.ts';
import { startBackground } from './background.ts';
import { createDispatch, finishUnanswered } from './commands/dispatch.ts';
import type { Doors } from './commands/doors.ts';
import { takeEvents } from './commands/registry-events.ts';
import { doWork } from './commands/work.ts';
import { ConfigurationError } from './config/configuration-error.ts';
import { type Environment, prepareDataFolder } from './config/environment.ts';
import { type LivePolicy, openPolicy } from './config/live-policy.ts';
import { readPolicyFile } from './config/policy-file.ts';
import { createRegistryWebhook } from './events/registry-webhook.ts';
import type { ChannelName, Clock, Dispatch, Log, Messenger } from './ports.ts';
import { startWorker, type Worker } from './schedule/worker.ts';
import { ids } from './server/ids.ts';
import { createLog } from './server/log.ts';
import { closeRoutes, createApp, listen } from './server/server.ts';
import { type AuditKey, auditKey } from './store/audit.ts';
import { serveWebhook } from './server/webhook-route.ts';
import { openLedger, type Store } from './store/ledger.ts';
import { explainProblem } from './store/postgres-problems.ts';
import { openSqlite } from './store/sqlite.ts';

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

/**
 * The data: PostgreSQL where DATABASE_URL names one, else a file of the data folder, which goes by `clock`. What stands in
 * the way there is a matter of configuration. Throws ConfigurationError.
 */
export async function openStore(
  { data, databaseUrl, auditKey: key }: Environment,
  clock: Clock,
  log: Log,
): Promise<Store> {
  prepareDataFolder(data);
  const signing = readAuditKey(data, key);
  if (databaseUrl) {
    const { openPostgres } = await import('./store/postgres.ts');
    return openPostgres(databaseUrl, log)
      .then((engine) => openLedger(engine, signing))
      .catch((error: unknown) => {
        throw new ConfigurationError(explainProblem(error, databaseUrl));
      });
  }
  try {
    return await openLedger(openSqlite(join(data, 'warden.sqlite'), clock), signing);
  } catch (error) {
    throw new ConfigurationError(
      `Cannot open the data in ${data} (${(error as Error).message}). Set ACR_WARDEN_DATA to a folder of this product.`,
    );
  }
}

function readAuditKey(data: string, configured: string | undefined): AuditKey {
  try {
    return auditKey(data, configured);
  } catch (error) {
    throw new ConfigurationError(
      `Cannot read the audit key (${(error as Error).message}). Set ACR_WARDEN_AUDIT_KEY to an Ed25519 key in PEM or its file${configured ? '' : `, or ACR_WARDEN_DATA to another folder than ${data}`}.`,
    );
  }
}

/** Everything: both chats on one port, the worker, the schedules. Throws ConfigurationError or the error of the socket. */
export async function start(
  environment: Environment,
): Promise<{ readonly product: Product; close(): Promise<void> }> {
  const product = await compose(environment);
  const { doors, dispatch } = product;
  const { ledger, log, clock } = doors;
  let ready = false;
  const app = createApp({
    ready: async () => ({
      ok: ready && (await ledger.answers()),
      detail: { channels: [...doors.messengers.keys()].join(' ') },
    }),
  });
  const messengers = doors.messengers as Map<ChannelName, Messenger>;
  const channels: { close(): Promise<void> }[] = [];
  const shared = { app, dispatch, log, clock };
  if (environment.slack) {
    const { startSlack } = await import('./channels/slack/channel.ts');
    const slack = await startSlack({ ...shared, config: environment.slack, references: ledger });
    messengers.set('slack', slack.messenger);
    channels.push(slack);
  }
  if (environment.teams) {
    const { startTeams } = await import('./channels/teams/channel.ts');
    const teams = await startTeams({ ...shared, config: environment.teams, references: ledger });
    messengers.set('teams', teams.messenger);
    channels.push(teams);
  }
  const { webhookSecret: secret } = environment;
  serveWebhook(
    app,
    createRegistryWebhook({ secret, hash: ids.hash, take: (events) => takeEvents(doors, events), log }),
  );
  const left = await ledger.unanswered();
  closeRoutes(app);
  const closeAll = async () => {
    await Promise.all(channels.map((channel) => channel.close()));
    await ledger.close();
  };
  const server = await listen(app, environment.port, environment.host).catch(async (error: unknown) => {
    await closeAll();
    throw error;
  });
  const background = await startBackground(product);
  // Beside what comes in now: a long read that is begun again keeps nobody waiting.
  const recovery = finishUnanswered(doors, left).then(
    (late) => late > 0 && log.info('answered what was left from before', { deliveries: late }),
    (error: unknown) =>
      log.error('what was left from before could not be answered', { error: String(error) }),
  );
  ready = true;
  return {
    product,
    close: async () => {
      background.stopClocks();
      server.close();
      server.closeAllConnections();
      // Reads end where they are, so that answers that wait for them are given before the channels close.
      doors.reader.close?.();
      await recovery;
      await background.close();
      await closeAll();
    },
  };
}
