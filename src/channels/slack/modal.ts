// Forms as Slack modals. The trigger of a click lives three seconds, so a modal is opened at once as "loading" and
// filled in afterwards.
import type { View } from '@slack/types';
import type { ActionValue, Choice, Field, Form } from '../../cards/card.ts';
import { cleanLine } from '../../cards/clean.ts';
import { limits } from './limits.ts';
import { type Json, plainText, richText, section, textElements } from './rich-text.ts';

/** What a modal carries to the server: the form's value, where it was opened, and what was chosen so far. */
export interface ModalMemory {
  readonly value: ActionValue;
  /** Slack's channel id. */
  readonly channel?: string;
  /** The message whose button opened it. */
  readonly message?: string;
  readonly fields?: Readonly<Record<string, string>>;
  /** By field the field it depends on: a new choice there empties it. */
  readonly depends?: Readonly<Record<string, string>>;
}

/** A form as a modal; its `callback_id` is the form's name. */
export function renderModal(form: Form, memory: Omit<ModalMemory, 'value'> = {}): View {
  const depends = Object.fromEntries(
    form.fields.flatMap((field) => ('dependsOn' in field ? [[field.id, field.dependsOn]] : [])),
  ) as Readonly<Record<string, string>>;
  const controlling = new Set(Object.values(depends));
  const chosen = Object.fromEntries(form.fields.flatMap(initial));
  const intro = form.intro ? richText([section(...textElements(form.intro))]) : [];
  return asView({
    type: 'modal',
    callback_id: form.name,
    title: plainText(form.title, limits.modalTitle),
    submit: plainText(form.submit, limits.modalTitle),
    close: plainText('Cancel', limits.modalTitle),
    private_metadata: writeMemory({
      value: form.value,
      ...memory,
      depends,
      fields: { ...chosen, ...memory.fields },
    }),
    blocks: [...intro, ...form.fields.map((field) => inputBlock(field, controlling.has(field.id)))],
  });
}

/** Shown while the form is made. */
export const loadingModal = (title: string): View => textModal(title, 'One moment …');

/** A modal that only says something. */
export const textModal = (title: string, text: string): View =>
  asView({
    type: 'modal',
    title: plainText(title, limits.modalTitle),
    close: plainText('Close', limits.modalTitle),
    blocks: richText([section(...textElements(text || '–'))]),
  });

// What is built here is checked against Slack's rules in tests; the types of the package do not know block unions.
const asView = (view: Json): View => view as unknown as View;

/** JSON for private_metadata; choices that do not fit are left out, they are sent again on submission. */
export function writeMemory(memory: ModalMemory): string {
  const full = JSON.stringify(memory);
  if (full.length <= limits.privateMetadata) return full;
  const { fields: _left, ...rest } = memory;
  return JSON.stringify(rest);
}

const initial = (field: Field): readonly (readonly [string, string])[] => {
  if (field.value === undefined) return [];
  return [[field.id, typeof field.value === 'string' ? field.value : field.value.value]];
};

function inputBlock(field: Field, controls: boolean): Json {
  return {
    type: 'input',
    block_id: field.id,
    label: plainText(field.label, limits.label),
    ...('hint' in field && field.hint && { hint: plainText(field.hint, limits.label) }),
    ...(field.optional && { optional: true }),
    ...(controls && { dispatch_action: true }),
    element: element(field),
  };
}

function element(field: Field): Json {
  switch (field.kind) {
    case 'text':
      return {
        type: 'plain_text_input',
        action_id: 'text',
        multiline: field.multiline ?? false,
        max_length: Math.min(Math.max(field.maxLength, 1), limits.input),
        ...(field.value && { initial_value: field.value.slice(0, Math.min(field.maxLength, limits.input)) }),
      };
    case 'choice': {
      const choices = field.choices.slice(0, limits.options).flatMap(option);
      const first = choices.find((each) => each['value'] === field.value);
      const none = option({ label: 'Nothing to choose', value: '-' });
      return {
        type: 'static_select',
        action_id: 'choice',
        options: choices.length > 0 ? choices : none,
        ...(first && { initial_option: first }),
      };
    }
    case 'picker': {
      const [first] = field.value ? option(field.value) : [];
      return {
        type: 'external_select',
        action_id: `pick:${field.source}`,
        min_query_length: 0,
        placeholder: plainText('Type to search', limits.placeholder),
        ...(first && { initial_option: first }),
      };
    }
  }
}

/** An option, or none where its value would not fit: a cut value would be another thing. */
export function option(choice: Choice): readonly Json[] {
  const value = cleanLine(choice.value);
  if (value === '' || value.length > limits.optionValue) return [];
  return [{ text: plainText(choice.label, limits.optionText), value }];
}
