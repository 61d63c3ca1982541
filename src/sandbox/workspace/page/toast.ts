// Short notes at the bottom of the page, read out by screen readers: errors stay longer.
import { h } from './dom.ts';

const place = h('div', { class: 'toasts', role: 'status', 'aria-live': 'polite', 'data-testid': 'toasts' });

export function toast(text: string, kind: 'note' | 'error' = 'note'): void {
  if (!place.isConnected) document.body.append(place);
  const close = h(
    'button',
    { class: 'plain', 'aria-label': 'Dismiss', onclick: (): void => note.remove() },
    '×',
  );
  const note = h('div', { class: `toast ${kind}`, 'data-testid': 'toast' }, h('span', {}, text), close);
  place.append(note);
  setTimeout(() => note.remove(), kind === 'error' ? 9000 : 5000);
}
