// A person and a real botbuilder adapter talk through the stand-in of Teams, tokens checked both ways.
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ConversationReference, TurnContext } from 'botbuilder';
import { teamsApp, tenantId } from '../../../src/sandbox/cast.ts';
import { card, startWorld, type TeamsWorld } from './teams-world.ts';

let world: TeamsWorld;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.stop());

const invokeResponse = (context: TurnContext, body: object): Promise<unknown> =>
  context.sendActivity({ type: 'invokeResponse', value: { status: 200, body } });

/** The base card's first text of a message, or the text this person sees. */
function textSeen(person: string, id: string): unknown {
  const body = world.teams.cardFor(person, id)?.['body'] as { text: string }[] | undefined;
  return body?.[0]?.text;
}

test('A mention in a channel gets a card in its thread', async () => {
  let heard: Partial<TurnContext['activity']> = {};
  world.turn = async (context) => {
    heard = context.activity;
    await context.sendActivity({ attachments: [card('Score 81')] });
  };

  const { id, delivery } = await world.teams.message('developer', 'releases', 'status', { mention: true });

  expect(delivery).toMatchObject({ ok: true, status: 200 });
  expect(heard).toMatchObject({
    type: 'message',
    text: '<at>ACR</at> status',
    channelId: 'msteams',
    from: { aadObjectId: '0b1ec700-0000-4000-8000-000000000001', name: 'Dana Okafor' },
    conversation: {
      id: `19:releases@thread.tacv2;messageid=${id}`,
      conversationType: 'channel',
      tenantId,
      isGroup: true,
    },
    channelData: { tenant: { id: tenantId }, channel: { id: '19:releases@thread.tacv2' } },
  });
  expect(world.teams.state.activities).toMatchObject([
    { id, fromBot: false },
    { thread: id, fromBot: true },
  ]);
});

test('An Action.Execute replaces the card for the one who pressed it, until the bot updates the message', async () => {
  let reference: Partial<ConversationReference> = {};
  world.turn = async (context) => {
    if (context.activity.type !== 'invoke')
      return void (await context.sendActivity({ attachments: [card('open')] }));
    reference = referenceOf(context);
    const { content } = card(
      `approved by ${context.activity.from.name} (${context.activity.value.action.verb})`,
    );
    await invokeResponse(context, {
      statusCode: 200,
      type: 'application/vnd.microsoft.card.adaptive',
      value: content,
    });
  };
  await world.teams.message('developer', 'releases', 'promote', { mention: true });
  const posted = world.teams.state.activities.at(-1)!;

  const pressed = await world.teams.invoke('release-approver', 'releases', posted.id, {
    verb: 'approve',
    data: { id: 'r-1' },
  });
  const after = [textSeen('release-approver', posted.id), textSeen('developer', posted.id)];
  await world.adapter.continueConversationAsync(teamsApp.id, reference, async (context) => {
    await context.updateActivity({ type: 'message', id: posted.id, attachments: [card('done')] });
  });

  expect(pressed.outcome).toEqual({ kind: 'card' });
  expect(after).toEqual(['approved by Rui Martins (approve)', 'open']);
  expect([textSeen('release-approver', posted.id), textSeen('developer', posted.id)]).toEqual([
    'done',
    'done',
  ]);
});

test('A message answer is a toast and an error is Teams’ generic failure', async () => {
  world.turn = async (context) => {
    if (context.activity.type !== 'invoke')
      return void (await context.sendActivity({ attachments: [card('open')] }));
    const body =
      context.activity.value.action.verb === 'toast'
        ? { statusCode: 200, type: 'application/vnd.microsoft.activity.message', value: 'Not allowed.' }
        : {
            statusCode: 500,
            type: 'application/vnd.microsoft.error',
            value: { code: 'x', message: 'secret' },
          };
    await invokeResponse(context, body);
  };
  await world.teams.message('developer', 'personal', 'hello');
  const { id } = world.teams.state.activities.at(-1)!;

  const toast = await world.teams.invoke('developer', 'personal', id, { verb: 'toast', data: {} });
  const failed = await world.teams.invoke('developer', 'personal', id, { verb: 'fail', data: {} });

  expect(toast.outcome).toEqual({ kind: 'message', text: 'Not allowed.' });
  expect(failed.outcome).toEqual({ kind: 'error', text: 'Something went wrong. Please try again.' });
});

test('A role view is fetched once a revision, for those the card names', async () => {
  const refresh = {
    userIds: ['29:1rui-mri'],
    action: { type: 'Action.Execute', verb: 'refresh', data: { id: 'r-1' } },
  };
  const triggers: string[] = [];
  world.turn = async (context) => {
    if (context.activity.type !== 'invoke')
      return void (await context.sendActivity({ attachments: [card('base', { refresh })] }));
    triggers.push(context.activity.value.trigger);
    const { content } = card('for approvers', { refresh });
    await invokeResponse(context, {
      statusCode: 200,
      type: 'application/vnd.microsoft.card.adaptive',
      value: content,
    });
  };
  await world.teams.message('developer', 'releases', 'promote', { mention: true });
  const { id } = world.teams.state.activities.at(-1)!;

  const refreshed = [
    await world.teams.open('release-approver', 'releases'),
    await world.teams.open('release-approver', 'releases'),
    await world.teams.open('outsider', 'releases'),
  ];

  expect(refreshed).toEqual([1, 0, 0]);
  expect(triggers).toEqual(['automatic']);
  expect([textSeen('release-approver', id), textSeen('outsider', id)]).toEqual(['for approvers', 'base']);
});

