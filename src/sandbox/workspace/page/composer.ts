// The line in which a person writes, in both chats: it grows, completes commands, sends with Enter.
import type { CommandHint } from '../shapes.ts';
import { h, newId } from './dom.ts';

export interface Composer {
  readonly element: HTMLElement;
  /** Puts a text into the line and the cursor behind it. */
  readonly fill: (text: string) => void;
  readonly label: (text: string) => void;
}

interface Options {
  /** `slack` or `teams`: the prefix of the test ids. */
  readonly chat: string;
  readonly commands: readonly CommandHint[];
  /** The part of the text that names a command, such as what follows `/acr `; undefined where there is none. */
  readonly commandPart: (text: string) => string | undefined;
  /** The text with a completed command in it. */
  readonly complete: (usage: string) => string;
  readonly send: (text: string) => Promise<unknown>;
}

const mostOffered = 7;

export function createComposer(options: Options): Composer {
  const listId = newId('commands');
  const list = h('div', {
    class: 'completions',
    role: 'listbox',
    id: listId,
    hidden: true,
    'aria-label': 'Commands',
  });
  const input = h('textarea', {
    rows: 1,
    'data-testid': `${options.chat}-composer`,
    role: 'combobox',
    'aria-expanded': 'false',
    'aria-controls': listId,
    'aria-autocomplete': 'list',
    spellcheck: 'false',
    oninput: () => changed(),
    onkeydown: (event) => onKey(event as KeyboardEvent),
    onblur: () => setTimeout(close, 150),
  });
  const button = h(
    'button',
    {
      class: 'send',
      'data-testid': `${options.chat}-send`,
      'aria-label': 'Send',
      onclick: () => void send(),
    },
    '➤',
  );
  let offered: readonly CommandHint[] = [];
  let at = 0;

  const close = (): void => {
    offered = [];
    list.hidden = true;
    input.setAttribute('aria-expanded', 'false');
  };
  const changed = (): void => {
    input.style.height = 'auto';
    input.style.height = `${Math.min(input.scrollHeight, 140)}px`;
    const part = options.commandPart(input.value);
    offered =
      part === undefined
        ? []
        : options.commands
            .filter((one) => one.usage.startsWith(part) && one.usage !== part)
            .slice(0, mostOffered);
    at = 0;
    draw();
  };
  const draw = (): void => {
    list.hidden = offered.length === 0;
    input.setAttribute('aria-expanded', String(offered.length > 0));
    list.replaceChildren(...offered.map((one, index) => row(one, index === at)));
  };
  const row = (hint: CommandHint, selected: boolean): HTMLElement =>
    h(
      'div',
      {
        role: 'option',
        class: selected ? 'selected' : '',
        'aria-selected': String(selected),
        onmousedown: (event) => {
          event.preventDefault();
          take(hint);
        },
      },
      h('b', {}, hint.usage),
      h('span', {}, hint.about),
    );
  const take = (hint: CommandHint): void => {
    fill(options.complete(hint.usage));
    close();
  };
  const onKey = (event: KeyboardEvent): void => {
    const chosen = offered[at];
    if (chosen && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      at = (at + (event.key === 'ArrowDown' ? 1 : offered.length - 1)) % offered.length;
      draw();
    } else if (chosen && event.key === 'Tab') take(chosen);
    else if (event.key === 'Escape') close();
    else if (event.key === 'Enter' && !event.shiftKey) void send();
    else return;
    event.preventDefault();
  };
  const send = async (): Promise<void> => {
    const text = input.value.trim();
    if (text === '') return;
    input.value = '';
    changed();
    await options.send(text);
  };
  const fill = (text: string): void => {
    input.value = text;
    input.focus();
    changed();
  };
  return {
    element: h('div', { class: 'composer' }, list, input, button),
    fill,
    label: (text) => {
      input.placeholder = text;
      input.setAttribute('aria-label', text);
    },
  };
}
