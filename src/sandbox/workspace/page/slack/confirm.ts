// Slack's confirmation dialog of an element, and the dialog frame it shares with modals: Escape closes, focus stays in.
import type { Json } from '../../shapes.ts';
import { h } from '../dom.ts';
import { textOf } from '../json.ts';

/** Asks before an action; true if the person agreed. */
export function confirmed(confirm: Json): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (agreed: boolean) => (): void => {
      dialog.close();
      dialog.remove();
      resolve(agreed);
    };
    const danger = confirm['style'] === 'danger' ? 'danger' : 'primary';
    const dialog = h(
      'dialog',
      { class: 'slack-dialog confirm', 'data-testid': 'slack-confirm', oncancel: end(false) },
      h('header', {}, h('h2', {}, textOf(confirm['title']))),
      h('div', { class: 'dialog-body' }, textOf(confirm['text'])),
      h(
        'footer',
        {},
        h(
          'button',
          { class: 'slack-button', 'data-testid': 'confirm-deny', onclick: end(false) },
          textOf(confirm['deny']),
        ),
        h(
          'button',
          { class: `slack-button ${danger}`, 'data-testid': 'confirm-yes', onclick: end(true) },
          textOf(confirm['confirm']),
        ),
      ),
    );
    document.body.append(dialog);
    dialog.showModal();
  });
}
