// The composition root: the product, both chats and the webhook on one port, and what runs by itself.
import { startBackground } from './background.ts';
import { finishUnanswered } from './commands/dispatch.ts';
import { takeEvents } from './commands/registry-events.ts';
import type { Environment } from './config/environment.ts';
import { createRegistryWebhook } from './events/registry-webhook.ts';
import type { ChannelName, Messenger } from './ports.ts';
import { compose, type Product } from './product.ts';
import { ids } from './server/ids.ts';
import { closeRoutes, createApp, listen } from './server/server.ts';
import { serveWebhook } from './server/webhook-route.ts';

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
