// The Home and the modals of Slack in every state: loading, filled, after a choice, refused, and late.
import type { Card, Form } from '../../../src/cards/card.ts';
import { refusalCard } from '../../../src/cards/refusal-card.ts';
import { fieldErrors, viewAfterChoice } from '../../../src/channels/slack/forms.ts';
import { homeView, startCard } from '../../../src/channels/slack/home.ts';
import { loadingModal, renderModal, textModal } from '../../../src/channels/slack/modal.ts';
import { lateFormCard } from '../../../src/channels/slack/present.ts';
import { sampleCards } from '../../cards/sample-cards.ts';
import { sampleForms } from '../../cards/sample-forms.ts';

type View = Readonly<Record<string, unknown>>;
const place = { channel: 'C01RELEASES', message: '1795444800.000100' };
const { requestsCard, statusCard, refusalCard: refusals } = sampleCards;
const view = (form: Form): View => ({ ...renderModal(form, place) });
const filled = view(sampleForms.promoteForm['filled in']);
const wrong = refusalCard('uat has no shop/web:v9. Its newest tags: v1.4.2, v1.4.1.');

/** What was opened for a form that was then refused as a whole. */
const refused = (card: Card): View => ({ ...textModal(card.title, card.summary) });

export const modals: Readonly<Record<string, View>> = {
  loading: { ...loadingModal('One moment') },
  'promote, empty': view(sampleForms.promoteForm.empty),
  'promote, filled in': filled,
  'promote, after another way was chosen':
    viewAfterChoice(filled, [{ block_id: 'way', selected_option: { value: 'dev>staging' } }]) ?? {},
  'promote, with nothing to choose': view(sampleForms.promoteForm['with nothing to choose']),
  reject: view(sampleForms.rejectForm.empty),
  'review of a break-glass': view(sampleForms.reviewForm.empty),
  'break the glass': view(sampleForms.breakGlassForm.empty),
  refused: refused(refusals.plain),
};

/** What stands under the fields of a modal that was sent and refused. */
export const errors: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'promote, filled in':
    fieldErrors(filled, { kind: 'refusal', code: 'unknown-tag', card: wrong, field: 'tag' }) ?? {},
};

const sections = [startCard, requestsCard['to decide'], requestsCard.mine, statusCard.clean] as const;
export const homes: Readonly<Record<string, View>> = {
  'as it fills': homeView(sections.slice(0, 2)),
  'of whom nothing waits for': homeView([
    startCard,
    requestsCard['nothing to decide'],
    requestsCard['none of mine'],
    statusCard.clean,
  ]),
  full: homeView(sections),
  refused: homeView([
    refusalCard(
      'Your account slack:T01CONTOSO/U01OLGA belongs to nobody in the policy. Ask a platform admin to add it under people.',
    ),
  ]),
};

export const late: Readonly<Record<string, Card>> = {
  'a form that came too late': lateFormCard(sampleForms.promoteForm.empty),
};
