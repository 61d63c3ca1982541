// The line in which a person writes, in both chats: it grows, completes commands, sends with Enter.
import type { CommandHint } from '../shapes.ts';
import { createCompletions } from './completions.ts';
import { type Attributes, h } from './dom.ts';

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

export function createComposer(options: Options): Composer {
  const completions = createCompletions(
    options.commands,
    (hint) => {
      fill(options.complete(hint.usage));
      completions.close();
    },
    (isOpen) => input.setAttribute('aria-expanded', String(isOpen)),
  );
  const input = inputElement(options.chat, completions.element.id, {
    oninput: () => changed(),
    onkeydown: (event) => onKey(event as KeyboardEvent),
    onblur: () => setTimeout(completions.close, 150),
  });
  const changed = (): void => {
    input.style.height = 'auto';
    input.style.height = `${Math.min(input.scrollHeight, 140)}px`;
    completions.offer(options.commandPart(input.value));
  };
  const onKey = (event: KeyboardEvent): void => {
    const chosen = completions.chosen();
    if (chosen && event.key === 'ArrowDown') completions.move(1);
    else if (chosen && event.key === 'ArrowUp') completions.move(-1);
    else if (chosen && event.key === 'Tab') fill(options.complete(chosen.usage));
    else if (event.key === 'Escape') completions.close();
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
    element: h(
      'div',
      { class: 'composer' },
      completions.element,
      input,
      sendButton(options.chat, () => void send()),
    ),
    fill,
    label: (text) => {
      input.placeholder = text;
      input.setAttribute('aria-label', text);
    },
  };
}

function inputElement(chat: string, listId: string, listeners: Attributes): HTMLTextAreaElement {
  return h('textarea', {
    rows: 1,
    'data-testid': `${chat}-composer`,
    role: 'combobox',
    'aria-expanded': 'false',
    'aria-controls': listId,
    'aria-autocomplete': 'list',
    spellcheck: 'false',
    ...listeners,
  });
}

function sendButton(chat: string, send: () => void): HTMLElement {
  return h(
    'button',
    { class: 'send', 'data-testid': `${chat}-send`, 'aria-label': 'Send', onclick: send },
    '➤',
  );
}
