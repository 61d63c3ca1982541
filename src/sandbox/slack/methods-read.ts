// The reading methods of the Web API: who and where. Answers have the fields the documentation names and the product
// may rely on; what no one here needs is left out rather than made up.
import { slackApp, slackTeam } from '../cast.ts';
import { fail, isTrue, type Answer, type Method } from './web-api.ts';
import { type Json, words } from './block-checks.ts';
import { findChannel, type SlackChannel, type SlackState, wireMessage } from './state.ts';

export const readMethods: Record<string, Method> = {
  'auth.test': (_args, core) => ({
    ok: true,
    url: `${core.publicUrl()}/`,
    team: slackTeam.name,
    user: slackApp.name,
    team_id: slackTeam.id,
    user_id: slackApp.botUser,
    bot_id: slackApp.botId,
    is_enterprise_install: false,
  }),
  'bots.info': (args) =>
    args['bot'] === slackApp.botId
      ? {
          ok: true,
          bot: { id: slackApp.botId, app_id: slackApp.id, user_id: slackApp.botUser, deleted: false },
        }
      : fail('bot_not_found'),
  'users.info': (args, { state }) => {
    const user = state.users.find((one) => one.id === args['user']);
    return user ? { ok: true, user } : fail('user_not_found');
  },
  'users.list': (args, { state }) => page('members', state.users, args),
  'users.lookupByEmail': (args, { state }) => {
    const user = state.users.find((one) => (one['profile'] as Json)['email'] === args['email']);
    return user ? { ok: true, user } : fail('users_not_found');
  },
  'usergroups.list': (args, { state }) => ({
    ok: true,
    usergroups: state.usergroups.map(({ users, ...group }) => ({
      ...group,
      team_id: slackTeam.id,
      is_usergroup: true,
      date_delete: 0,
      user_count: users.length,
      ...(isTrue(args['include_users']) ? { users } : {}),
    })),
  }),
  'usergroups.users.list': (args, { state }) => {
    const group = state.usergroups.find((one) => one.id === args['usergroup']);
    return group ? { ok: true, users: group.users } : fail('no_such_subteam');
  },
  'conversations.info': (args, { state }) => {
    const channel = findById(state, args['channel']);
    return channel ? { ok: true, channel: wireChannel(channel) } : fail('channel_not_found');
  },
  'conversations.list': (args, { state }) => {
    const types = words(args['types'], 'public_channel').split(',');
    const wanted = state.channels.filter((one) => types.includes(one.dmWith ? 'im' : 'public_channel'));
    return page('channels', wanted.map(wireChannel), args);
  },
  'conversations.members': (args, { state }) => {
    const channel = findById(state, args['channel']);
    return channel ? page('members', channel.members, args) : fail('channel_not_found');
  },
  'conversations.open': (args, { state }) => {
    const users = words(args['users']).split(',');
    const channel = state.channels.find((one) => one.dmWith === users[0] || one.id === args['channel']);
    return channel ? { ok: true, channel: { id: channel.id } } : fail('user_not_found');
  },
  'conversations.history': (args, { state }) => {
    if (!findById(state, args['channel'])) return fail('channel_not_found');
    const roots = visible(state, args).filter((one) => !one.threadTs || one.threadTs === one.ts);
    return messagesPage(roots.toReversed(), args);
  },
  'conversations.replies': (args, { state }) => {
    const thread = visible(state, args).filter((one) => one.ts === args['ts'] || one.threadTs === args['ts']);
    return thread.length > 0 ? messagesPage(thread, args) : fail('thread_not_found');
  },
  'apps.event.authorizations.list': () => fail('not_allowed_token_type'),
};

function findById(state: SlackState, id: unknown): SlackChannel | undefined {
  const found = typeof id === 'string' ? findChannel(state, id) : undefined;
  return found?.id === id ? found : undefined;
}

function visible(state: SlackState, args: Json): SlackState['messages'] {
  const inclusive = isTrue(args['inclusive']);
  const within = (ts: string, bound: unknown, sign: number): boolean => {
    if (typeof bound !== 'string' && typeof bound !== 'number') return true;
    const difference = (Number(ts) - Number(bound)) * sign;
    return difference > 0 || (inclusive && difference === 0);
  };
  return state.messages.filter(
    (one) =>
      one.channel === args['channel'] &&
      !one.ephemeralFor &&
      within(one.ts, args['oldest'], 1) &&
      within(one.ts, args['latest'], -1),
  );
}

function messagesPage(messages: SlackState['messages'], args: Json): Answer {
  const withMetadata = isTrue(args['include_all_metadata']);
  const wire = messages.map(wireMessage).map((one) => {
    if (withMetadata) return one;
    const { metadata: _unasked, ...rest } = one;
    return rest;
  });
  const answer = page('messages', wire, args);
  const cursor = (answer['response_metadata'] as Json)['next_cursor'];
  return { ...answer, has_more: cursor !== '' };
}

/** One page: the cursor is the base64 of an offset, as opaque to the caller as Slack's. */
function page(name: string, items: readonly unknown[], args: Json): Answer {
  const limit = Math.min(Math.max(Number(args['limit'] ?? 100) || 100, 1), 1000);
  const from = Number(Buffer.from(words(args['cursor']), 'base64').toString()) || 0;
  const next = from + limit < items.length ? Buffer.from(String(from + limit)).toString('base64') : '';
  return { ok: true, [name]: items.slice(from, from + limit), response_metadata: { next_cursor: next } };
}

function wireChannel(channel: SlackChannel): Json {
  const shared = channel.is_ext_shared ?? false;
  const common = { id: channel.id, is_archived: channel.is_archived ?? false, context_team_id: slackTeam.id };
  if (channel.dmWith) return { ...common, is_im: true, user: channel.dmWith, is_ext_shared: false };
  return {
    ...common,
    name: channel.name,
    is_channel: true,
    is_private: false,
    is_im: false,
    is_general: false,
    is_shared: shared,
    is_org_shared: false,
    is_ext_shared: shared,
    is_pending_ext_shared: channel.is_pending_ext_shared ?? false,
    is_member: channel.members.includes(slackApp.botUser),
    num_members: channel.members.length,
  };
}
