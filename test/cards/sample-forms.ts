// Every form of the product, empty and filled in.
import { breakGlassForm, promoteForm, rejectForm, reviewForm } from '../../src/cards/forms.ts';
import type { Form } from '../../src/cards/card.ts';

const nonce = 'nonce-of-the-card';
const ways = [
  { label: 'uat to prod', value: 'uat>prod' },
  { label: 'dev to staging', value: 'dev>staging' },
];

/** By the name of the builder, then by what is in it. */
export const sampleForms = {
  promoteForm: {
    empty: promoteForm(ways, nonce),
    'filled in': promoteForm(ways, nonce, { way: 'uat>prod', repository: 'shop/web', tag: 'v1.4.2' }),
    'with nothing to choose': promoteForm([], nonce),
  },
  rejectForm: { empty: rejectForm('P-7K3QX', nonce) },
  reviewForm: { empty: reviewForm('P-REVUE', nonce) },
  breakGlassForm: { empty: breakGlassForm('P-7K3QX', nonce) },
} satisfies Readonly<Record<string, Readonly<Record<string, Form>>>>;
