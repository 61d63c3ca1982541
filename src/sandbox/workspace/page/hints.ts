// The one-line panel of the first visit: commands to try, each put into the composer by a click.
import { h } from './dom.ts';
import { closeHint, isHintOpen } from './session.ts';

export function createHints(tries: readonly string[], fill: (command: string) => void): HTMLElement {
  const close = (): void => {
    closeHint();
    place.remove();
  };
  const place = h(
    'aside',
    { class: 'hints', 'aria-label': 'Commands to try', 'data-testid': 'hints', hidden: !isHintOpen() },
    h('b', {}, 'Try:'),
    ...tries.map((one) => h('button', { class: 'try', onclick: () => fill(one) }, `/acr ${one}`)),
    h(
      'span',
      { class: 'hint-more' },
      'in Slack, or @ACR in Teams. Then switch the person above and approve.',
    ),
    h(
      'button',
      { class: 'plain', 'aria-label': 'Close this hint', 'data-testid': 'hints-close', onclick: close },
      '×',
    ),
  );
  return place;
}
