// The forms of Teams in every state: as a dialog and in the card, empty, filled in, and refused with what was wrong.
import type { Form } from '../../../src/cards/card.ts';
import { type AdaptiveCard, renderForm } from '../../../src/channels/teams/render.ts';
import { sampleForms } from '../../cards/sample-forms.ts';

/** `title`: of the frame that Teams puts around a dialog. */
interface Dialog {
  readonly title: string;
  readonly card: AdaptiveCard;
}

const problem = 'uat has no shop/web:v9. Its newest tags: v1.4.2, v1.4.1.';
const forms = Object.values(sampleForms).flatMap((states) =>
  Object.entries(states).map(([state, form]): readonly [string, Form] => [`${form.name}, ${state}`, form]),
);
const drawn = (form: Form, where: 'card' | 'dialog', wrong?: string): Dialog => ({
  title: form.title,
  card: renderForm(form, where, wrong),
});

export const dialogs: Readonly<Record<string, Dialog>> = Object.fromEntries([
  ...forms.map(([name, form]) => [`${name}, in a dialog`, drawn(form, 'dialog')] as const),
  ...forms.map(([name, form]) => [`${name}, in the card`, drawn(form, 'card')] as const),
  ['promote, refused', drawn(sampleForms.promoteForm['filled in'], 'dialog', problem)] as const,
]);
