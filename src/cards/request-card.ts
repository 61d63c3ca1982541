// The card of a request through its whole life: what an approver needs to see, then the progress, then the end. It is
// always drawn from the store, so every copy in every channel says the same.
import { stoppedBy } from '../promotion/judgement.ts';
import { isTerminal, type Request, type SagaStep } from '../promotion/request.ts';
import { nextEffect, stepsOf } from '../promotion/saga.ts';
import { type Block, type Card, code, datetime, type Line, plain, type Tone } from './card.ts';
import { evidenceBlocks, gateBlocks } from './evidence-blocks.ts';
import { requestActions } from './request-actions.ts';
import { type RequestView, requestFacts } from './request-facts.ts';
import { subjectText } from './subject-text.ts';
import { stateLabel, stateTone, withShortDigests } from './wording.ts';

export function requestCard(view: RequestView): Card {
  const { request } = view;
  const what = subjectText(request.subject);
  const title = `${what.title} · ${request.id}`;
  const end = request.end ? ` ${withShortDigests(request.end.text)}` : '';
  return {
    name: 'request',
    title,
    summary: `${labelOf(request)}: ${what.summary}, asked by ${request.requester}.${end}`,
    blocks: [
      { kind: 'heading', text: title },
      {
        kind: 'status',
        tone: request.trouble && !isTerminal(request) ? 'warning' : stateTone[request.state],
        label: labelOf(request),
        text: stateText(view),
      },
      ...urgentBlocks(view),
      ...progressBlocks(request),
      ...evidenceBlocks(request, view.now),
      { kind: 'facts', facts: requestFacts(view) },
      ...gateBlocks(request.evidence?.gates ?? []),
      ...requestActions(view, what.summary),
      ...footBlocks(view),
    ],
    ...(view.people && { audience: { id: request.id, people: view.people.accounts } }),
  };
}

/** A review is not approved: it is done. */
const labelOf = ({ state, subject }: Request): string =>
  subject.kind === 'review' && state === 'pending'
    ? 'Waiting for a review'
    : subject.kind === 'review' && state === 'granted'
      ? 'Reviewed'
      : stateLabel[state];

function stateText({ request, standing }: RequestView): string {
  switch (request.state) {
    case 'resolving':
      return 'Reading digest, evidence and what the target holds now.';
    case 'blocked':
      return `Nobody can vote while ${stopsText(request)}. It is looked at again every few minutes.`;
    case 'pending':
      if (request.subject.kind === 'review') return 'Somebody who did not do it has to look at it.';
      return standing ? `${standing.people} of ${standing.total} approvals.` : 'Votes are open.';
    case 'held':
      return `${request.held?.by ?? 'Somebody'} holds it${request.held?.why ? `: ${request.held.why}` : '.'}`;
    case 'approved':
      return 'The import begins now.';
    case 'waiting':
      return request.waits?.why ?? 'It waits for its stage to open.';
    case 'importing':
    case 'locking':
      return request.trouble
        ? `Trying again (attempt ${request.attempt}): ${request.trouble}`
        : 'The steps below show how far it is.';
    case 'promoted':
      return `The target holds the approved digest, verified${locksOf(request) ? ' and locked' : '; its way asks for no lock'}.`;
    case 'granted':
      return request.subject.kind === 'review' ? 'Somebody else has looked at it.' : 'It is in force.';
    case 'refused':
    case 'rejected':
    case 'cancelled':
    case 'expired':
    case 'superseded':
    case 'failed':
    case 'quarantined':
      return withShortDigests(request.end?.text ?? '');
  }
}

/** `the gates scan and soak do not pass`. */
function stopsText(request: Request): string {
  const names = stoppedBy(request).map(({ gate }) => gate);
  const last = names.at(-1) ?? '';
  return names.length < 2
    ? `the gate ${last} does not pass`
    : `the gates ${names.slice(0, -1).join(', ')} and ${last} do not pass`;
}

const locksOf = ({ subject }: Request): boolean => subject.kind === 'promotion' && subject.lock;

/** What must not be overlooked: a broken glass, votes that count no longer, an alarm. */
function urgentBlocks({ request, alarmClosed }: RequestView): readonly Block[] {
  const { glass, voided, alarm } = request;
  const blocks: Block[] = [];
  if (glass)
    blocks.push({
      kind: 'status',
      tone: 'bad',
      label: 'Break-glass',
      text: `${glass.by} broke the glass (${glass.ticket}): ${glass.reason}`,
    });
  if (voided && !isTerminal(request))
    blocks.push({
      kind: 'status',
      tone: 'warning',
      label: 'Approvals void',
      text: `${voided.why} ${voided.people.join(', ')} must approve again.`,
    });
  if (alarm && alarm !== request.end?.text)
    blocks.push({ kind: 'status', tone: 'bad', label: 'Alarm', text: withShortDigests(alarm) });
  if (alarmClosed)
    blocks.push({
      kind: 'status',
      tone: 'muted',
      label: 'Alarm closed',
      text: `${alarmClosed.by}: ${alarmClosed.why}`,
    });
  return blocks;
}

const stepTitles: Readonly<Record<SagaStep, string>> = {
  preflight: 'Check source and target',
  import: 'Import the image by digest',
  referrers: 'Copy signatures and SBOMs',
  verify: 'Verify the digest',
  lock: 'Lock tag, manifests and referrers',
  'read-back': 'Read the locks back',
};

function progressBlocks(request: Request): readonly Block[] {
  const began = ['importing', 'locking', 'promoted', 'failed', 'quarantined'].includes(request.state);
  if (!began || request.subject.kind !== 'promotion') return [];
  const steps = stepsOf(request);
  const effect = nextEffect(request);
  const stopped = request.state === 'failed' || request.state === 'quarantined';
  const firstOpen = steps.find((step) => !request.done.some((progress) => progress.step === step));
  return [
    {
      kind: 'progress',
      title: 'Progress',
      steps: steps.map((step) => {
        const done = request.done.some((progress) => progress.step === step);
        const active = effect?.kind === 'step' && effect.step === step;
        const state = done
          ? 'done'
          : stopped && step === firstOpen
            ? 'failed'
            : active
              ? 'active'
              : 'pending';
        return { title: stepTitles[step], state };
      }),
    },
  ];
}

function footBlocks({ request, auditHash }: RequestView): readonly Block[] {
  if (!isTerminal(request)) return [];
  const tone: Tone = stateTone[request.state];
  const ended: Line = [
    plain(tone === 'good' ? 'Done ' : 'Ended '),
    datetime(request.endedAt ?? request.updatedAt),
  ];
  return [
    {
      kind: 'context',
      text: auditHash ? [...ended, plain(' · audit '), code(auditHash.slice(0, 12))] : ended,
    },
  ];
}
