// The least a bot can be, in a process of its own: a bare Bolt app that inserts one durable row and acknowledges, and a
// bare botbuilder app that echoes. Arguments: data folder, signing secret.
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { App, ExpressReceiver } from '@slack/bolt';
import { CloudAdapter, ConfigurationBotFrameworkAuthentication } from 'botbuilder';
import express from 'express';

const [folder = '', signingSecret = ''] = process.argv.slice(2);
const database = new DatabaseSync(join(folder, 'floor.sqlite'));
database.exec(
  'PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE delivery (key TEXT PRIMARY KEY, payload TEXT)',
);
const insert = database.prepare('INSERT INTO delivery VALUES (?, ?)');

const app = express();
const receiver = new ExpressReceiver({ app, signingSecret, endpoints: '/slack/events' });
const bolt = new App({ receiver, authorize: async () => ({ botToken: 'xoxb-floor' }) });
bolt.command(/.*/, async ({ body, ack }) => {
  insert.run(body.trigger_id, JSON.stringify(body));
  await ack();
});

// Without an app id botbuilder asks for no token: as the product with TEAMS_AUTH=none.
const adapter = new CloudAdapter(new ConfigurationBotFrameworkAuthentication({}));
app.post('/api/messages', express.json(), (request, response) =>
  adapter.process(request, response, async (context) => {
    if (context.activity.type === 'message') await context.sendActivity(context.activity.text);
  }),
);

const server = app.listen(0, '127.0.0.1', () => {
  process.send?.({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
});
process.on('SIGTERM', () => process.exit(0));
process.on('disconnect', () => process.exit(0));
