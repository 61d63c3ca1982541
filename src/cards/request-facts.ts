// What the card of a request says about it in words and times: who asked, which way, who approved, until when.
import type { Standing } from '../promotion/quorum.ts';
import { endsAt, isTerminal, type Request, type StateName, type Subject } from '../promotion/request.ts';
import { type Audience, code, datetime, type Fact, plain, strong } from './card.ts';
import { clip, sentence } from './wording.ts';

/** States in which a vote is still to come. */
const openStates: ReadonlySet<StateName> = new Set<StateName>(['resolving', 'blocked', 'pending', 'held']);

export interface RequestView {
  readonly request: Request;
  readonly standing?: Standing;
  /** Who may vote, by group. */
  readonly voters?: Readonly<Record<string, readonly string[]>>;
  /** Who may press what, where all of them are known. */
  readonly people?: {
    readonly deciders: readonly string[];
    readonly admins: readonly string[];
    readonly glass: readonly string[];
    readonly accounts: Audience['people'];
  };
  /** Head of the audit chain, shown when the request has ended. */
  readonly auditHash?: string;
  /** That somebody closed its alarm: a fact beside its state. */
  readonly alarmClosed?: { readonly by: string; readonly why: string };
  /** Whether the policy knows a break-glass for its stage. */
  readonly hasGlass?: boolean;
  readonly now: number;
}

export function requestFacts(view: RequestView): readonly Fact[] {
  const { request } = view;
  const { evidence, subject } = request;
  const facts: Fact[] = [
    {
      label: subject.kind === 'review' ? 'Broken by' : 'Asked by',
      value: [strong(request.requester), plain(', '), datetime(request.createdAt)],
    },
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
  if (subject.kind === 'gate') facts.push({ label: 'Seen', value: subject.value });
  if (subject.kind === 'promotion') {
    facts.push({ label: 'Way', value: wayText(subject) });
    if (evidence?.inSourceSince !== undefined)
      facts.push({ label: `In ${subject.fromStage} since`, value: [datetime(evidence.inSourceSince)] });
    const revision = evidence?.labels['org.opencontainers.image.revision'];
    if (revision) facts.push({ label: 'Revision', value: [code(clip(revision, 13))] });
  }
  return [...facts, ...voteFacts(view), ...timeFacts(view.request)];
}

function wayText({ source, target, lock, rollback }: Extract<Subject, { kind: 'promotion' }>): string {
  if (rollback) return `stays in ${target}${lock ? ', its locks verified again' : ''}`;
  return `${source} → ${target}, ${lock ? 'locked after import' : 'not locked'}`;
}

/** Whose approval is missing, while that can change; and who voted. */
function voteFacts({ request, standing, voters }: RequestView): readonly Fact[] {
  const { subject, votes, glass } = request;
  const word = subject.kind === 'review' ? 'Review' : 'Approval';
  const open = openStates.has(request.state) && !glass ? (standing?.rules ?? []) : [];
  const missing = open
    .filter(({ have, min }) => have < min)
    .map(({ group, have, min }): Fact => {
      const left = (voters?.[group] ?? []).filter((name) => !votes.some(({ person }) => person === name));
      const names = left.length > 0 ? ` (${left.join(', ')})` : '';
      // Only a promotion's groups are the policy's own; the others stand for whoever has the right.
      const label = subject.kind === 'promotion' ? `${word} by ${group}` : word;
      return { label, value: `${have} of ${min}${names}` };
    });
  const cast = votes.flatMap(({ person, channel, at, decision, groups, reason }): readonly Fact[] => [
    {
      label:
        decision === 'reject' ? 'Rejected by' : subject.kind === 'review' ? 'Reviewed by' : 'Approved by',
      value: [
        strong(person),
        plain(
          `${subject.kind === 'promotion' ? ` for ${groups.join(' and ')}` : ''} in ${sentence(channel)}, `,
        ),
        datetime(at),
      ],
    },
    ...(subject.kind === 'review' && decision === 'approve' && reason
      ? [{ label: 'Found', value: reason }]
      : []),
  ]);
  return [...missing, ...cast];
}

function timeFacts(request: Request): readonly Fact[] {
  const { state, glass, waits, escalatedAt, escalation, alarm } = request;
  const facts: Fact[] = [];
  if (state === 'waiting' && waits?.until !== undefined)
    facts.push({ label: 'Opens', value: [datetime(waits.until)] });
  if (glass) facts.push({ label: 'Review until', value: [datetime(glass.reviewBy)] });
  if (escalation && escalatedAt !== undefined && state === 'pending')
    facts.push({ label: 'Escalated', value: [plain(`to ${escalation.to}, `), datetime(escalatedAt)] });
  if (request.subject.kind === 'review') {
    if (!isTerminal(request))
      facts.push({ label: alarm ? 'Was due' : 'Due', value: [datetime(request.expiresAt)] });
    return facts;
  }
  if (['blocked', 'pending', 'held'].includes(state) && request.approvedAt === undefined)
    facts.push({ label: 'Expires', value: [datetime(endsAt(request))] });
  if (request.approvedAt !== undefined && ['approved', 'waiting', 'held'].includes(state))
    facts.push({ label: 'Lapses', value: [datetime(endsAt(request))] });
  return facts;
}
