// The list of places on the left of each chat. It marks places with something new, and is remade only when it differs, so
// that the keyboard's place in it is not lost.
import { h } from './dom.ts';

export interface Place {
  readonly place: string;
  readonly label: string;
  readonly testId: string;
  /** Names the newest message there; empty if there is none. */
  readonly latest: string;
}

export interface PlaceGroup {
  readonly title: string;
  readonly places: readonly Place[];
}

export interface Sidebar {
  readonly element: HTMLElement;
  /** `owner` is who looks: each person has read other things. */
  readonly show: (owner: string, groups: readonly PlaceGroup[], active: string) => void;
}

export function createSidebar(options: {
  label: string;
  heading: HTMLElement;
  open: (place: string) => void;
}): Sidebar {
  const places = h('div');
  const element = h('nav', { class: 'sidebar', 'aria-label': options.label }, options.heading, places);
  const seen = new Map<string, string>();
  let drawn = '';

  const isUnread = (owner: string, { place, latest }: Place, active: string): boolean => {
    const key = `${owner} ${place}`;
    if (place === active || !seen.has(key)) seen.set(key, latest);
    return seen.get(key) !== latest;
  };
  const item = (one: Place, isActive: boolean, unread: boolean): HTMLElement =>
    h(
      'button',
      {
        class: ['place-item', isActive && 'active', unread && 'unread']
          .filter((part) => part !== false)
          .join(' '),
        'aria-current': isActive ? 'page' : undefined,
        'data-testid': one.testId,
        onclick: () => options.open(one.place),
      },
      one.label,
      unread && h('span', { class: 'dot', title: 'New messages', 'aria-label': 'new messages' }),
    );
  const show: Sidebar['show'] = (owner, groups, active) => {
    const rows = groups.map(({ title, places: all }) => ({
      title,
      items: all.map((one) => ({
        one,
        isActive: one.place === active,
        unread: isUnread(owner, one, active),
      })),
    }));
    const mark = JSON.stringify(rows.map((row) => row.items.map(({ one, ...state }) => [one.testId, state])));
    if (mark === drawn) return;
    drawn = mark;
    const focused = document.activeElement?.getAttribute('data-testid');
    places.replaceChildren(
      ...rows.flatMap(({ title, items }) => [
        h('h3', {}, title),
        ...items.map(({ one, isActive, unread }) => item(one, isActive, unread)),
      ]),
    );
    if (focused) places.querySelector<HTMLElement>(`[data-testid="${CSS.escape(focused)}"]`)?.focus();
  };
  return { element, show };
}
