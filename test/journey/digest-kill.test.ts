// A digest to sixty channels of a chat by a process that is killed in the middle of it, and another one that goes on: once
// written, run for each chat on each store.
import { spawn } from 'node:child_process';
import express from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { slackApp, slackTeam, teamsApp, tenantId } from '../../src/sandbox/cast.ts';
import { createSlack } from '../../src/sandbox/slack/slack.ts';
import { close, listen } from '../channels/slack/slack-world.ts';
import { dialects } from '../store/databases.ts';
import { createWorld, type World } from '../world.ts';
import { openDesk } from './teams-desk.ts';

/** Digests that stand when a process is killed, before the last of them is answered; KILL=all: more often. */
const kills = process.env['KILL'] === 'all' ? [1, 9, 23, 38, 50] : [23];

interface Chat {
  /** What a process is given to speak to it. */
  readonly environment: Readonly<Record<string, string>>;
  /** Places of the digests that stand, once for each; what follows in a thread is none. */
  digests(): readonly string[];
  /** Called with each message, before it is answered. */
  subscribe(listener: () => void): () => void;
  close(): Promise<void>;
}

interface Kind {
  readonly places: readonly string[];
  readonly open: (world: World) => Promise<Chat>;
}

const numbers = Array.from({ length: 60 }, (_, at) => String(at).padStart(2, '0'));
const slackIds = numbers.map((number) => `C0DIGEST${number}`);
const threads = numbers.map((number) => `19:digest${number}@thread.tacv2`);

async function openSlack(world: World): Promise<Chat> {
  const secrets = { signingSecret: 'kill-sandbox-secret', botToken: 'xoxb-kill' };
  const urls = { botUrl: () => 'http://127.0.0.1:1', publicUrl: () => '' };
  const slack = createSlack({ ...urls, ...secrets, dataDir: `${world.folder}/slack` });
  // What comes too early is told to wait, and is no second message.
  slack.controls.fault('chat.postMessage', { kind: 'status', status: 429, retryAfter: 1 }, 5);
  slack.controls.rateLimit = undefined;
  for (const id of slackIds)
    slack.state.channels.push({ id, name: id.toLowerCase(), members: [slackApp.botUser] });
  const [server, url] = await listen(express().use('/slack/api', slack.router));
  return {
    environment: {
      SLACK_API_URL: `${url}/slack/api/`,
      SLACK_BOT_TOKEN: secrets.botToken,
      SLACK_SIGNING_SECRET: secrets.signingSecret,
      SLACK_INTERVAL: '50',
    },
    digests: () =>
      slack.state.messages
        .filter(({ threadTs }) => !threadTs)
        .map(({ channel }) => `slack:${slackTeam.id}/${channel}`),
    subscribe: slack.subscribe,
    close: async () => {
      await close(server);
      slack.flush();
    },
  };
}

async function openTeams(world: World): Promise<Chat> {
  const desk = await openDesk(world);
  const { teams, url } = desk;
  for (const id of threads) teams.state.conversations.push({ id, kind: 'channel', name: id });
  await teams.install();
  teams.controls.fault('create', { status: 429, code: 'TooManyRequests', retryAfter: 1 }, 5);
  return {
    environment: {
      MicrosoftAppId: teamsApp.id,
      MicrosoftAppTenantId: tenantId,
      MicrosoftAppType: 'UserAssignedMSI',
      TEAMS_SERVICE_URLS: `${url}/teams/`,
      BotOpenIdMetadata: `${url}/teams/.well-known/openidconfiguration`,
      GRAPH_URL: `${url}/graph`,
    },
    digests: () =>
      teams.state.activities
        .filter(({ id, thread, fromBot }) => fromBot && thread === id)
        .map(({ conversation }) => `teams:${conversation}`),
    subscribe: teams.subscribe,
    close: () => desk.close(),
  };
}

const chats: Readonly<Record<string, Kind>> = {
  Slack: { places: slackIds.map((id) => `slack:${slackTeam.id}/${id}`), open: openSlack },
  Teams: { places: threads.map((thread) => `teams:${thread}`), open: openTeams },
};

/** One life: killed once so many digests stand, else until all are sent. Says whether it was killed. */
function live(chat: Chat, environment: NodeJS.ProcessEnv, killAt: number | undefined): Promise<boolean> {
  const child = spawn(process.execPath, [new URL('./digest-child.ts', import.meta.url).pathname], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const unsubscribe = chat.subscribe(() => {
    if (killAt !== undefined && chat.digests().length >= killAt) child.kill('SIGKILL');
  });
  return new Promise((resolve) =>
    child.once('exit', (_code, signal) => {
      unsubscribe();
      resolve(signal === 'SIGKILL');
    }),
  );
}

const cases = (await dialects('test/journey/digest-kill.test.ts')).flatMap((dialect) =>
  Object.entries(chats).map(([name, { places, open }]) => ({ dialect, name, places, open })),
);

/** The worlds are made one after the other, since each sets the environment of this process; their lives go side by side. */
const stages: { readonly world: World; readonly chat: Chat }[] = [];

describe('kill -9 while sending to 60 channels', () => {
  beforeAll(async () => {
    for (const { dialect, places, open } of cases) {
      const to = places.map((place) => `"${place}"`).join(', ');
      const world = await createWorld({
        work: false,
        dialect,
        policy: (text) => text.replace(/to: [^\n]*cron: "0 9 \* \* MON"/, `to: [${to}], cron: "0 9 * * MON"`),
      });
      const chat = await open(world);
      stages.push({ world, chat });
      const periodEnd = Date.now();
      for (const place of places)
        await world.product.doors.ledger.claimDigest({ name: 'weekly-platform', to: place, periodEnd });
    }
  });
  afterAll(async () => {
    for (const { world, chat } of stages) {
      await chat.close();
      await world.close();
    }
  });

  it.concurrent.for(cases)(
    'leaves no channel of $name without its digest, and none with two, on $dialect',
    { timeout: 120_000 },
    async (one) => {
      const { dialect, name, places } = one;
      const { world, chat } = stages[cases.indexOf(one)]!;
      const environment = { ...world.environment, ...chat.environment };

      let killed = 0;
      for (const killAt of kills) if (await live(chat, environment, killAt)) killed += 1;
      const stood = chat.digests().length;
      await live(chat, environment, undefined);

      console.log(
        `${name}, ${dialect}: killed ${killed} times, at last with ${stood} of ${places.length} sent`,
      );
      expect(killed).toBe(kills.length);
      expect(stood).toBeLessThan(places.length);
      expect(chat.digests().toSorted()).toEqual(places);
      expect(await world.product.doors.ledger.unsentDigests()).toEqual([]);
    },
  );
});
