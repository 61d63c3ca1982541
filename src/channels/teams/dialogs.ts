// Dialogs of Teams: a button that asks for a form gets it at once (task/fetch); what was filled in comes back (task/submit),
// and if it was refused the form stays open with what was wrong and what was typed.
import type { Field, Form } from '../../cards/card.ts';
import { cleanLine } from '../../cards/clean.ts';
import { clip } from '../../cards/wording.ts';
import type { Account, Answer } from '../../ports.ts';
import type { Press } from './activity.ts';
import { submitPrefix } from './inputs.ts';
import { limits } from './limits.ts';
import { renderForm } from './render.ts';

export interface Dialogs {
  /** The body of the answer to task/fetch or task/submit. */
  reply(account: Account, press: Press, answer: Answer): object;
}

const mostForms = 500;

/** Remembers the forms it opened, so that a refused one can be shown again; a forgotten one ends with the refusal. */
export function createDialogs(): Dialogs {
  const open = new Map<string, Form>();
  const remember = (account: Account, form: Form): object => {
    if (open.size >= mostForms) open.delete(open.keys().next().value ?? '');
    open.set(keyOf(account, `${submitPrefix}${form.name}`, form.value), form);
    return show(form);
  };
  return {
    reply: (account, press, answer) => {
      switch (answer.kind) {
        case 'form':
          return remember(account, answer.form);
        case 'updated':
          return closeWith(answer.note ?? answer.card.summary);
        case 'card':
          return closeWith(answer.card.summary);
        case 'refusal': {
          const form = open.get(keyOf(account, press.verb, press.value));
          return form && answer.field
            ? show(filledIn(form, press.fields), answer.card.summary)
            : closeWith(answer.card.summary);
        }
      }
    },
  };
}

const keyOf = (account: Account, verb: string, { id, nonce }: Press['value']): string =>
  JSON.stringify([account.tenant, account.user, verb, id, nonce]);

const show = (form: Form, problem?: string): object => ({
  task: {
    type: 'continue',
    value: {
      title: clip(cleanLine(form.title), limits.actionTitle) || 'ACR',
      width: 'medium',
      height: 'medium',
      card: {
        contentType: 'application/vnd.microsoft.card.adaptive',
        content: renderForm(form, 'dialog', problem),
      },
    },
  },
});

/** The dialog's last words. */
export const closeWith = (line: string): object => ({
  task: { type: 'message', value: cleanLine(line) || '–' },
});

const filledIn = (form: Form, typed: Readonly<Record<string, string>>): Form => ({
  ...form,
  fields: form.fields.map((field) => fill(field, typed[field.id])),
});

function fill(field: Field, value: string | undefined): Field {
  if (value === undefined) return field;
  return field.kind === 'picker' ? { ...field, value: { label: value, value } } : { ...field, value };
}
