// A product process that sends the digests that were claimed, by the real way out to the chats that are configured, until it
// is killed or done. The estate is an empty one: what is sent matters here, not what it says.
import express from 'express';
import { startSlack } from '../../src/channels/slack/channel.ts';
import { startTeams } from '../../src/channels/teams/channel.ts';
import { dueDigests } from '../../src/commands/digest-schedules.ts';
import { readEnvironment } from '../../src/config/environment.ts';
import { compose } from '../../src/product.ts';
import type { ChannelName, Messenger } from '../../src/ports.ts';
import { claimDue } from '../../src/schedule/ticker.ts';

const environment = readEnvironment();
const product = await compose(environment);
const { doors, dispatch } = product;
const { ledger, log, clock } = doors;
const empty = async () => ({ asOf: 1, registries: [], gaps: [] });
Object.assign(doors, { reader: { ...doors.reader, scan: empty } });
const shared = { app: express(), references: ledger, dispatch, log, clock };
// A channel's second of Slack, or less where its pace does not matter; Teams at its own pace.
const pace = { pauses: [50, 50, 50], interval: Number(process.env['SLACK_INTERVAL'] ?? 1000) };
const { slack, teams } = environment;
const chats = [
  slack && (await startSlack({ ...shared, config: slack, pace })),
  teams && (await startTeams({ ...shared, config: teams })),
].filter((chat) => chat !== undefined);
for (const { messenger } of chats)
  (doors.messengers as Map<ChannelName, Messenger>).set(messenger.channel, messenger);
const worker = product.startWork(400);
await claimDue({ schedules: () => dueDigests(doors), ledger, clock, log, wake: worker.wake });
while ((await ledger.unsentDigests()).length > 0) await new Promise((resolve) => setTimeout(resolve, 20));
await worker.close();
process.exit(0);