test('A dialog opens by task/fetch, stays with a card and closes with nothing', async () => {
  world.turn = async (context) => {
    const { name, value, type } = context.activity;
    if (type !== 'invoke') return void (await context.sendActivity({ attachments: [card('form')] }));
    const task = { type: 'continue', value: { title: 'Promote', card: card('fill in') } };
    await invokeResponse(context, name === 'task/fetch' || !value.data.reason ? { task } : {});
  };
  await world.teams.message('developer', 'releases', 'promote', { mention: true });
  const { id } = world.teams.state.activities.at(-1)!;

  const opened = await world.teams.submit('developer', 'releases', id, { msteams: { type: 'task/fetch' } });
  const again = await world.teams.submitDialog('developer', 'releases', id, {});
  const done = await world.teams.submitDialog('developer', 'releases', id, { reason: 'because' });

  expect(opened.dialog).toMatchObject({ kind: 'open', title: 'Promote' });
  expect(again.dialog).toMatchObject({ kind: 'open' });
  expect(done.dialog).toEqual({ kind: 'closed' });
});

test('An Action.Submit without a dialog is a message with a value, in the card’s thread', async () => {
  const heard: unknown[] = [];
  world.turn = async (context) => {
    const { type, value, replyToId, conversation } = context.activity;
    if (!value) return void (await context.sendActivity({ attachments: [card('form')] }));
    heard.push({ type, value, replyToId, conversation: conversation.id });
  };
  const { id } = await world.teams.message('developer', 'releases', 'status', { mention: true });
  const posted = world.teams.state.activities.at(-1)!;

  await world.teams.submit('developer', 'releases', posted.id, { choice: 'prod' });

  const conversation = `19:releases@thread.tacv2;messageid=${id}`;
  expect(heard).toEqual([{ type: 'message', value: { choice: 'prod' }, replyToId: posted.id, conversation }]);
});

test('A message in a channel without a mention is not told to the bot, a slash command is', async () => {
  const heard: unknown[] = [];
  world.turn = (context) => {
    heard.push(context.activity.text);
    return Promise.resolve();
  };

  await world.teams.message('developer', 'releases', 'good morning');
  await world.teams.message('developer', 'releases', '/acr status');
  await world.teams.message('developer', 'personal', 'status');

  expect(heard).toEqual(['/acr status', 'status']);
});

test('A typeahead asks the bot and gets its choices', async () => {
  world.turn = async (context) => {
    if (context.activity.type !== 'invoke')
      return void (await context.sendActivity({ attachments: [card('form')] }));
    const { queryText, dataset } = context.activity.value;
    const results = [{ title: `${dataset}: ${queryText}`, value: 'shop/web' }];
    const type = 'application/vnd.microsoft.search.searchResponse';
    await invokeResponse(context, { statusCode: 200, type, value: { results } });
  };
  await world.teams.message('developer', 'personal', 'promote');
  const { id } = world.teams.state.activities.at(-1)!;

  const found = await world.teams.search('developer', 'personal', id, 'repositories', 'shop');

  expect(found.choices).toEqual([{ title: 'repositories: shop', value: 'shop/web' }]);
});

test('The bot opens a new thread and a personal chat on its own', async () => {
  const { adapter, teams, url } = world;
  const started: string[] = [];
  const create = (parameters: object): Promise<void> =>
    adapter.createConversationAsync(
      teamsApp.id,
      'msteams',
      `${url}/teams/`,
      'https://api.botframework.com',
      { isGroup: true, bot: { id: teamsApp.mri, name: 'ACR' }, ...parameters } as never,
      (context) => {
        started.push(context.activity.conversation.id);
        return Promise.resolve();
      },
    );

  await create({
    channelData: { channel: { id: '19:security@thread.tacv2' } },
    activity: { type: 'message', attachments: [card('digest')] },
  });
  await create({ isGroup: false, members: [{ id: '29:1sofia-mri' }], tenantId });

  const [post] = teams.state.activities;
  expect(post).toMatchObject({ conversation: '19:security@thread.tacv2', fromBot: true });
  expect(started).toEqual([`19:security@thread.tacv2;messageid=${post?.id}`, 'a:1sofia-mri']);
});

test('A targeted message is for one person', async () => {
  world.turn = async (context) => {
    const id = encodeURIComponent(context.activity.conversation.id);
    const token = await world.tokens.sign({ aud: 'https://api.botframework.com', appid: teamsApp.id });
    await fetch(`${world.url}/teams/v3/conversations/${id}/activities?isTargetedActivity=true`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify({ type: 'message', text: 'psst', recipient: { id: context.activity.from.id } }),
    });
  };

  await world.teams.message('outsider', 'platform', 'whoami', { mention: true });

  expect(world.teams.state.activities.at(-1)).toMatchObject({ text: 'psst', targetedTo: '29:1olga-mri' });
});

test('Installing tells the bot about the team and each personal chat', async () => {
  const heard: string[] = [];
  world.turn = (context) => {
    heard.push(`${context.activity.type} ${context.activity.conversation.conversationType}`);
    return Promise.resolve();
  };

  const deliveries = await world.teams.install();

  expect(deliveries.every((one) => one.ok)).toBe(true);
  expect(heard.filter((one) => one === 'installationUpdate channel')).toHaveLength(1);
  expect(heard.filter((one) => one === 'conversationUpdate personal')).toHaveLength(5);
  expect(world.teams.state.installed).toBe(true);
});

function referenceOf(context: TurnContext): Partial<ConversationReference> {
  const { conversation, recipient, from, serviceUrl, channelId } = context.activity;
  return { conversation, bot: recipient, user: from, serviceUrl, channelId };
}
