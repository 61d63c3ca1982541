// The stand-in of Slack's Web API in a process of its own, without the workspace page. Arguments: data folder, URL of the bot.
import type { AddressInfo } from 'node:net';
import express from 'express';
import { slackTeam } from '../../src/sandbox/cast.ts';
import { createSlack } from '../../src/sandbox/slack/slack.ts';

const [dataDir = '', bot = ''] = process.argv.slice(2);
const secrets = {
  SLACK_SIGNING_SECRET: 'bench-signing-secret',
  SLACK_BOT_TOKEN: `xoxb-bench-${slackTeam.id}`,
};
const app = express();
let url = '';
// Answers to commands end here: what is measured is over before they are sent.
app.post('/slack/api/answers', (_request, response) => void response.send('ok'));
app.use(
  '/slack/api',
  createSlack({
    botUrl: () => bot,
    publicUrl: () => url,
    signingSecret: secrets.SLACK_SIGNING_SECRET,
    botToken: secrets.SLACK_BOT_TOKEN,
    dataDir,
  }).router,
);
const server = app.listen(0, '127.0.0.1', () => {
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  process.send?.({ ...secrets, SLACK_API_URL: `${url}/slack/api/` });
});
process.on('SIGTERM', () => process.exit(0));
process.on('disconnect', () => process.exit(0));
