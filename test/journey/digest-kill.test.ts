import { spawn } from 'node:child_process';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import express from 'express';
import { describe, expect, it } from 'vitest';
import { slackApp, slackTeam } from '../../src/sandbox/cast.ts';
import { createSlack, type SlackStandIn } from '../../src/sandbox/slack/slack.ts';
import { dialects } from '../store/databases.ts';
import { createWorld } from '../world.ts';

const channels = Array.from({ length: 60 }, (_, i) => `C0DIGEST${String(i).padStart(2, '0')}`);
/** Messages that stand when the process is killed; KILL=all: more often. */
const kills = process.env['KILL'] === 'all' ? [1, 9, 23, 38, 59] : [9, 41];

/** Slack with sixty more channels, which keeps no pace of its own. */
async function startSlackStandIn(folder: string) {
  const slack = createSlack({
    botUrl: () => 'http://127.0.0.1:1',
    publicUrl: () => '',
    signingSecret: 'kill-sandbox-secret',
    botToken: 'xoxb-kill',
    dataDir: join(folder, 'slack'),
  });
  slack.controls.rateLimit = undefined;
  for (const id of channels)
    slack.state.channels.push({ id, name: id.toLowerCase(), members: [slackApp.botUser] });
  const server = express().use('/slack/api', slack.router).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    slack,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/api/`,
    close: () => {
      server.closeAllConnections();
      server.close();
      slack.flush();
    },
  };
}

const digestsIn = ({ state }: SlackStandIn) =>
  state.messages.filter((each) => channels.includes(each.channel) && !each.threadTs);

/** One life: killed once so many messages stand, else until all are sent. */
function live(slack: SlackStandIn, env: NodeJS.ProcessEnv, killAt: number | undefined): Promise<boolean> {
  const child = spawn(process.execPath, [new URL('./digest-child.ts', import.meta.url).pathname], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const watch = setInterval(() => {
    if (killAt !== undefined && digestsIn(slack).length >= killAt) child.kill('SIGKILL');
  }, 1);
  return new Promise((resolve) =>
    child.once('exit', (_code, signal) => {
      clearInterval(watch);
      resolve(signal === 'SIGKILL');
    }),
  );
}

describe.each(await dialects('test/journey/digest-kill.test.ts'))(
  'kill -9 while sending to 60 channels, on %s',
  (dialect) => {
    it('leaves no channel without its digest, and none with two', { timeout: 120_000 }, async () => {
      const to = channels.map((id) => `"slack:${slackTeam.id}/${id}"`).join(', ');
      const world = await createWorld({
        work: false,
        dialect,
        policy: (text) => text.replace(/to: [^\n]*cron: "0 9 \* \* MON"/, `to: [${to}], cron: "0 9 * * MON"`),
      });
      const { slack, url, close } = await startSlackStandIn(world.folder);
      const { ledger } = world.product.doors;
      const periodEnd = Date.now();
      for (const id of channels)
        await ledger.claimDigest({ name: 'weekly-platform', to: `slack:${slackTeam.id}/${id}`, periodEnd });
      const env = {
        ...world.environment,
        SLACK_API_URL: url,
        SLACK_BOT_TOKEN: 'xoxb-kill',
        SLACK_SIGNING_SECRET: 'kill-sandbox-secret',
      };

      let killed = 0;
      for (const killAt of kills) if (await live(slack, env, killAt)) killed += 1;
      await live(slack, env, undefined);

      const perChannel = channels.map((id) => digestsIn(slack).filter((each) => each.channel === id).length);
      console.log(
        `${dialect}: killed ${killed} times; ${digestsIn(slack).length} messages in ${channels.length} channels, ${perChannel.filter((count) => count !== 1).length} channels with another number than one`,
      );
      expect(killed).toBeGreaterThanOrEqual(kills.length - 1);
      expect(perChannel).toEqual(channels.map(() => 1));
      expect(await ledger.unsentDigests()).toEqual([]);
      close();
      await world.close();
    });
  },
);
