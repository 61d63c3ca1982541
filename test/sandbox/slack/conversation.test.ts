// A person and a real Bolt app talk through the stand-in: what a real Slack workspace would do, end to end.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type SlackWorld, startWorld } from './slack-world.ts';

let world: SlackWorld;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.stop());

const button = (text: string, actionId: string) => ({
  type: 'actions',
  block_id: 'buttons',
  elements: [{ type: 'button', action_id: actionId, text: { type: 'plain_text', text }, value: 'v1' }],
});
const section = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text } });

const form = {
  type: 'modal' as const,
  callback_id: 'promote',
  title: { type: 'plain_text' as const, text: 'Promote' },
  submit: { type: 'plain_text' as const, text: 'Ask' },
  private_metadata: 'from-uat',
  blocks: [
    {
      type: 'input',
      block_id: 'repository',
      label: { type: 'plain_text' as const, text: 'Repository' },
      element: { type: 'external_select', action_id: 'pick', min_query_length: 0 },
    },
    {
      type: 'input',
      block_id: 'reason',
      label: { type: 'plain_text' as const, text: 'Reason' },
      element: { type: 'plain_text_input', action_id: 'text' },
    },
  ],
};

test('A command posts a card, a click on its button updates the same message', async () => {
  const { app, slack } = world;
  app.command('/acr', async ({ command, ack, client }) => {
    await ack();
    await client.chat.postMessage({
      channel: command.channel_id,
      text: `status for ${command.user_name}: ${command.text}`,
      blocks: [section('*Score 81*'), button('Refresh', 'refresh')],
      metadata: { event_type: 'acr_card', event_payload: { id: 'r-1' } },
    });
  });
  app.action('refresh', async ({ ack, body, client, action }) => {
    await ack();
    if (body.type !== 'block_actions' || !body.message || action.type !== 'button') return;
    await client.chat.update({
      channel: body.container['channel_id'],
      ts: body.message.ts,
      text: `refreshed by ${body.user.name} with ${action.value}`,
    });
  });

  const typed = await slack.command('developer', 'releases', 'status prod');
  const posted = await until(() => slack.state.messages[0]);
  const clicked = await slack.click('release-approver', 'releases', posted.ts, 'refresh');

  expect(typed).toMatchObject({ ok: true, status: 200, attempts: 1 });
  expect(posted).toMatchObject({ channel: 'C01RELEASES', metadata: { event_payload: { id: 'r-1' } } });
  expect(clicked.ok).toBe(true);
  const updated = await until(() => slack.state.messages.find((one) => one.edited));
  expect(updated.text).toBe('refreshed by rui.martins with v1');
  expect(slack.state.messages).toHaveLength(1);
});

test('A modal opens by trigger id, offers repositories, shows errors and closes', async () => {
  const { app, slack } = world;
  app.command('/acr', async ({ ack, body, client }) => {
    await ack();
    await client.views.open({ trigger_id: body.trigger_id, view: form });
  });
  app.options('pick', async ({ options, ack }) => {
    const all = ['shop/web', 'shop/api', 'base/node'].filter((name) => name.startsWith(options.value));
    await ack({ options: all.map((name) => ({ text: { type: 'plain_text', text: name }, value: name })) });
  });
  const submitted: unknown[] = [];
  app.view('promote', async ({ ack, view }) => {
    const values = view.state.values;
    submitted.push({ values, metadata: view.private_metadata });
    if (values['reason']?.['text']?.value) return ack();
    await ack({ response_action: 'errors', errors: { reason: 'Say why.' } });
  });

  await slack.command('developer', 'releases', 'promote');
  const open = await until(() => slack.state.modals['U01DANA']?.[0]);
  const viewId = String(open.view['id']);
  const suggested = await slack.suggest('developer', { viewId }, { actionId: 'pick' }, 'shop/');
  const refused = await slack.submitView('developer', viewId, { repository: { pick: 'shop/web' } });
  const stillOpen = slack.state.modals['U01DANA']?.length;
  const accepted = await slack.submitView('developer', viewId, {
    repository: { pick: 'shop/web' },
    reason: { text: 'fixes the cart' },
  });

  expect(suggested.options.map((one) => one.value)).toEqual(['shop/web', 'shop/api']);
  expect(refused.outcome).toEqual({ kind: 'errors', errors: { reason: 'Say why.' } });
  expect(stillOpen).toBe(1);
  expect(accepted.outcome).toEqual({ kind: 'closed' });
  expect(slack.state.modals['U01DANA']).toEqual([]);
  expect(submitted[1]).toMatchObject({
    metadata: 'from-uat',
    values: {
      repository: {
        pick: { type: 'external_select', selected_option: { value: 'shop/web', text: { text: 'shop/web' } } },
      },
      reason: { text: { type: 'plain_text_input', value: 'fixes the cart' } },
    },
  });
});

