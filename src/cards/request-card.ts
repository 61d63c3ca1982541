// The card of a request through its whole life: what an approver needs to see, then the progress, then the end. It is
// always drawn from the store, so every copy in every channel says the same.
import {
  importSteps,
  isTerminal,
  lapsesAt,
  lockSteps,
  type Request,
  type SagaStep,
} from '../promotion/request.ts';
import type { Standing } from '../promotion/quorum.ts';
import { nextEffect } from '../promotion/saga.ts';
import {
  type Action,
  type Block,
  type Card,
  code,
  datetime,
  type Fact,
  type Line,
  plain,
  strong,
  type Tone,
} from './card.ts';
import { evidenceBlocks, gateBlocks } from './evidence-blocks.ts';
import { clip, stateLabel, stateTone } from './wording.ts';

export interface RequestView {
  readonly request: Request;
  readonly standing?: Standing;
  /** Who may vote, by group. */
  readonly voters?: Readonly<Record<string, readonly string[]>>;
  /** Head of the audit chain, shown when the request has ended. */
  readonly auditHash?: string;
  /** Present while it waits for a window of its stage: when that opens, as far as it is known. */
  readonly waits?: { readonly at?: number; readonly timezone: string };
  readonly now: number;
}

export function requestCard(view: RequestView): Card {
  const { request } = view;
  const what = subjectText(request);
  const title = `${what.title} · ${request.id}`;
  const end = request.end ? ` ${request.end.text}` : '';
  return {
    name: 'request',
    title,
    summary: `${stateLabel[request.state]}: ${what.summary}, asked by ${request.requester}.${end}`,
    blocks: [
      { kind: 'heading', text: title },
      {
        kind: 'status',
        tone: stateTone[request.state],
        label: stateLabel[request.state],
        text: stateText(view),
      },
      ...evidenceBlocks(request, view.now),
      { kind: 'facts', facts: whoFacts(view) },
      ...gateBlocks(request.evidence?.gates ?? []),
      ...progressBlocks(request),
      ...actionBlocks(request, what.summary),
      ...footBlocks(view),
    ],
  };
}

function subjectText({ subject }: Request): { readonly title: string; readonly summary: string } {
  switch (subject.kind) {
    case 'promotion': {
      const image = `${subject.repository}:${subject.tag}`;
      return {
        title: `Promote ${image} to ${subject.toStage}`,
        summary: `${image} from ${subject.fromStage} to ${subject.toStage}`,
      };
    }
    case 'waiver':
      return {
        title: `Waive ${subject.rule} on ${subject.scope}`,
        summary: `waiver of ${subject.rule} on ${subject.scope}`,
      };
    case 'review':
      return { title: `Review ${subject.request}`, summary: `review of ${subject.request}` };
  }
}

function stateText({ request, standing, waits }: RequestView): string {
  switch (request.state) {
    case 'resolving':
      return 'Reading digest, evidence and what the target holds now.';
    case 'pending':
      return standing ? `${standing.people} of ${standing.total} approvals.` : 'Votes are open.';
    case 'approved':
      return waits ? waitText(waits) : 'The import begins now.';
    case 'importing':
    case 'locking':
      return request.trouble
        ? `Trying again (attempt ${request.attempt}): ${request.trouble}`
        : 'The steps below show how far it is.';
    case 'promoted':
      return 'The target holds the approved digest, verified and locked as asked.';
    case 'granted':
      return 'It is in force.';
    case 'refused':
    case 'rejected':
    case 'cancelled':
    case 'expired':
    case 'superseded':
    case 'failed':
    case 'quarantined':
      return request.end?.text ?? '';
  }
}

function waitText({ at, timezone }: NonNullable<RequestView['waits']>): string {
  if (at === undefined) return 'The import waits for a window of its stage, and none opens within 90 days.';
  const local = new Intl.DateTimeFormat('en-GB', {
    dateStyle: 'full',
    timeStyle: 'short',
    timeZone: timezone,
  });
  return `The import waits for a window of its stage, which opens ${local.format(at)} (${timezone}).`;
}

function whoFacts({ request, standing, voters, waits }: RequestView): readonly Fact[] {
  const { evidence, subject } = request;
  const facts: Fact[] = [
    { label: 'Asked by', value: [strong(request.requester), plain(', '), datetime(request.createdAt)] },
    { label: 'Reason', value: request.reason },
  ];
  if (subject.kind === 'waiver') {
    facts.push(
      { label: 'Until', value: [datetime(subject.until)] },
      {
        label: 'Registries',
        value: Object.keys(subject.values)
          .map((id) => id.split('/').at(-1))
          .join(', '),
      },
    );
  }
  if (subject.kind === 'promotion') {
    facts.push({
      label: 'Way',
      value: `${subject.source} → ${subject.target}${subject.lock ? ', locked after import' : ', not locked'}`,
    });
    if (evidence?.inSourceSince !== undefined)
      facts.push({ label: `In ${subject.fromStage} since`, value: [datetime(evidence.inSourceSince)] });
    const revision = evidence?.labels['org.opencontainers.image.revision'];
    if (revision) facts.push({ label: 'Revision', value: [code(clip(revision, 13))] });
  }
  for (const rule of standing?.rules ?? []) {
    const names = voters?.[rule.group]?.join(', ');
    facts.push({
      label: `Approval by ${rule.group}`,
      value: `${rule.have} of ${rule.min}${names && !isTerminal(request) ? ` (${names})` : ''}`,
    });
  }
  for (const vote of request.votes) {
    const said = vote.decision === 'approve' ? 'Approved by' : 'Rejected by';
    facts.push({
      label: said,
      value: [strong(vote.person), plain(` in ${vote.channel}, `), datetime(vote.at)],
    });
  }
  if (waits?.at !== undefined) facts.push({ label: 'Window opens', value: [datetime(waits.at)] });
  if (request.state === 'pending') facts.push({ label: 'Expires', value: [datetime(request.expiresAt)] });
  if (request.state === 'approved') facts.push({ label: 'Lapses', value: [datetime(lapsesAt(request))] });
  return facts;
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
  const steps: readonly SagaStep[] = request.subject.lock ? [...importSteps, ...lockSteps] : importSteps;
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

function actionBlocks(request: Request, what: string): readonly Block[] {
  const value = { v: 1, id: request.id, nonce: request.nonce } as const;
  const cancel: Action = {
    action: 'cancel',
    label: 'Cancel',
    accessibilityLabel: `Cancel ${request.id}, ${what}`,
    value,
    confirm: {
      title: 'Cancel the request?',
      text: `${request.id} ends. It can be asked for again.`,
      confirm: 'Cancel it',
      deny: 'Keep it',
    },
  };
  if (request.state === 'approved') return [{ kind: 'actions', actions: [cancel] }];
  if (request.state !== 'pending') return [];
  return [
    {
      kind: 'actions',
      actions: [
        {
          action: 'approve',
          label: 'Approve',
          accessibilityLabel: `Approve ${request.id}, ${what}`,
          style: 'primary',
          value,
        },
        {
          action: 'form:reject',
          label: 'Reject …',
          accessibilityLabel: `Reject ${request.id}, ${what}`,
          style: 'danger',
          value,
        },
        cancel,
      ],
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
