// Forms as inputs in the card, with pickers that ask the server as the person types.
import type { Choice, Field, Form } from '../../cards/card.ts';
import { cleanLine } from '../../cards/clean.ts';
import { clip } from '../../cards/wording.ts';
import { limits } from './limits.ts';
import { words } from './runs.ts';
import { expand, type Json } from './template.ts';
import { templates } from './templates.ts';

/** What a submit button's verb begins with; the form's name follows. */
export const submitPrefix = 'submit:';

/** `where`: a dialog sends what is filled in by Action.Submit, a card by Action.Execute. */
export function renderInputs(form: Form, where: 'card' | 'dialog'): readonly Json[] {
  return [
    expand(templates.inputs, {
      title: words(form.title, limits.text) || '–',
      hasIntro: Boolean(form.intro),
      intro: words(form.intro ?? '', limits.text),
      fields: form.fields.map(fieldData),
      submit: clip(cleanLine(form.submit), limits.actionTitle) || 'Submit',
      verb: `${submitPrefix}${form.name}`,
      id: form.value.id,
      nonce: form.value.nonce,
      isDialog: where === 'dialog',
      isInCard: where === 'card',
    }),
  ];
}

/** All slots of all kinds of fields; `isText`, `isChoice` and `isPicker` choose which are drawn. */
function fieldData(field: Field) {
  const label = cleanLine(field.label) || field.id;
  return {
    isText: field.kind === 'text',
    isChoice: field.kind === 'choice',
    isPicker: field.kind === 'picker',
    field: field.id,
    label,
    hint: field.kind === 'text' ? cleanLine(field.hint ?? '') : '',
    multiline: field.kind === 'text' && (field.multiline ?? false),
    maxLength: field.kind === 'text' ? field.maxLength : limits.text,
    required: !field.optional,
    error: `${label} is needed.`,
    value: valueOf(field),
    source: field.kind === 'picker' ? field.source : '',
    choices: choicesOf(field).slice(0, limits.choices).map(choiceData),
  };
}

const valueOf = ({ value }: Field): string => (typeof value === 'string' ? value : (value?.value ?? ''));

function choicesOf(field: Field): readonly Choice[] {
  switch (field.kind) {
    case 'text':
      return [];
    case 'choice':
      return field.choices;
    case 'picker':
      return field.value ? [field.value] : [];
  }
}

const choiceData = (choice: Choice) => ({ title: cleanLine(choice.label) || '–', value: choice.value });
