// A product process that sends the digests that were claimed, by the real way out to Slack, until it is killed or done. The
// estate is an empty one: what is sent matters here, not what it says.
import express from 'express';
import { startSlack } from '../../src/channels/slack/channel.ts';
import { dueDigests } from '../../src/commands/digest-schedules.ts';
import { readEnvironment } from '../../src/config/environment.ts';
import { compose } from '../../src/main.ts';
import type { ChannelName, Messenger } from '../../src/ports.ts';
import { claimDue } from '../../src/schedule/ticker.ts';

const environment = readEnvironment();
const product = await compose(environment);
const { doors, dispatch } = product;
const { ledger, log, clock } = doors;
const empty = async () => ({ asOf: 1, registries: [], gaps: [] });
Object.assign(doors, { reader: { ...doors.reader, scan: empty } });
if (!environment.slack) throw new Error('SLACK_SIGNING_SECRET is not set');
const slack = await startSlack({
  app: express(),
  config: environment.slack,
  references: ledger,
  dispatch,
  log,
  clock,
  pace: { pauses: [50, 50, 50], interval: 1000 },
});
(doors.messengers as Map<ChannelName, Messenger>).set('slack', slack.messenger);
const worker = product.startWork(400);
await claimDue({ schedules: () => dueDigests(doors), ledger, clock, log, wake: worker.wake });
while ((await ledger.unsentDigests()).length > 0) await new Promise((resolve) => setTimeout(resolve, 50));
await worker.close();
process.exit(0);
