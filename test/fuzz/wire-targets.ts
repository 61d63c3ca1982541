// What comes over HTTP: webhooks of registries, Slack's signed requests, Teams' activities.
import { z } from 'zod';
import { createRegistryWebhook } from '../../src/events/registry-webhook.ts';
import type { RegistryEvent } from '../../src/ports.ts';
import { teamsApp, tenantId } from '../../src/sandbox/cast.ts';
import { ids } from '../../src/server/ids.ts';
import { createRecordingLog } from '../channels/recording-dispatch.ts';
import { commandBody, interactionBody, sendSigned } from '../channels/slack/signed-request.ts';
import { startWorld as startSlackWorld } from '../channels/slack/slack-world.ts';
import { startWorld as startTeamsWorld } from '../channels/teams/teams-world.ts';
import { acrBody, secret } from '../events/events-world.ts';
import type { Dice } from './dice.ts';
import type { Target } from './harness.ts';
import { changeTree, mutateJson } from './mutate.ts';

const registry =
  '/subscriptions/1/resourceGroups/rg/providers/Microsoft.ContainerRegistry/registries/contosoprod';
const pushed = 'Microsoft.ContainerRegistry.ImagePushed';
const validation = 'Microsoft.EventGrid.SubscriptionValidationEvent';
const webhookSeeds = [
  acrBody(),
  [{ id: 'g', eventType: pushed, topic: registry, data: acrBody({ action: 'delete' }) }],
  { id: 'c', specversion: '1.0', type: pushed, source: registry, data: acrBody() },
  [{ id: 'v', eventType: validation, topic: registry, data: { validationCode: 'abc' } }],
].map((each) => JSON.stringify(each));

/** Names that a card may show as they are. */
function checkEvent({ repository, tag, digest, host, at }: RegistryEvent): void {
  const words = [repository, tag ?? 'a', digest ?? 'a', host ?? 'a'];
  const bad = words.find((word) => !/^[\w./:-]+$/.test(word));
  if (bad !== undefined || !Number.isFinite(at)) throw new Error(`an event with ${bad ?? at}`);
}

const webhook: Target = {
  name: 'webhook',
  open: () => {
    const taken: RegistryEvent[] = [];
    const receive = createRegistryWebhook({
      secret,
      hash: ids.hash,
      take: (events) => Promise.resolve(void taken.push(...events)),
      log: createRecordingLog(),
    });
    return {
      seeds: webhookSeeds,
      mutate: mutateJson(['push', 'delete', 'ping', validation, registry, '1.0']),
      run: async (input, dice) => {
        taken.length = 0;
        const isKnown = dice.chance(95);
        const { status } = await receive({
          method: 'POST',
          header: () => (isKnown ? secret : input.slice(0, 40)),
          query: () => undefined,
          body: () => Promise.resolve(input),
        });
        if (!isKnown && status !== 401) throw new Error(`${status} without the secret`);
        if (isKnown && status !== 200 && status !== 400) throw new Error(`status ${status}`);
        taken.forEach(checkEvent);
      },
    };
  },
};

const words = z.record(z.string(), z.string());
/** What any dispatch is promised. */
const incoming = z.object({
  key: z.string().min(1),
  account: z.object({
    channel: z.enum(['slack', 'teams']),
    tenant: z.string().min(1),
    user: z.string().min(1),
  }),
  place: z.object({ id: z.string().min(1), kind: z.enum(['channel', 'personal']) }),
  input: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('text'), text: z.string() }),
    z.object({ kind: z.literal('action'), action: z.string(), id: z.string(), nonce: z.string() }),
    z.object({ kind: z.literal('form'), form: z.string(), id: z.string(), nonce: z.string(), fields: words }),
  ]),
  called: z.string().optional(),
});

/** Checks what came to a recording dispatch, and the errors that were logged, and forgets both. */
function checkReceived(came: unknown[], lines: string[]): void {
  const received = came.splice(0);
  const logged = lines.splice(0);
  for (const one of received) incoming.parse(one);
  const unexpected = logged.find((line) => line.startsWith('error') && !/could not be delivered/.test(line));
  if (unexpected) throw new Error(`logged: ${unexpected.slice(0, 300)}`);
}

