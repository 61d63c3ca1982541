// One post or reply in Teams, and what the buttons of its card do.
import type { Json, TeamsPost } from '../../shapes.ts';
import { post } from '../api.ts';
import { timeOf } from '../clock.ts';
import { avatar, h } from '../dom.ts';
import { markdownSpans } from '../slack/rich-text.ts';
import { toast } from '../toast.ts';
import { type CardHandlers, drawCard } from './card.ts';
import { type DialogOutcome, showDialog } from './dialog.ts';

export const botName = 'ACR';

/** Who acts, and in which conversation, at the moment of a click. */
export type Where = () => { readonly as: string; readonly conversation: string };

export function handlersOf({ id }: TeamsPost, where: Where): CardHandlers {
  const search: CardHandlers['search'] = async (dataset, text) => {
    const body = { ...where(), id, dataset, text };
    return (await post<{ choices: { title: string; value: string }[] }>('teams/search', body))?.choices ?? [];
  };
  const inDialog: CardHandlers = {
    search,
    execute: (action) => inDialog.submit(action),
    submit: async (data) => {
      const result = await post<{ dialog: DialogOutcome }>('teams/dialog', { ...where(), id, data });
      showDialog(result?.dialog, inDialog);
    },
  };
  return {
    search,
    execute: (action) => execute(id, action, where),
    submit: async (data) => {
      const result = await post<{ dialog?: DialogOutcome }>('teams/submit', { ...where(), id, data });
      if (result?.dialog) showDialog(result.dialog, inDialog);
    },
  };
}

async function execute(id: string, action: Json, where: Where): Promise<void> {
  const body = { ...where(), id, data: action };
  const result = await post<{ outcome: { kind: string; text?: string } }>('teams/execute', body);
  const { kind, text } = result?.outcome ?? {};
  if (text) toast(text, kind === 'error' ? 'error' : 'note');
}

export function drawPost(one: TeamsPost, handlers: CardHandlers): HTMLElement {
  const text = one.text.replace(/<at>([^<]*)<\/at>/g, '@$1');
  const isReply = one.thread !== one.id;
  const classes = ['post', isReply && 'reply', one.fromBot && 'bot'].filter((part) => part !== false);
  return h(
    'article',
    { class: classes.join(' '), 'data-testid': 'teams-message', 'data-id': one.id },
    avatar(one.fromBot ? botName : one.from, one.fromBot),
    h(
      'div',
      { class: 'body' },
      byLine(one),
      text !== '' &&
        h(
          'div',
          { class: 'post-text' },
          ...text.split('\n').map((line) => h('p', {}, ...spans(line, one.fromBot))),
        ),
      one.card && drawCard(one.card, handlers),
    ),
  );
}

function byLine(one: TeamsPost): HTMLElement {
  return h(
    'div',
    { class: 'by' },
    h('b', {}, one.from),
    one.fromBot && h('span', { class: 'badge' }, 'App'),
    h('time', {}, timeOf(new Date(one.at))),
    one.edited && h('small', {}, 'Edited'),
    one.isPrivate && h('small', { class: 'only-you' }, 'Only you can see this message'),
  );
}

/** A person's text is shown as typed, with its mention; the bot's text is Markdown. */
function spans(line: string, isMarkdown: boolean): Node[] {
  if (isMarkdown) return markdownSpans(line);
  const rest = line.startsWith(`@${botName}`) ? line.slice(botName.length + 1) : line;
  return [
    ...(rest === line ? [] : [h('span', { class: 'mention' }, botName)]),
    document.createTextNode(rest),
  ];
}
