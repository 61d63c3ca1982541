// The modal on the Slack side: title, inputs, submit and close; errors stand under their inputs; what was typed survives
// the bot's own updates of the view.
import type { Json } from '../../shapes.ts';
import { post } from '../api.ts';
import { h } from '../dom.ts';
import { isJson, objects, textOf, words } from '../json.ts';
import { toast } from '../toast.ts';
import { drawBlocks } from './blocks.ts';
import type { BlockContext, Option, Values } from './context.ts';

interface Outcome {
  readonly outcome?: {
    readonly kind: string;
    readonly errors?: Record<string, string>;
    readonly reason?: string;
  };
}

export interface ModalHost {
  /** Shows this view, changes to it, or closes if there is none. */
  readonly show: (view: Json | undefined, names: Readonly<Record<string, string>>) => void;
}

/** The view that is open, and what was entered in it. */
interface Open {
  readonly view: Json;
  readonly names: BlockContext['names'];
  readonly values: Values;
}

export function createModalHost(role: () => string): ModalHost {
  const dialog = h('dialog', { class: 'slack-dialog', 'data-testid': 'slack-modal' });
  dialog.addEventListener('cancel', (event) => {
    event.preventDefault();
    void close();
  });
  let open: Open | undefined;
  let shown = '';

  const end = (): void => {
    dialog.close();
    dialog.remove();
    open = undefined;
    shown = '';
  };
  const show: ModalHost['show'] = (view, names) => {
    if (!view) return open && end();
    const mark = `${words(view['id'])} ${words(view['hash'])}`;
    if (mark === shown) return;
    const isSame = open && open.view['id'] === view['id'];
    open = { view, names, values: isSame && open ? open.values : {} };
    shown = mark;
    draw(open, {});
  };
  const draw = (one: Open, errors: Record<string, string>): void => {
    const focused = document.activeElement?.getAttribute('data-testid');
    const on = { submit: () => void submit(), close: () => void close() };
    dialog.setAttribute('aria-label', textOf(one.view['title']));
    dialog.replaceChildren(drawModal(one.view, contextOf(one, role, errors), on));
    if (!dialog.isConnected) document.body.append(dialog);
    if (!dialog.open) dialog.showModal();
    if (focused) dialog.querySelector<HTMLElement>(`[data-testid="${CSS.escape(focused)}"]`)?.focus();
  };
  const submit = async (): Promise<void> => {
    if (!open) return;
    const { view, values } = open;
    const empty = missing(view, values);
    if (Object.keys(empty).length > 0) return draw(open, empty);
    setBusy(dialog, true);
    const result = await post<Outcome>('slack/submit', { as: role(), viewId: words(view['id']), values });
    setBusy(dialog, false);
    const outcome = result?.outcome;
    if (outcome?.kind === 'errors' && open) draw(open, outcome.errors ?? {});
    if (outcome?.kind === 'failed') toast('We had some trouble connecting. Try again?', 'error');
  };
  const close = async (): Promise<void> => {
    if (!open) return;
    const viewId = words(open.view['id']);
    end();
    await post('slack/close', { as: role(), viewId, all: false });
  };
  return { show };
}

function contextOf(
  { view, names, values }: Open,
  role: () => string,
  errors: Record<string, string>,
): BlockContext {
  const place = { viewId: words(view['id']) };
  return {
    names,
    surface: 'modal',
    values,
    errors,
    act: (choice) => post('slack/act', { as: role(), place, ...choice, values }),
    suggest: async (ids, text) => {
      const found = await post<{ options: Option[] }>('slack/suggest', { as: role(), place, ...ids, text });
      return found?.options ?? [];
    },
  };
}

function setBusy(dialog: HTMLElement, busy: boolean): void {
  const button = dialog.querySelector<HTMLButtonElement>('[data-testid=modal-submit]');
  if (button) button.disabled = busy;
  button?.classList.toggle('busy', busy);
}

/** The view in its frame, as it stands in a dialog. */
export function drawModal(
  view: Json,
  context: BlockContext,
  on: { submit: () => void; close: () => void },
): HTMLElement {
  const closeText = textOf(view['close']) || (isJson(view['submit']) ? 'Cancel' : 'Close');
  return h(
    'form',
    {
      novalidate: true,
      onsubmit: (event) => {
        event.preventDefault();
        on.submit();
      },
    },
    h(
      'header',
      {},
      h('span', { class: 'modal-app', 'aria-hidden': 'true' }, 'AW'),
      h('h2', {}, textOf(view['title'])),
      h('button', { type: 'button', class: 'plain', 'aria-label': 'Close dialog', onclick: on.close }, '×'),
    ),
    h('div', { class: 'dialog-body blocks' }, ...drawBlocks(objects(view['blocks']), context)),
    h(
      'footer',
      {},
      h(
        'button',
        { type: 'button', class: 'slack-button', 'data-testid': 'modal-close', onclick: on.close },
        closeText,
      ),
      isJson(view['submit']) &&
        h('button', { class: 'slack-button primary', 'data-testid': 'modal-submit' }, textOf(view['submit'])),
    ),
  );
}

/** Slack itself refuses an empty required input, before the bot hears of it. */
function missing(view: Json, values: Values): Record<string, string> {
  const empty = objects(view['blocks']).filter((block) => {
    if (block['type'] !== 'input' || block['optional'] === true || !isJson(block['element'])) return false;
    const given = values[words(block['block_id'])]?.[words(block['element']['action_id'])];
    return (
      given === undefined || given === null || given === '' || (Array.isArray(given) && given.length === 0)
    );
  });
  return Object.fromEntries(
    empty.map((block) => [words(block['block_id']), 'Please complete this required field.']),
  );
}
