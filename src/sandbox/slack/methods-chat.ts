// The writing methods of the Web API for messages, with Slack's refusals.
import { slackApp } from '../cast.ts';
import { isJson, type Json, words } from './block-checks.ts';
import { type SlackCore, withIds } from './core.ts';
import { findChannel, type SlackMessage, wireMessage } from './state.ts';
import { errorLines, validateBlocks, validateView } from './validate-blocks.ts';
import { type Answer, fail, type Method } from './web-api.ts';

const mostText = 40_000;

/** Slack's answer to blocks it refuses in a message, or nothing. */
export function blocksProblem(blocks: unknown): Answer | undefined {
  if (blocks === undefined) return undefined;
  const errors = validateBlocks(blocks, 'message');
  if (errors.length === 0) return undefined;
  const messages = errorLines(errors);
  return fail('invalid_blocks', { errors: messages, response_metadata: { messages } });
}

function contentProblem(args: Json): Answer | undefined {
  const text = args['text'];
  if (typeof text === 'string' && text.length > mostText) return fail('msg_too_long');
  if (!text && (!Array.isArray(args['blocks']) || args['blocks'].length === 0)) return fail('no_text');
  return blocksProblem(args['blocks']);
}

/** The channel as chat methods take it: an id, a name, or a user id, which means their direct message. */
function target(core: SlackCore, args: Json): { id: string } | Answer {
  const given = words(args['channel']);
  const channel = findChannel(core.state, given) ?? core.state.channels.find((one) => one.dmWith === given);
  if (!channel) return fail('channel_not_found');
  if (channel.is_archived) return fail('is_archived');
  if (!channel.members.includes(slackApp.botUser)) return fail('not_in_channel');
  return { id: channel.id };
}

const isRefusal = (value: { id: string } | Answer): value is Answer => 'ok' in value;
const textOf = (args: Json): string => (typeof args['text'] === 'string' ? args['text'] : '');
const blocksOf = (args: Json): Json[] => (Array.isArray(args['blocks']) ? args['blocks'].filter(isJson) : []);

function content(args: Json): Pick<SlackMessage, 'text' | 'blocks' | 'metadata' | 'threadTs'> {
  return {
    text: textOf(args),
    blocks: blocksOf(args),
    ...(isJson(args['metadata']) ? { metadata: args['metadata'] } : {}),
    ...(typeof args['thread_ts'] === 'string' ? { threadTs: args['thread_ts'] } : {}),
  };
}

function postMessage(args: Json, core: SlackCore): Answer {
  const channel = target(core, args);
  if (isRefusal(channel)) return channel;
  const problem = contentProblem(args);
  if (problem) return problem;
  const message = core.add({ channel: channel.id, ...content(args) });
  return { ok: true, channel: channel.id, ts: message.ts, message: wireMessage(message) };
}

function postEphemeral(args: Json, core: SlackCore): Answer {
  const channel = target(core, args);
  if (isRefusal(channel)) return channel;
  const problem = contentProblem(args);
  if (problem) return problem;
  const user = words(args['user']);
  if (!core.state.channels.find((one) => one.id === channel.id)?.members.includes(user))
    return fail('user_not_in_channel');
  const message = core.add({ channel: channel.id, ...content(args), ephemeralFor: user });
  return { ok: true, message_ts: message.ts };
}

/** The bot's own message; an ephemeral one cannot be found by its ts. */
function ownMessage(core: SlackCore, args: Json, notOwn: string): SlackMessage | Answer {
  const message = core.state.messages.find(
    (one) => one.channel === args['channel'] && one.ts === args['ts'] && !one.ephemeralFor,
  );
  if (!message) return fail('message_not_found');
  return message.bot ? message : fail(notOwn);
}

function update(args: Json, core: SlackCore): Answer {
  const message = ownMessage(core, args, 'cant_update_message');
  if ('ok' in message) return message;
  const problem = contentProblem(args);
  if (problem) return problem;
  const { text, blocks, metadata } = content(args);
  Object.assign(message, { text, blocks: withIds(blocks), edited: true }, metadata ? { metadata } : {});
  core.changed();
  return { ok: true, channel: message.channel, ts: message.ts, text, message: wireMessage(message) };
}

function remove(args: Json, core: SlackCore): Answer {
  const message = ownMessage(core, args, 'cant_delete_message');
  if ('ok' in message) return message;
  core.state.messages.splice(core.state.messages.indexOf(message), 1);
  core.changed();
  return { ok: true, channel: message.channel, ts: message.ts };
}

function validate(args: Json): Answer {
  const message = isJson(args['message']) ? args['message'] : undefined;
  const given = [args['blocks'], args['view'], message].filter((one) => one !== undefined);
  if (given.length !== 1) return fail('invalid_arguments');
  if (args['view'] !== undefined) return verdict('invalid_view', validateView(args['view'], ''));
  if (message) return verdict('invalid_message', validateBlocks(message['blocks'] ?? [], 'message'));
  return verdict('invalid_blocks', validateBlocks(args['blocks'], 'message', ''));
}

const verdict = (error: string, errors: readonly object[]): Answer =>
  errors.length > 0 ? fail(error, { errors: [...errors] }) : { ok: true };

export const chatMethods: Record<string, Method> = {
  'chat.postMessage': postMessage,
  'chat.postEphemeral': postEphemeral,
  'chat.update': update,
  'chat.delete': remove,
  'chat.getPermalink': (args, core) => ({
    ok: true,
    channel: args['channel'],
    permalink: `${core.publicUrl()}/archives/${String(args['channel'])}/p${String(args['message_ts']).replace('.', '')}`,
  }),
  'blocks.validate': validate,
  'files.getUploadURLExternal': (args, core) => {
    const id = `F${core.nextTs().replace('.', '')}`;
    return Number(args['length']) > 0
      ? { ok: true, file_id: id, upload_url: `${core.publicUrl()}/slack/api/upload/${id}` }
      : fail('missing_argument');
  },
  'files.completeUploadExternal': (args) => ({
    ok: true,
    files: Array.isArray(args['files']) ? args['files'] : [],
  }),
};
