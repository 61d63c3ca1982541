// Every card the product can show, in every state it has: by the name of its builder, then by what it shows. The builders
// draw real requests, verdicts and digests; nothing here is a card written by hand.
import { auditCard } from '../../src/cards/audit-card.ts';
import type { Card } from '../../src/cards/card.ts';
import { dryRunCard } from '../../src/cards/dry-run-card.ts';
import { unpaged } from '../../src/cards/pages.ts';
import { codeCard, linkQuestionCard } from '../../src/cards/link-cards.ts';
import { helpCard, whoamiCard } from '../../src/cards/person-cards.ts';
import { alarmCard, noticeCard, refusalCard, threadCard } from '../../src/cards/refusal-card.ts';
import { registryAlarmCard } from '../../src/cards/registry-alarm-card.ts';
import { requestCard } from '../../src/cards/request-card.ts';
import { requestsCard } from '../../src/cards/requests-card.ts';
import { verbs } from '../../src/commands/catalogue.ts';
import { stoppedBy } from '../../src/promotion/judgement.ts';
import { excludedFrom, standing } from '../../src/promotion/quorum.ts';
import { isTerminal, type Request } from '../../src/promotion/request.ts';
import { facts } from './sample-evidence.ts';
import { asked, hour, sampleRequests } from './sample-requests.ts';
import { imageCards } from './sample-image-cards.ts';
import { each, page, postureCards, type Samples } from './sample-posture-cards.ts';

const account = (last: number) => ({
  tenant: '72f988bf-0000-4000-8000-5a11d0c0ffee',
  user: `0b1ec700-0000-4000-8000-00000000000${last}`,
});
const people = {
  deciders: ['release-approver', 'security-approver'],
  admins: ['platform-admin'],
  glass: ['platform-admin'],
  accounts: {
    developer: account(1),
    'release-approver': account(2),
    'security-approver': account(3),
    'platform-admin': account(4),
  },
};
const members: Readonly<Record<string, readonly string[]>> = {
  release: ['release-approver'],
  security: ['security-approver'],
  waive: ['security-approver'],
  'gate waivers': ['security-approver'],
  reviewers: ['release-approver', 'security-approver'],
};

/** As request-view.ts makes it of the store. */
function request(one: Request): Card {
  return requestCard({
    request: one,
    now: asked + hour,
    people,
    hasGlass: one.subject.kind === 'promotion',
    ...(one.quorum && { standing: standing(one.quorum, one.votes, excludedFrom(one)), voters: members }),
    ...(isTerminal(one) && { auditHash: '6b1f9a0c'.repeat(8) }),
  });
}
const dryRun = (one: Request): Card => dryRunCard({ request: one, now: asked + hour }, stoppedBy(one));

const ask = { v: 1, id: '', nonce: '' } as const;
const helped = verbs.map(({ usage, summary, examples }) => ({ usage, summary, examples }));
const list = Object.values(sampleRequests).map((one, i) => ({
  ...one,
  id: `P-7K3${String(i).padStart(2, '0')}`,
}));
const row = {
  at: asked,
  person: 'developer',
  channel: 'slack',
  action: 'ask',
  detail: 'The cart loses items.',
  subject: 'P-7K3QX',
  hash: '6b1f9a0c'.repeat(8),
};
const alarm = {
  title: 'Unexplained push to prod',
  why: 'Nothing that was promoted has this digest.',
  registry: 'contosoprod',
  repository: 'shop/web',
  at: asked,
};

