// The product's Slack side in a process of its own, with a core that takes two seconds longer for every answer. Argument:
// data folder.
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import express from 'express';
import { startSlack } from '../../src/channels/slack/channel.ts';
import { readEnvironment } from '../../src/config/environment.ts';
import { compose } from '../../src/product.ts';
import type { Dispatch } from '../../src/ports.ts';

const [folder = ''] = process.argv.slice(2);
const environment = readEnvironment({ ...process.env, ACR_WARDEN_DATA: folder });
const { doors, dispatch } = await compose(environment);
const slow: Dispatch = {
  ...dispatch,
  answer: async (incoming, show) => {
    await sleep(2000);
    return dispatch.answer(incoming, show);
  },
};
const app = express();
await startSlack({
  app,
  config: environment.slack!,
  dispatch: slow,
  references: doors.ledger,
  log: doors.log,
  clock: doors.clock,
});
const server = app.listen(0, '127.0.0.1', () => {
  process.send?.({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
});
process.on('SIGTERM', () => process.exit(0));
process.on('disconnect', () => process.exit(0));
