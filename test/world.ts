// A whole small world for journeys: the stand-in Azure in this process, a data folder, and the product composed over
// both as product.ts composes it. Chats are recorded unless a test starts the real channels.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';
import express from 'express';
import type { Card } from '../src/cards/card.ts';
import { readEnvironment } from '../src/config/environment.ts';
import { compose, type Product } from '../src/product.ts';
import type { Account, Answer, ChannelName, Input, MessageRef, Messenger } from '../src/ports.ts';
import type { Request } from '../src/promotion/request.ts';
import type { Worker } from '../src/schedule/worker.ts';
import { type AzureOptions, type AzureStandIn, startAzure } from '../src/sandbox/azure/server.ts';
import { people, slackTeam, tenantId } from '../src/sandbox/cast.ts';
import { contosoEstate } from '../src/sandbox/estate/contoso/estate.ts';
import { policyFor } from '../src/sandbox/estate/contoso/policy.ts';
import { createGraph, type GraphStandIn } from '../src/sandbox/graph.ts';
import { createTokens, type Tokens } from '../src/sandbox/tokens.ts';
import { createPostgres, type Dialect } from './store/databases.ts';

export type Role = (typeof people)[number]['role'];

export interface World {
  readonly azure: AzureStandIn;
  readonly graph: GraphStandIn;
  readonly tokens: Tokens;
  readonly product: Product;
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly posted: Map<string, Card>;
  as(role: Role, channel: 'slack' | 'teams'): Account;
  say(account: Account, text: string): Promise<Answer>;
  click(account: Account, action: string, request: Request): Promise<Answer>;
  /** Asks for the sample promotion and gives the request once it is pending. */
  ask(text?: string): Promise<Request>;
  /** The request once it is in one of the states; fails after 30 seconds. */
  until(id: string, ...states: string[]): Promise<Request>;
  close(): Promise<void>;
}

const samplePromotion = 'promote shop/web:v1.4.2 from uat to prod because it is tested';

const keyFolder = mkdtempSync(join(tmpdir(), 'world-keys-'));

export async function createWorld(
  options: {
    azure?: Partial<AzureOptions>;
    policy?: (text: string) => string;
    work?: boolean;
    dialect?: Dialect;
  } = {},
): Promise<World> {
  const database = options.dialect === 'PostgreSQL' ? await createPostgres() : undefined;
  const folder = mkdtempSync(join(tmpdir(), 'world-'));
  const estate = contosoEstate();
  // Credentials keep their tokens for the whole process, so all worlds of a process sign with one key.
  const tokens = await createTokens(keyFolder);
  const azure = await startAzure({
    dataDir: join(folder, 'azure'),
    port: 0,
    estate,
    tokens,
    ...options.azure,
  });
  const app = express();
  const graph = createGraph(tokens);
  app.use(azure.managedIdentity).use('/graph', graph.router);
  const identity = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => identity.once('listening', resolve));
  const policyFile = join(folder, 'policy.yaml');
  writeFileSync(policyFile, (options.policy ?? ((text) => text))(policyFor(estate, azure.signingCaFile)));
  const local = `http://127.0.0.1:${(identity.address() as AddressInfo).port}`;
  const environment = {
    AZURE_CLOUD: 'public',
    GRAPH_URL: `${local}/graph`,
    AZURE_RESOURCE_MANAGER_URL: azure.url,
    IDENTITY_ENDPOINT: `${local}/msi/token`,
    IDENTITY_HEADER: azure.identityHeader,
    ACR_WARDEN_POLICY: policyFile,
    ACR_WARDEN_DATA: join(folder, 'data'),
    DATABASE_URL: database?.url ?? '',
    LOG_LEVEL: 'silent',
    NODE_EXTRA_CA_CERTS: azure.caFile,
  };
  Object.assign(process.env, environment);
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), readFileSync(azure.caFile, 'utf8')]);
  const product = await compose(readEnvironment(environment));
  const posted = new Map<string, Card>();
  for (const channel of ['slack', 'teams'] as const)
    (product.doors.messengers as Map<ChannelName, Messenger>).set(channel, recorder(channel, posted));
  const worker: Worker | undefined = options.work === false ? undefined : product.startWork();
  let keys = 0;

  const send = async (account: Account, input: Input): Promise<Answer> => {
    const incoming = {
      key: `test:${keys++}`,
      account,
      place: { id: `${account.channel}:test`, kind: 'channel' },
      input,
    } as const;
    await product.dispatch.accept(incoming);
    return product.dispatch.answer(incoming);
  };
  const world: World = {
    azure,
    graph,
    tokens,
    product,
    folder,
    environment,
    posted,
    as: (role, channel) => accountOf(role, channel),
    say: (account, text) => send(account, { kind: 'text', text }),
    click: (account, action, request) =>
      send(account, { kind: 'action', action, id: request.id, nonce: request.nonce }),
    ask: async (text = samplePromotion) => {
      const answer = await world.say(accountOf('developer', 'slack'), text);
      const id = answer.kind === 'card' ? /P-\w+/.exec(answer.card.title)?.[0] : undefined;
      const fresh = id && (await product.doors.ledger.request(id));
      if (!fresh)
        throw new Error(`nothing was asked: ${answer.kind === 'form' ? 'a form' : answer.card.summary}`);
      return world.until(fresh.id, 'pending', 'blocked', 'refused');
    },
    until: async (id, ...states) => {
      for (let wait = 0; wait < 600; wait++) {
        const request = await product.doors.ledger.request(id);
        if (request && states.includes(request.state)) return request;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      const now = await product.doors.ledger.request(id);
      throw new Error(
        `${id} is ${now?.state} (${now?.trouble ?? now?.end?.text ?? ''}), not ${states.join(' or ')}`,
      );
    },
    close: async () => {
      await worker?.close();
      await product.doors.ledger.close();
      await database?.drop();
      await azure.close();
      identity.closeAllConnections();
      identity.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return world;
}

export function accountOf(role: Role, channel: 'slack' | 'teams'): Account {
  const person = people.find((each) => each.role === role)!;
  return channel === 'slack'
    ? { channel, tenant: slackTeam.id, user: person.slack }
    : { channel, tenant: tenantId, user: person.objectId };
}

/** A chat that only remembers: the last card of each message, by `place message`. */
function recorder(channel: ChannelName, posted: Map<string, Card>): Messenger {
  let count = 0;
  const put = (ref: MessageRef, card: Card): MessageRef => {
    posted.set(`${ref.place} ${ref.message}`, card);
    return ref;
  };
  return {
    channel,
    post: async (place, card) => put({ channel, place, message: String(++count) }, card),
    update: async (ref, card) => void put(ref, card),
    reply: async () => undefined,
    direct: async (account, card, key) =>
      put({ channel, place: `direct:${account.user}`, message: key }, card),
  };
}

/** What the stand-in's registry holds of a repository. */
export function inspect(azure: AzureStandIn, registry: string, repository: string) {
  const found = azure
    .inspect()
    .find((each) => each.name === registry)
    ?.repositories.find((each) => each.name === repository);
  if (!found) throw new Error(`${registry} does not hold ${repository}`);
  return found;
}
