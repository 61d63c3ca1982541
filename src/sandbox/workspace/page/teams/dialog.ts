// A Teams dialog: a card in a frame, opened by task/fetch, answered by task/submit.
import type { Json } from '../../shapes.ts';
import { h } from '../dom.ts';
import { toast } from '../toast.ts';
import { drawCard, type CardHandlers } from './card.ts';

/** What the bot's answer asks for. */
export interface DialogOutcome {
  readonly kind: 'open' | 'message' | 'closed' | 'error';
  readonly title?: string;
  readonly card?: Json;
  readonly text?: string;
}

/** Shows the outcome; `handlers.submit` sends task/submit and calls this again with its outcome. */
export function showDialog(outcome: DialogOutcome | undefined, handlers: CardHandlers): void {
  const open = document.querySelector<HTMLDialogElement>('dialog.teams-dialog');
  open?.close();
  open?.remove();
  if (!outcome || outcome.kind === 'closed') return;
  if (outcome.kind !== 'open' || !outcome.card)
    return toast(outcome.text ?? '', outcome.kind === 'error' ? 'error' : 'note');
  const close = (): void => {
    dialog.close();
    dialog.remove();
  };
  const dialog = h(
    'dialog',
    {
      class: 'teams-dialog',
      'aria-label': outcome.title ?? 'Dialog',
      'data-testid': 'teams-dialog',
      oncancel: close,
    },
    h(
      'header',
      {},
      h('h2', {}, outcome.title),
      h('button', { class: 'plain', 'aria-label': 'Close dialog', onclick: close }, '×'),
    ),
    h('div', { class: 'dialog-body' }, drawCard(outcome.card, handlers)),
  );
  document.body.append(dialog);
  dialog.showModal();
}