const message = { ts: '1700000000.000100', text: 'x', blocks: [] };
const common = {
  team: { id: 'T01CONTOSO', domain: 'contoso' },
  user: { id: 'U01RUI', username: 'rui', name: 'rui', team_id: 'T01CONTOSO' },
  api_app_id: 'A01WARDEN',
  trigger_id: '1.2.3',
  is_enterprise_install: false,
};
const value = JSON.stringify({ v: 1, id: 'P-7K3QX', nonce: 'n' });
const slackPayloads = [
  {
    ...common,
    type: 'block_actions',
    container: { type: 'message', message_ts: message.ts, channel_id: 'C01RELEASES', is_ephemeral: false },
    channel: { id: 'C01RELEASES', name: 'releases' },
    message,
    actions: [{ type: 'button', action_id: 'approve', block_id: 'b', value, action_ts: '1.2' }],
    response_url: '',
  },
  {
    ...common,
    type: 'view_submission',
    view: {
      id: 'V1',
      type: 'modal',
      callback_id: 'reject',
      private_metadata: JSON.stringify({ v: 1, id: 'P-7K3QX', nonce: 'n', form: 'reject' }),
      state: { values: { reason: { reason: { type: 'plain_text_input', value: 'no' } } } },
      hash: 'h',
    },
  },
  {
    ...common,
    type: 'block_suggestion',
    action_id: 'repository',
    block_id: 'repository',
    value: 'shop',
    view: {},
  },
  { ...common, type: 'shortcut', callback_id: 'promote', action_ts: '1.2' },
];
const slackEvents = [
  { type: 'app_home_opened', user: 'U01RUI', channel: 'D01RUI', tab: 'home' },
  { type: 'app_uninstalled' },
].map((event) => ({
  type: 'event_callback',
  token: 'x',
  team_id: 'T01CONTOSO',
  api_app_id: 'A01WARDEN',
  event_id: 'Ev1',
  event_time: 1,
  event,
}));

/** A form's field, JSON in it or as the body: each is changed where it is read. */
function slackBody(dice: Dice, seed: string, others: readonly string[]): string {
  const { form, json } = JSON.parse(seed) as { form?: Record<string, string>; json?: object };
  if (json) {
    const changed = mutateJson(['block_actions', 'approve', 'U01RUI', 'C01RELEASES'])(
      dice,
      JSON.stringify(json),
      others,
    );
    return JSON.stringify({ [dice.chance(30) ? 'event' : 'payload']: changed });
  }
  return JSON.stringify({ form: JSON.parse(changeTree(dice, JSON.stringify(form), others)) as unknown });
}

const slack: Target = {
  name: 'slack',
  open: async () => {
    const world = await startSlackWorld();
    let count = 0;
    const form = Object.fromEntries(new URLSearchParams(commandBody()));
    return {
      seeds: [
        JSON.stringify({ form }),
        ...[...slackPayloads, ...slackEvents].map((json) => JSON.stringify({ json })),
      ],
      mutate: slackBody,
      run: async (input, dice) => {
        const made = bodyOf(input, ++count);
        // Whoever knows the secret is Slack, so what is no delivery of Slack at all comes from others.
        const isForged = dice.chance(5) || !isDelivery(made);
        const status = await sendSigned(world.botUrl, { ...made, ...(isForged && { secret: 'another' }) });
        if (isForged && status !== 401) throw new Error(`a forged signature is answered ${status}`);
        // Bolt itself falls over parts that Slack always sends, says so, and lets Slack send it again.
        if (status >= 500 && !world.log.lines.some(isBolts)) throw new Error(`status ${status}`);
        world.log.lines.splice(
          0,
          Number.POSITIVE_INFINITY,
          ...world.log.lines.filter((line) => !isBolts(line)),
        );
        if (count % 100 === 0) world.slack.state.messages.length = 0;
        checkReceived(world.dispatch.came, world.log.lines);
      },
      close: () => world.stop(),
      whole: true,
    };
  },
};

const isBolts = (line: string): boolean =>
  /^error (Slack library|a delivery of Slack failed .*\bmatch\b)/.test(line);
/** What Bolt has no listener for it answers with 404, three seconds later. */
const interactions = /^(view_submission|block_suggestion|shortcut)$/;

