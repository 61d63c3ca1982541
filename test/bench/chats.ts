// The two chats' figures: how long a signed command takes to be stored and acknowledged, and how long a person waits for
// the answer in Teams. Product, floor and stand-ins are processes of their own; this one plays the people.
import { createHmac, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import express from 'express';
import { parse, stringify } from 'yaml';
import { channels, people, slackApp, slackTeam, teamsApp, tenantId } from '../../src/sandbox/cast.ts';
import { contosoEstate } from '../../src/sandbox/estate/contoso/estate.ts';
import { policyFor } from '../../src/sandbox/estate/contoso/policy.ts';
import { loadFigure, underLoad } from './load.ts';
import { type Figure, figure, freePort, type Helper, inTurns, startHelper } from './measure.ts';

type Url = { readonly url: string };

export interface Chats {
  acknowledge(rounds: number): Promise<Figure>;
  /** So many commands a second for so many seconds, while the core takes two seconds longer. */
  acknowledgeUnderLoad(perSecond: number, seconds: number): Promise<Figure>;
  answer(rounds: number): Promise<Figure>;
  close(): Promise<void>;
}

/** Between two rounds, so that what follows an acknowledgement does not run into the next one. */
const restMs = 15;
const warmUps = 30;

export async function openChats(): Promise<Chats> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-chats-'));
  const port = await freePort();
  const slack = await startHelper<Record<string, string>>(new URL('./slack-process.ts', import.meta.url), [
    join(folder, 'slack'),
    `http://127.0.0.1:${port}`,
  ]);
  const secret = slack.ready['SLACK_SIGNING_SECRET'] ?? '';
  const floor = await startHelper<Url>(new URL('./floor-process.ts', import.meta.url), [folder, secret]);
  Object.assign(process.env, slack.ready, productEnvironment(folder, port));
  const product = await startHelper<Url>(new URL('./product-process.ts', import.meta.url), []);
  const slow = await startHelper<Url>(new URL('./slow-core-process.ts', import.meta.url), [
    join(folder, 'slow'),
  ]);
  const helpers: readonly Helper<unknown>[] = [product, slow, floor, slack];
  const connector = await openConnector();
  return {
    acknowledge: (rounds) =>
      measure(rounds, product, floor, 'acknowledge a signed /acr', {
        round: (url) => sendCommand(url, secret, `${slack.ready['SLACK_API_URL']}answers`),
        note: 'floor: bare Bolt that inserts one durable row (SQLite, WAL, synchronous=FULL) and acknowledges; ours: the product with guard, ladder and ledger',
      }),
    acknowledgeUnderLoad: async (perSecond, seconds) => {
      const send = (url: string) => sendCommand(url, secret, `${slack.ready['SLACK_API_URL']}answers`);
      const ours = await underLoad(() => send(slow.ready.url), perSecond, seconds);
      const least = await underLoad(() => send(floor.ready.url), perSecond, seconds);
      return loadFigure(ours, least, perSecond);
    },
    answer: (rounds) =>
      measure(rounds, product, floor, 'Teams message to answer', {
        round: (url) => connector.converse(url),
        note: 'floor: bare botbuilder echo; ours: whoami, stored before it is acknowledged, answered with a card',
      }),
    close: async () => {
      connector.close();
      await Promise.all(helpers.map((helper) => helper.stop()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function measure(
  rounds: number,
  product: Helper<Url>,
  floor: Helper<Url>,
  name: string,
  { round, note }: { readonly round: (url: string) => Promise<number>; readonly note: string },
): Promise<Figure> {
  const one = async (who: Helper<Url>): Promise<number> => {
    const took = await round(who.ready.url);
    await pause(restMs);
    return took;
  };
  await inTurns(
    warmUps,
    () => one(product),
    () => one(floor),
  );
  const times = await inTurns(
    rounds,
    () => one(product),
    () => one(floor),
  );
  return figure(name, times.ours, times.floor, note);
}

function productEnvironment(folder: string, port: number): Record<string, string> {
  const policy = join(folder, 'policy.yaml');
  const text = parse(policyFor(contosoEstate())) as { limits: object };
  // Nobody asks this often; the bench is not about that limit.
  const limits = { ...text.limits, commandsPerMinute: 1_000_000 };
  writeFileSync(policy, stringify({ ...text, limits }));
  return {
    PORT: String(port),
    HOST: '127.0.0.1',
    LOG_LEVEL: 'error',
    AZURE_CLOUD: 'public',
    AZURE_RESOURCE_MANAGER_URL: 'https://127.0.0.1:9',
    ACR_WARDEN_POLICY: policy,
    ACR_WARDEN_DATA: join(folder, 'data'),
    TEAMS_AUTH: 'none',
    MicrosoftAppTenantId: tenantId,
  };
}

const dana = people.find((person) => person.role === 'developer') ?? people[0];

/** Milliseconds until the acknowledgement of a slash command that is signed as Slack signs. */
async function sendCommand(url: string, secret: string, responseUrl: string): Promise<number> {
  const body = new URLSearchParams({
    team_id: slackTeam.id,
    team_domain: slackTeam.domain,
    channel_id: channels[0].slack,
    channel_name: channels[0].name,
    user_id: dana?.slack ?? '',
    command: '/acr',
    text: 'whoami',
    api_app_id: slackApp.id,
    is_enterprise_install: 'false',
    response_url: responseUrl,
    trigger_id: randomUUID(),
  }).toString();
  const stamp = String(Math.floor(Date.now() / 1000));
  const signature = createHmac('sha256', secret).update(`v0:${stamp}:${body}`).digest('hex');
  const from = performance.now();
  const answer = await fetch(`${url}/slack/events`, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': stamp,
      'x-slack-signature': `v0=${signature}`,
    },
    body,
  });
  await answer.arrayBuffer();
  const took = performance.now() - from;
  if (answer.status !== 200) throw new Error(`a command was answered ${answer.status}`);
  return took;
}

interface Connector {
  /** Milliseconds from a message to the answer to it, in a personal chat of its own. */
  converse(url: string): Promise<number>;
  close(): void;
}

/** The least of a Bot Connector: takes activities, and says when one came for a conversation. */
async function openConnector(): Promise<Connector> {
  const waiting = new Map<string, () => void>();
  const app = express();
  app.post('/v3/conversations/:conversation/activities{/:activity}', express.json(), (request, response) => {
    response.json({ id: randomUUID() });
    waiting.get(String(request.params['conversation']))?.();
  });
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const serviceUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return {
    converse: async (url) => {
      const conversation = `a:${randomUUID()}`;
      const arrived = new Promise<number>((resolve) => {
        waiting.set(conversation, () => resolve(performance.now()));
      });
      const from = performance.now();
      const answer = await fetch(`${url}/api/messages`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(messageOf(conversation, serviceUrl)),
      });
      await answer.arrayBuffer();
      if (!answer.ok) throw new Error(`a message was answered ${answer.status}`);
      const late = pause(5000, undefined, { ref: false }).then(() => {
        throw new Error('a message was not answered in 5 seconds');
      });
      const took = (await Promise.race([arrived, late])) - from;
      waiting.delete(conversation);
      return took;
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function messageOf(conversation: string, serviceUrl: string): object {
  return {
    type: 'message',
    id: randomUUID(),
    text: 'whoami',
    channelId: 'msteams',
    serviceUrl,
    from: { id: dana?.teams, name: dana?.name, aadObjectId: dana?.objectId },
    recipient: { id: teamsApp.mri, name: teamsApp.name },
    conversation: { id: conversation, conversationType: 'personal', tenantId },
    channelData: { tenant: { id: tenantId } },
  };
}
