// Modals while they are open: suggestions for pickers, fields that empty when the one they depend on changes, and the
// submission, which Slack wants answered within three seconds.
import type { Answer, Dispatch, Incoming, PickerQuery } from '../../ports.ts';
import { fieldOf, isJson, type Json, items, readFields, readMemory, text } from './incoming.ts';
import { option, writeMemory } from './modal.ts';

/** How long a submission may take until the modal is closed and the answer follows, in milliseconds. */
export const submitWithin = 2200;

/** The question a picker asks the server as the person types. Values chosen before come from the modal's memory. */
export function pickerQuery(body: Json, account: PickerQuery['account']): PickerQuery | undefined {
  const source = /^pick:(repositories|tags)$/.exec(text(body['action_id']))?.[1];
  const view = isJson(body['view']) ? body['view'] : {};
  if (source !== 'repositories' && source !== 'tags') return undefined;
  const fields = { ...readMemory(view)?.fields, ...readFields(view) };
  return { account, source, typed: text(body['value']), fields };
}

/** Options of an external select: at most 100, without those whose value would have to be cut. */
export async function pickerOptions(dispatch: Dispatch, query: PickerQuery): Promise<readonly object[]> {
  const choices = await dispatch.choices(query);
  return choices.slice(0, 100).flatMap(option);
}

/** The same modal after a choice: remembered, and the fields that depend on it empty again. */
export function viewAfterChoice(view: Json, actions: readonly Json[]): Json | undefined {
  const memory = readMemory(view);
  const changed = actions.map((action) => fieldOf(text(action['block_id'])));
  if (!memory || changed.length === 0) return undefined;
  const stale = dependents(changed, memory.depends ?? {});
  const picked = Object.fromEntries(actions.flatMap(pickedValue));
  const fields = Object.fromEntries(
    Object.entries({ ...memory.fields, ...readFields(view), ...picked }).filter(([name]) => !stale.has(name)),
  );
  return {
    type: 'modal',
    callback_id: view['callback_id'],
    title: view['title'],
    submit: view['submit'],
    close: view['close'],
    private_metadata: writeMemory({ ...memory, fields }),
    blocks: items(view['blocks']).map((block) =>
      stale.has(fieldOf(text(block['block_id']))) ? emptied(block) : block,
    ),
  };
}

const pickedValue = (action: Json): readonly (readonly [string, string])[] => {
  const chosen = action['selected_option'];
  return isJson(chosen) ? [[fieldOf(text(action['block_id'])), text(chosen['value'])]] : [];
};

function dependents(
  changed: readonly string[],
  depends: Readonly<Record<string, string>>,
): ReadonlySet<string> {
  const stale = new Set<string>();
  let front = changed;
  while (front.length > 0) {
    front = Object.entries(depends).flatMap(([field, on]) =>
      front.includes(on) && !stale.has(field) ? [field] : [],
    );
    for (const field of front) stale.add(field);
  }
  return stale;
}

/** A block with a new id loses what was typed into it. */
function emptied(block: Json): Json {
  const id = text(block['block_id']);
  const count = Number(/~(\d+)$/.exec(id)?.[1] ?? 0) + 1;
  const { initial_option: _old, ...element } = isJson(block['element']) ? block['element'] : {};
  return { ...block, block_id: `${fieldOf(id)}~${count}`, element };
}

/** A submission as a deed; nothing if the modal is not one of ours. */
export function readSubmission(view: Json): Incoming['input'] | undefined {
  const memory = readMemory(view);
  const form = text(view['callback_id']);
  if (!memory || !form) return undefined;
  const { id, nonce } = memory.value;
  return { kind: 'form', form, id, nonce, fields: readFields(view) };
}

/** The `errors` of a refusal that names a field of the modal. */
export function fieldErrors(view: Json, answer: Answer): Readonly<Record<string, string>> | undefined {
  if (answer.kind !== 'refusal' || !answer.field) return undefined;
  const block = items(view['blocks']).find((one) => fieldOf(text(one['block_id'])) === answer.field);
  return block ? { [text(block['block_id'])]: answer.card.summary || 'This is not accepted.' } : undefined;
}
