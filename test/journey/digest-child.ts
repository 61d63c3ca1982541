// The product with its Slack channel in a process of its own, to be killed while it sends digests.
import express from 'express';
import { startSlack } from '../../src/channels/slack/channel.ts';
import { readEnvironment } from '../../src/config/environment.ts';
import { compose } from '../../src/main.ts';
import type { ChannelName, Messenger } from '../../src/ports.ts';

const environment = readEnvironment();
const { doors, dispatch, startWork } = await compose(environment);
const { messenger } = await startSlack({
  app: express(),
  config: environment.slack!,
  dispatch,
  references: doors.ledger,
  log: doors.log,
  clock: doors.clock,
});
(doors.messengers as Map<ChannelName, Messenger>).set('slack', messenger);
startWork(1000);
process.on('disconnect', () => process.exit(0));