test('An ephemeral answer is seen by one person and changes only through its response url', async () => {
  const { app, slack } = world;
  app.command('/acr', async ({ ack }) => {
    await ack({ text: 'only you', blocks: [section('only you'), button('Show', 'show')] });
  });
  app.action('show', async ({ ack, respond, body }) => {
    await ack();
    const isThere = body.type === 'block_actions' && body.message !== undefined;
    await respond({ replace_original: true, text: isThere ? 'has message' : 'has no message' });
  });

  await slack.command('outsider', 'platform', 'whoami');
  const message = await until(() => slack.state.messages[0]);
  await slack.click('outsider', 'platform', message.ts, 'show', 'buttons');

  expect(message.ephemeralFor).toBe('U01OLGA');
  await until(() => slack.state.messages[0]?.edited);
  expect(slack.state.messages.map((one) => one.text)).toEqual(['has no message']);
});

test('A response url works five times', async () => {
  const { app, slack } = world;
  const answers: number[] = [];
  let done = false;
  app.command('/acr', async ({ ack, body }) => {
    await ack();
    for (let index = 0; index < 6; index += 1) {
      const answer = await fetch(body.response_url, {
        method: 'POST',
        body: JSON.stringify({ text: `n${index}` }),
      });
      answers.push(answer.status);
    }
    done = true;
  });

  await slack.command('developer', 'dm', 'x');
  await until(() => done || undefined);

  expect(answers).toEqual([200, 200, 200, 200, 200, 404]);
  expect(slack.state.messages.at(-1)).toMatchObject({
    text: 'n4',
    channel: 'D01DANA',
    ephemeralFor: 'U01DANA',
  });
});

test('Opening the Home tells the bot, which publishes it', async () => {
  const { app, slack } = world;
  app.event('app_home_opened', async ({ event, client }) => {
    await client.views.publish({ user_id: event.user, view: { type: 'home', blocks: [section('Hello')] } });
  });

  const delivery = await slack.openHome('platform-admin');

  expect(delivery.ok).toBe(true);
  const home = await until(() => slack.state.homes['U01PAUL']);
  expect(home.view).toMatchObject({ type: 'home', blocks: [{ type: 'section' }] });
});

test('The handshake of the request URL gets the challenge back', async () => {
  const answer = await world.slack.verifyUrl('c-1');

  expect(answer.body).toEqual({ challenge: 'c-1' });
});

