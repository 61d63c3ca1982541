// The two chats as one person sees them: whose ephemeral messages, whose card, which modal.
import type { SamplePerson } from '../cast.ts';
import { personOf } from '../slack/core.ts';
import type { SlackStandIn } from '../slack/slack.ts';
import type { TeamsStandIn } from '../teams/teams.ts';
import type { SlackPicture, TeamsPicture } from './shapes.ts';

/** The newest messages shown, of all conversations together. */
const mostShown = 400;

/** Slack as `role` sees it. */
export function slackPicture({ state }: SlackStandIn, role: string): SlackPicture {
  const me = personOf(role).slack;
  const channels = state.channels.filter((one) => one.members.includes(me));
  const mine = new Set(channels.map((one) => one.id));
  const stack = state.modals[me] ?? [];
  const modal = stack.at(-1)?.view;
  const home = state.homes[me]?.view;
  return {
    channels: channels.map(({ id, name, dmWith }) => ({ id, name, isDm: dmWith !== undefined })),
    messages: state.messages
      .filter((one) => mine.has(one.channel) && (!one.ephemeralFor || one.ephemeralFor === me))
      .slice(-mostShown)
      .map((one) => ({
        channel: one.channel,
        ts: one.ts,
        user: one.user,
        bot: one.bot,
        text: one.text,
        blocks: one.blocks,
        ...(one.threadTs ? { threadTs: one.threadTs } : {}),
        isPrivate: one.ephemeralFor !== undefined,
        edited: one.edited ?? false,
      })),
    names: namesOf(state),
    ...(modal ? { modal } : {}),
    stacked: stack.length,
    ...(home ? { home } : {}),
  };
}

function namesOf(state: SlackStandIn['state']): Record<string, string> {
  return Object.fromEntries([
    ...state.users.map((one) => [one.id, (one['profile'] as { real_name: string }).real_name]),
    ...state.channels.map((one) => [one.id, one.name]),
    ...state.usergroups.map((one) => [one.id, one.handle]),
    ['USLACKBOT', 'Slackbot'],
  ]);
}

/** Teams as `role` sees it. */
export function teamsPicture(teams: TeamsStandIn, role: string): TeamsPicture {
  const me: SamplePerson = personOf(role);
  const conversations = teams.state.conversations.filter((one) => !one.with || one.with === me.teams);
  const mine = new Set(conversations.map((one) => one.id));
  return {
    conversations: conversations.map(({ id, name, kind }) => ({ id, name, kind })),
    posts: teams.state.activities
      .filter((one) => mine.has(one.conversation) && (!one.targetedTo || one.targetedTo === me.teams))
      .slice(-mostShown)
      .map((one) => {
        const card = teams.cardFor(me.role, one.id);
        return {
          id: one.id,
          conversation: one.conversation,
          thread: one.thread,
          from: one.from.name,
          fromBot: one.fromBot,
          text: one.text,
          ...(card ? { card } : {}),
          at: one.at,
          edited: one.edited,
          isPrivate: one.targetedTo !== undefined,
        };
      }),
  };
}
