// The switch "You are": the person at the page acts as one of the sample people in both chats at once.
import type { SamplePerson } from '../../cast.ts';
import { avatar, h } from './dom.ts';
import { saveSession, type Session } from './session.ts';

export function createPersonas(session: Session, changed: () => void): HTMLElement {
  const place = h('div', { class: 'personas', role: 'group', 'aria-label': 'You are' });
  const choose = (person: SamplePerson): void => {
    session.me = person;
    saveSession(session);
    draw();
    changed();
  };
  const draw = (): void =>
    place.replaceChildren(
      ...session.setup.people.map((one) =>
        h(
          'button',
          {
            'aria-pressed': String(one === session.me),
            class: one === session.me ? 'persona chosen' : 'persona',
            title: one.title,
            'data-testid': `persona-${one.role}`,
            onclick: () => choose(one),
          },
          avatar(one.name),
          h('span', {}, h('b', {}, one.name), h('small', {}, one.role.replace('-', ' '))),
        ),
      ),
    );
  draw();
  return place;
}