test('A bot that does not answer is reported in the channel, and an event is sent again', async () => {
  const { slack } = world;
  slack.controls.answerWithinMs = 50;
  slack.controls.retryPausesMs = [1, 1, 1];

  const typed = await slack.command('developer', 'releases', 'status');
  const event = await slack.event({ type: 'app_home_opened', user: 'U01DANA', tab: 'home' });

  expect(typed).toMatchObject({ ok: false, attempts: 1 });
  expect(slack.state.messages.at(-1)?.text).toMatch(/^\/acr failed with the error "/);
  expect(event.ok || event.attempts === 4).toBe(true);
});

test('A submitted view is updated, pushed on, and cleared as the bot answers', async () => {
  const { app, slack } = world;
  const titled = (text: string) => ({
    ...form,
    title: { type: 'plain_text' as const, text },
    blocks: [section('x')],
  });
  const answers = ['update', 'push', 'clear'] as const;
  let step = 0;
  app.command('/acr', async ({ ack, body, client }) => {
    await ack();
    await client.views.open({ trigger_id: body.trigger_id, view: titled('First') });
  });
  app.view('promote', async ({ ack }) => {
    const action = answers[step];
    step += 1;
    if (action === 'clear') return ack({ response_action: 'clear' });
    await ack({ response_action: action ?? 'update', view: titled(`After ${action}`) });
  });
  const top = () => slack.state.modals['U01DANA']?.at(-1)?.view;
  await slack.command('developer', 'releases', 'promote');
  const opened = await until(top);

  const kinds: string[] = [];
  const titles: unknown[] = [];
  for (const _answer of answers) {
    const { outcome } = await slack.submitView('developer', String(top()?.['id']), {});
    kinds.push(outcome.kind);
    titles.push((top()?.['title'] as { text: string } | undefined)?.text);
  }

  expect(kinds).toEqual(['updated', 'pushed', 'cleared']);
  expect(titles).toEqual(['After update', 'After push', undefined]);
  expect(opened['root_view_id']).toBe(opened['id']);
});

test('Closing a view is told to the bot only where the view asks for it', async () => {
  const { app, slack } = world;
  const closed: string[] = [];
  app.command('/acr', async ({ ack, body, client, command }) => {
    await ack();
    await client.views.open({
      trigger_id: body.trigger_id,
      view: { ...form, notify_on_close: command.text === 'loud' },
    });
  });
  app.view({ type: 'view_closed', callback_id: 'promote' }, async ({ ack, view }) => {
    closed.push(view.private_metadata);
    await ack();
  });
  const openAndClose = async (text: string) => {
    await slack.command('developer', 'releases', text);
    const { view } = await until(() => slack.state.modals['U01DANA']?.[0]);
    return slack.closeView('developer', String(view['id']));
  };

  const silent = await openAndClose('quiet');
  const told = await openAndClose('loud');

  expect([silent, told?.ok]).toEqual([undefined, true]);
  expect(closed).toEqual(['from-uat']);
});

test('A choice in a message carries the option and the message’s state', async () => {
  const { app, slack, client } = world;
  const options = ['dev', 'prod'].map((text) => ({
    text: { type: 'plain_text' as const, text },
    value: text,
  }));
  const elements = [{ type: 'static_select' as const, action_id: 'stage', options }];
  const { ts } = await client.chat.postMessage({
    channel: 'C01RELEASES',
    text: 'choose',
    blocks: [{ type: 'actions', block_id: 'b', elements }],
  });
  const heard: unknown[] = [];
  app.action('stage', async ({ ack, action, body }) => {
    heard.push(action.type === 'static_select' && action.selected_option, 'state' in body && body.state);
    await ack();
  });

  await slack.act('developer', { channel: 'releases', ts: ts! }, { actionId: 'stage', value: 'prod' });

  const selected_option = options[1];
  expect(heard).toEqual([
    selected_option,
    { values: { b: { stage: { type: 'static_select', selected_option } } } },
  ]);
});

test('Redelivered requests say so, and a replay is the same bytes', async () => {
  const heard: { retry: unknown; signature: unknown }[] = [];
  const { slack } = world;
  slack.controls.retryPausesMs = [1];
  world.receiver.app.use((req, res, next) => {
    heard.push({ retry: req.headers['x-slack-retry-num'], signature: req.headers['x-slack-signature'] });
    if (heard.length < 3) res.status(500).end();
    else next();
  });
  const layers = world.receiver.app.router.stack;
  layers.unshift(layers.pop()!);

  const event = await slack.event({ type: 'tokens_revoked', tokens: {} });
  await slack.replay();

  expect(event.attempts).toBe(2);
  expect(heard.map((one) => one.retry)).toEqual([undefined, '1', '1']);
  expect(heard[1]?.signature).toBe(heard[2]?.signature);
});

/** Waits for a value to appear, at most two seconds. */
async function until<T>(read: () => T | undefined): Promise<NonNullable<T>> {
  for (let waited = 0; waited < 2000; waited += 5) {
    const value = read();
    if (value) return value as NonNullable<T>;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error('It did not happen within two seconds.');
}
