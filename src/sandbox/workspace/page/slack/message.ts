// One message of a Slack channel, and the order of messages with their replies.
import type { SlackMessagePicture } from '../../shapes.ts';
import { timeOf } from '../clock.ts';
import { avatar, h } from '../dom.ts';
import { drawBlocks } from './blocks.ts';
import type { BlockContext } from './context.ts';
import { mrkdwn } from './mrkdwn.ts';

const isReply = (one: SlackMessagePicture): boolean => one.threadTs !== undefined && one.threadTs !== one.ts;

/** Replies follow the message they answer. */
export function inThreads(messages: readonly SlackMessagePicture[]): SlackMessagePicture[] {
  const known = new Set(messages.map((one) => one.ts));
  const roots = messages.filter((one) => !isReply(one) || !known.has(one.threadTs ?? ''));
  return roots.flatMap((root) => [
    root,
    ...messages.filter((one) => one !== root && isReply(one) && one.threadTs === root.ts),
  ]);
}

export function drawMessage(one: SlackMessagePicture, context: BlockContext): HTMLElement {
  const { names } = context;
  const name = names[one.user] ?? one.user;
  const classes = ['message', isReply(one) && 'reply', one.isPrivate && 'private'].filter(
    (part) => part !== false,
  );
  return h(
    'article',
    { class: classes.join(' '), 'data-testid': 'slack-message', 'data-ts': one.ts },
    avatar(name, one.bot),
    h(
      'div',
      { class: 'body' },
      one.isPrivate && h('div', { class: 'only-you' }, 'Only visible to you'),
      h(
        'div',
        { class: 'by' },
        h('b', {}, name),
        one.bot && h('span', { class: 'badge' }, 'APP'),
        h('time', {}, timeOf(new Date(Number(one.ts) * 1000))),
      ),
      h(
        'div',
        { class: 'blocks' },
        ...(one.blocks.length > 0
          ? drawBlocks(one.blocks, context)
          : [h('div', {}, ...mrkdwn(one.text, names))]),
      ),
      one.edited && h('small', { class: 'edited' }, '(edited)'),
    ),
  );
}