/** By the name of the builder, then by what it shows. */
export const sampleCards = {
  requestCard: {
    ...each(sampleRequests, request),
    'quarantined, alarm closed': requestCard({
      request: sampleRequests.quarantined,
      now: asked + hour,
      alarmClosed: { by: 'platform-admin', why: 'The tag was put back by hand.' },
    }),
  },
  dryRunCard: {
    'would pass': dryRun(sampleRequests.pending),
    'would be blocked': dryRun(sampleRequests.blocked),
  },
  requestsCard: {
    'to decide': requestsCard(list.slice(2, 4), 'decide', unpaged),
    mine: requestsCard(list.slice(20, 26), 'mine', unpaged),
    'a page': requestsCard(list, '', page(2, 'requests')),
    'every kind': requestsCard(list.slice(-12), 'pending', unpaged),
    'none of mine': requestsCard([], 'mine', unpaged),
    'nothing to decide': requestsCard([], 'decide', unpaged),
  },
  auditCard: {
    'of a request': auditCard('P-7K3QX', [
      { ...row, seq: 4701 },
      { ...row, seq: 4702, action: 'vote', person: 'release-approver', detail: 'approve' },
      { ...row, seq: 4703, action: 'step-done', person: 'acr-warden', channel: 'system', detail: '' },
    ]),
    newest: auditCard('', [
      { ...row, seq: 4704, subject: 'freeze:prod', action: 'frozen', detail: 'The year ends.' },
      { ...row, seq: 4705, action: 'cancelled', detail: '' },
    ]),
    nothing: auditCard('', []),
  },
  whoamiCard: {
    known: whoamiCard({
      person: 'release-lead',
      account: 'teams:72f988bf-0000-4000-8000-5a11d0c0ffee/0b1ec700-0000-4000-8000-000000000002',
      groups: ['release'],
      rights: ['freeze'],
      mayAsk: [],
      mayApprove: ['uat to prod'],
    }),
    linked: whoamiCard({
      person: 'developer',
      account: 'slack:T01CONTOSO/U01DANA',
      link: {
        since: asked,
        from: 'teams:72f988bf-0000-4000-8000-5a11d0c0ffee/0b1ec700-0000-4000-8000-000000000001',
      },
      groups: ['shop-team'],
      rights: [],
      mayAsk: ['uat to prod'],
      mayApprove: [],
    }),
    unknown: whoamiCard({
      person: undefined,
      account: 'slack:T01CONTOSO/U01OLGA',
      groups: [],
      rights: [],
      mayAsk: [],
      mayApprove: [],
    }),
  },
  codeCard: { 'in both chats': codeCard('7K3QX-94TFW', asked + 10 * 60_000) },
  linkQuestionCard: {
    asked: linkQuestionCard({
      id: 'slack:T01CONTOSO/U01OLGA',
      chat: 'Slack',
      called: 'Olga Brandt',
      person: 'release-approver',
      groups: ['release'],
      until: asked + 10 * 60_000,
      code: 'nonce',
    }),
  },
  helpCard: {
    'all, in Slack': helpCard(helped, '/acr '),
    'all, in Teams': helpCard(helped, '@ACR '),
    one: helpCard(
      helped.filter(({ usage }) => usage.startsWith('promote ')),
      '/acr ',
    ),
  },
  registryAlarmCard: {
    pushed: registryAlarmCard({ ...alarm, tag: 'v1.4.3', digest: facts.digest }),
    deleted: registryAlarmCard({
      ...alarm,
      title: 'Deleted in prod',
      why: 'It was deleted in production, and this product deletes nothing.',
    }),
  },
  alarmCard: {
    'of a request': alarmCard(
      'Alarm: P-7K3QX',
      `${sampleRequests.quarantined.alarm} See it with: /acr request P-7K3QX`,
    ),
  },
  noticeCard: {
    good: noticeCard('Asked: P-7K3QX', 'shop/web:v1.4.2 from uat to prod is asked for as P-7K3QX.'),
    warning: noticeCard(
      'Not asked',
      'shop/web was pushed to dev. The request of yesterday is still open.',
      'warning',
    ),
  },
  refusalCard: {
    plain: refusalCard(
      'Four eyes: whoever asks cannot approve, in neither chat. Somebody else of the group must.',
    ),
    'with a way on': refusalCard(
      "There is no command 'stauts'. Did you mean status?",
      [
        {
          action: 'status',
          label: 'Show status',
          accessibilityLabel: 'Show the status of all registries',
          value: ask,
        },
      ],
      ['Reads only.'],
    ),
  },
  threadCard: { lines: threadCard(['release-approver approved in slack.', '1 of 2 approvals.']) },
  ...postureCards,
  ...imageCards,
} satisfies Readonly<Record<string, Samples>>;
