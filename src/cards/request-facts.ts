// What the card of a request says about it in words and times: who asked, which way, who approved, until when.
import type { Standing } from '../promotion/quorum.ts';
import { endsAt, isTerminal, type Request } from '../promotion/request.ts';
import { type Audience, code, datetime, type Fact, plain, strong } from './card.ts';
import { clip } from './wording.ts';

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
  /** IANA zone in which a time inside a sentence is written. */
  readonly timezone: string;
  readonly now: number;
}

export function requestFacts({ request, standing, voters }: RequestView): readonly Fact[] {
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
  if (subject.kind === 'gate') facts.push({ label: 'Seen', value: subject.value });
  if (subject.kind === 'promotion') {
    facts.push({
      label: 'Way',
      value: `${subject.rollback ? `stays in ${subject.target}` : `${subject.source} → ${subject.target}`}${subject.lock ? ', locked after import' : ', not locked'}`,
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
  return [...facts, ...timeFacts(request)];
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
