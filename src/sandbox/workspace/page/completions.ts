// The list of commands over a composer: filtered as one types, walked with the arrow keys.
import type { CommandHint } from '../shapes.ts';
import { h, newId } from './dom.ts';

export interface Completions {
  readonly element: HTMLElement;
  /** Offers the commands that begin with `part`; none for undefined. */
  readonly offer: (part: string | undefined) => void;
  /** The marked command, if any is offered. */
  readonly chosen: () => CommandHint | undefined;
  /** Marks the next command, or the one before for -1. */
  readonly move: (step: 1 | -1) => void;
  readonly close: () => void;
}

const mostOffered = 7;

export function createCompletions(
  commands: readonly CommandHint[],
  take: (hint: CommandHint) => void,
  opened: (isOpen: boolean) => void,
): Completions {
  const element = h('div', {
    class: 'completions',
    role: 'listbox',
    id: newId('commands'),
    hidden: true,
    'aria-label': 'Commands',
  });
  let offered: readonly CommandHint[] = [];
  let at = 0;
  const draw = (): void => {
    element.hidden = offered.length === 0;
    opened(offered.length > 0);
    element.replaceChildren(...offered.map((one, index) => row(one, index === at, take)));
  };
  const set = (next: readonly CommandHint[]): void => {
    offered = next;
    at = 0;
    draw();
  };
  return {
    element,
    close: () => set([]),
    chosen: () => offered[at],
    move: (step) => {
      at = (at + step + offered.length) % offered.length;
      draw();
    },
    offer: (part) => {
      const fitting = commands.filter(
        (one) => part !== undefined && one.usage.startsWith(part) && one.usage !== part,
      );
      set(fitting.slice(0, mostOffered));
    },
  };
}

function row(hint: CommandHint, isChosen: boolean, take: (hint: CommandHint) => void): HTMLElement {
  return h(
    'div',
    {
      role: 'option',
      class: isChosen ? 'selected' : '',
      'aria-selected': String(isChosen),
      onmousedown: (event) => {
        event.preventDefault();
        take(hint);
      },
    },
    h('b', {}, hint.usage),
    h('span', {}, hint.about),
  );
}