function isDelivery({ body, contentType }: { body: string; contentType?: string }): boolean {
  const form = new URLSearchParams(body);
  if (contentType === undefined && form.has('command')) return true;
  try {
    const json: unknown = JSON.parse(contentType === undefined ? (form.get('payload') ?? '') : body);
    const { type, event, actions, callback_id: callback = '' } = json as Readonly<Record<string, unknown>>;
    if (typeof callback !== 'string') return false;
    if (contentType !== undefined)
      return type === 'event_callback' && typeof (event as { type?: unknown }).type === 'string';
    return type === 'block_actions' ? Array.isArray(actions) : interactions.test(String(type));
  } catch {
    return false;
  }
}

/** The wire form; `count` makes a command another one than the last. */
function bodyOf(input: string, count: number): { body: string; contentType?: string } {
  const { form, json, payload, event } = JSON.parse(input) as Readonly<Record<string, unknown>>;
  if (form) {
    const fields = Object.entries(form).map(([name, field]): [string, string] => [
      name,
      String(JSON.stringify(field)),
    ]);
    const plain = fields.map(([name, field]): [string, string] => [name, field.replace(/^"|"$/g, '')]);
    return { body: new URLSearchParams([...plain, ['trigger_id', `t.${count}`]]).toString() };
  }
  if (typeof event === 'string') return { body: event, contentType: 'application/json' };
  return { body: interactionBody(payload ?? json) };
}

const teams: Target = {
  name: 'teams',
  open: async () => {
    const world = await startTeamsWorld();
    const serviceUrl = `${world.url}/teams/`;
    const token = await world.tokens.sign({
      iss: 'https://api.botframework.com',
      aud: teamsApp.id,
      serviceurl: serviceUrl,
    });
    const base = {
      type: 'message',
      id: '1',
      channelId: 'msteams',
      serviceUrl,
      text: '<at>ACR</at> status prod',
      from: { id: '29:1dana-mri', name: 'Dana', aadObjectId: '0b1ec700-0000-4000-8000-000000000001' },
      recipient: { id: teamsApp.mri, name: 'ACR' },
      conversation: { id: 'a:1dana-mri', conversationType: 'personal', tenantId },
      channelData: { tenant: { id: tenantId } },
      entities: [{ type: 'mention', text: '<at>ACR</at>', mentioned: { id: teamsApp.mri, name: 'ACR' } }],
    };
    const data = { v: 1, id: 'P-7K3QX', nonce: 'n', reason: 'no' };
    const invoke = (name: string, content: object) => ({ ...base, type: 'invoke', name, value: content });
    const seeds = [
      base,
      { ...base, value: data },
      invoke('adaptiveCard/action', { action: { type: 'Action.Execute', verb: 'approve', data } }),
      invoke('task/fetch', { data: { ...data, form: 'reject' } }),
      invoke('task/submit', { data: { ...data, form: 'reject' } }),
      invoke('application/search', {
        queryText: 'shop',
        queryOptions: { skip: 0, top: 15 },
        dataset: 'repositories',
      }),
      { ...base, type: 'conversationUpdate', membersAdded: [{ id: teamsApp.mri }] },
      { ...base, type: 'installationUpdate', action: 'add' },
    ].map((each) => JSON.stringify(each));
    let count = 0;
    return {
      seeds,
      mutate: mutateJson([
        teamsApp.mri,
        tenantId,
        'invoke',
        'adaptiveCard/action',
        'reject',
        '<at>',
        '</at>',
        '&nbsp;',
      ]),
      run: async (input, dice) => {
        count += 1;
        const body = input.replace('"id":"1"', `"id":"${count}"`);
        const isForged = dice.chance(5);
        const { status } = await fetch(`${world.botUrl}/api/messages`, {
          method: 'POST',
          headers: {
            authorization: `Bearer ${isForged ? token.slice(0, -9) : token}`,
            'content-type': 'application/json',
          },
          body,
        }).then(async (answer) => (await answer.arrayBuffer(), answer));
        if (isForged && ![400, 401, 403].includes(status))
          throw new Error(`a forged token is answered ${status}`);
        // 501 is the protocol's word for an invoke that nobody knows.
        if (status >= 500 && status !== 501) throw new Error(`status ${status}`);
        checkReceived(world.dispatch.came, world.log.lines);
      },
      close: () => world.stop(),
    };
  },
};

/** Webhooks and both chats. */
export const wireTargets: readonly Target[] = [webhook, slack, teams];
