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

/** Waits for a value to appear, at most two seconds. */
async function until<T>(read: () => T | undefined): Promise<NonNullable<T>> {
  for (let waited = 0; waited < 2000; waited += 5) {
    const value = read();
    if (value) return value as NonNullable<T>;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error('It did not happen within two seconds.');
}
