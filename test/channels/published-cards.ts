// The cards whose Adaptive Card renderings stand in adaptive-cards/samples, to be opened in Microsoft's designer.
import type { Card } from '../../src/cards/card.ts';
import { formCard } from '../../src/channels/teams/render.ts';
import { sampleCards as cards } from '../cards/sample-cards.ts';
import { sampleForms } from '../cards/sample-forms.ts';

const at = Date.UTC(2026, 10, 22, 13, 5);
const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;
const value = { v: 1, id: 'P-7K3QX', nonce: 'nonce-of-the-card' } as const;
/** Every kind of block once, as a request with its progress would show them. */
const everything: Card = {
  name: 'everything',
  title: 'Promote shop/web:v1.4.2 to prod · P-7K3QX',
  summary: 'Importing: shop/web:v1.4.2 from uat to prod, asked by developer.',
  blocks: [
    { kind: 'heading', text: 'Promote shop/web:v1.4.2 to prod · P-7K3QX' },
    { kind: 'status', tone: 'good', label: 'Importing', text: 'The steps below show how far it is.' },
    { kind: 'image', label: 'Proposed', reference: 'shop/web:v1.4.2', digest },
    {
      kind: 'table',
      caption: 'Gates',
      columns: [{ title: 'Gate' }, { title: 'Outcome' }, { title: 'Seen', weight: 3 }],
      rows: [
        ['scan', '✓ pass', '0 critical, 2 high'],
        [
          'soak',
          '✗ fail',
          [
            { kind: 'strong', text: '3 hours' },
            { kind: 'plain', text: ' of 24 hours' },
          ],
        ],
      ],
    },
    {
      kind: 'facts',
      facts: [
        {
          label: 'Asked by',
          value: [
            { kind: 'strong', text: 'developer' },
            { kind: 'time', at, style: 'datetime' },
          ],
        },
        { label: 'Reason', value: 'Fixes the cart [not a link](https://evil.example) <!channel>' },
      ],
    },
    {
      kind: 'chart',
      title: 'Score of twelve weeks',
      type: 'line',
      unit: 'points',
      categories: ['W45', 'W46', 'W47'],
      series: [{ name: 'Score', values: [71, 74, 81] }],
    },
    {
      kind: 'progress',
      title: 'Progress',
      steps: [
        { title: 'Import the image by digest', state: 'done', detail: 'in 14 s' },
        { title: 'Verify the digest', state: 'active' },
        { title: 'Lock tag and manifest', state: 'pending' },
      ],
    },
    { kind: 'divider' },
    {
      kind: 'text',
      text: [
        { kind: 'plain', text: 'See ' },
        { kind: 'link', text: 'the guidance', url: 'https://learn.microsoft.com/azure/container-registry/' },
        { kind: 'plain', text: ' and ' },
        { kind: 'code', text: 'az acr import' },
      ],
    },
    {
      kind: 'actions',
      actions: [
        {
          action: 'approve',
          label: 'Approve',
          accessibilityLabel: 'Approve P-7K3QX',
          style: 'primary',
          value,
        },
        {
          action: 'form:reject',
          label: 'Reject …',
          accessibilityLabel: 'Reject P-7K3QX',
          style: 'danger',
          value,
        },
        {
          action: 'cancel',
          label: 'Cancel',
          accessibilityLabel: 'Cancel P-7K3QX',
          value,
          confirm: { title: 'Cancel the request?', text: 'It ends.', confirm: 'Cancel it', deny: 'Keep it' },
        },
      ],
    },
    {
      kind: 'context',
      text: [
        { kind: 'plain', text: 'Asked ' },
        { kind: 'time', at, style: 'date' },
      ],
    },
  ],
};

const { requestCard, statusCard, digestCard, helpCard, noticeCard, refusalCard, whoamiCard } = cards;

export const publishedCards: Readonly<Record<string, Card>> = {
  everything,
  request: requestCard.pending,
  'request-importing': requestCard['importing: referrers'],
  status: statusCard.mixed,
  digest: digestCard['a bad week'],
  help: helpCard['all, in Teams'],
  notice: noticeCard.good,
  refusal: refusalCard['with a way on'],
  whoami: whoamiCard.known,
  'promote-form': formCard(sampleForms.promoteForm.empty),
  'reject-form': formCard(sampleForms.rejectForm.empty),
};
