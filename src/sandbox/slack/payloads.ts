// The payloads of interactions as Slack sends them (the types of @slack/bolt 5 are the model).
import { type SamplePerson, slackApp, slackTeam } from '../cast.ts';
import type { Json } from './block-checks.ts';
import type { SlackCore } from './core.ts';
import { type SlackChannel, type SlackMessage, wireMessage } from './state.ts';

/** The old verification token: Slack still sends it, nobody should trust it. */
const verificationToken = 'sandbox-verification-token';
const handleOf = (person: SamplePerson): string => person.name.toLowerCase().replace(/\s+/g, '.');

function common(person: SamplePerson): Json {
  return {
    team: { id: slackTeam.id, domain: slackTeam.domain },
    enterprise: null,
    is_enterprise_install: false,
    user: { id: person.slack, username: handleOf(person), name: handleOf(person), team_id: slackTeam.id },
    api_app_id: slackApp.id,
    token: verificationToken,
  };
}

function responseUrl(core: SlackCore, channel: string, user: string, messageTs?: string): string {
  const token = core.tickets.response({ channel, user, ...(messageTs ? { messageTs } : {}) });
  return `${core.publicUrl()}/slack/api/response/${token}`;
}

/** The form of a slash command. */
export function commandForm(
  core: SlackCore,
  person: SamplePerson,
  channel: SlackChannel,
  text: string,
): Record<string, string> {
  return {
    token: verificationToken,
    team_id: slackTeam.id,
    team_domain: slackTeam.domain,
    channel_id: channel.id,
    channel_name: channel.name,
    user_id: person.slack,
    user_name: handleOf(person),
    command: '/acr',
    text,
    api_app_id: slackApp.id,
    is_enterprise_install: 'false',
    response_url: responseUrl(core, channel.id, person.slack),
    trigger_id: core.tickets.trigger(person.slack),
  };
}

/** block_actions on a message; an ephemeral message is not in the payload, as in Slack. */
export function messageAction(
  core: SlackCore,
  person: SamplePerson,
  message: SlackMessage,
  channelName: string,
  actions: Json[],
  values: Json,
): Json {
  const ephemeral = message.ephemeralFor !== undefined;
  return {
    ...common(person),
    type: 'block_actions',
    container: {
      type: 'message',
      message_ts: message.ts,
      channel_id: message.channel,
      is_ephemeral: ephemeral,
      ...(message.threadTs ? { thread_ts: message.threadTs } : {}),
    },
    trigger_id: core.tickets.trigger(person.slack),
    channel: { id: message.channel, name: channelName },
    ...(ephemeral ? {} : { message: wireMessage(message) }),
    state: { values },
    response_url: responseUrl(core, message.channel, person.slack, message.ts),
    actions,
  };
}

export function viewAction(core: SlackCore, person: SamplePerson, view: Json, actions: Json[]): Json {
  return {
    ...common(person),
    type: 'block_actions',
    container: { type: 'view', view_id: view['id'] },
    trigger_id: core.tickets.trigger(person.slack),
    view,
    actions,
  };
}

export function viewSubmission(core: SlackCore, person: SamplePerson, view: Json): Json {
  return {
    ...common(person),
    type: 'view_submission',
    trigger_id: core.tickets.trigger(person.slack),
    view,
    response_urls: [],
  };
}

export function viewClosed(person: SamplePerson, view: Json, isCleared: boolean): Json {
  return { ...common(person), type: 'view_closed', view, is_cleared: isCleared };
}

export function suggestion(
  person: SamplePerson,
  place: { view: Json } | { message: SlackMessage; channelName: string },
  ids: { actionId: string; blockId: string },
  value: string,
): Json {
  const where =
    'view' in place
      ? { view: place.view, container: { type: 'view', view_id: place.view['id'] } }
      : {
          message: wireMessage(place.message),
          channel: { id: place.message.channel, name: place.channelName },
          container: {
            type: 'message',
            message_ts: place.message.ts,
            channel_id: place.message.channel,
            is_ephemeral: false,
          },
        };
  return {
    ...common(person),
    type: 'block_suggestion',
    action_id: ids.actionId,
    block_id: ids.blockId,
    value,
    ...where,
  };
}

/** A shortcut, global or of a message. */
export function shortcut(
  core: SlackCore,
  person: SamplePerson,
  callbackId: string,
  on?: { message: SlackMessage; channelName: string },
): Json {
  const picked = {
    ...common(person),
    callback_id: callbackId,
    trigger_id: core.tickets.trigger(person.slack),
  };
  if (!on) return { ...picked, type: 'shortcut', action_ts: core.nextTs() };
  const { message, channelName } = on;
  return {
    ...picked,
    type: 'message_action',
    action_ts: core.nextTs(),
    message_ts: message.ts,
    message: wireMessage(message),
    channel: { id: message.channel, name: channelName },
    response_url: responseUrl(core, message.channel, person.slack),
  };
}

/** An event in its envelope. */
export function eventEnvelope(core: SlackCore, event: Json): Json {
  const id = core.nextTs().replace('.', '');
  return {
    token: verificationToken,
    team_id: slackTeam.id,
    api_app_id: slackApp.id,
    event: { event_ts: `${id.slice(0, -6)}.${id.slice(-6)}`, ...event },
    type: 'event_callback',
    event_id: `Ev${id}`,
    event_time: Math.floor(core.now() / 1000),
    authorizations: [
      {
        enterprise_id: null,
        team_id: slackTeam.id,
        user_id: slackApp.botUser,
        is_bot: true,
        is_enterprise_install: false,
      },
    ],
    is_ext_shared_channel: false,
  };
}
