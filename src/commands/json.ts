// The reads as JSON: stable keys, times in ISO 8601 UTC. Others rely on these shapes.
import type { Policy } from '../policy/policy.ts';
import { queryOf, rulesOf } from '../policy/rules.ts';
import type { Request } from '../promotion/request.ts';
import { isOpen, nextOpening } from '../promotion/windows.ts';
import type { Estate } from './estate.ts';

const iso = (at: number): string => new Date(at).toISOString();

export const statusJson = (estate: Estate, indexes: readonly number[]): object => ({
  asOf: iso(estate.scan.asOf),
  score: estate.score(indexes).score ?? null,
  registries: indexes.map((i) => {
    const facts = estate.registries[i];
    return {
      id: facts?.id,
      name: facts?.name,
      stage: facts?.stage ?? null,
      score: estate.score([i]).score ?? null,
      findings: estate.findings(i).map(({ rule, outcome, reason, impact, evidence }) => ({
        rule,
        outcome,
        ...(reason && { reason }),
        impact,
        evidence: evidence.map((item) => ({ ...item, asOf: iso(item.asOf) })),
      })),
    };
  }),
});

/** Every rule, with its query as `kql`, or why it has none as `noKql`. */
export const rulesJson = (policy: Policy): readonly object[] =>
  rulesOf(policy).map((rule) => {
    const { id, title, impact, source, references } = rule;
    const kql = queryOf(rule, policy);
    const how = 'query' in kql ? { kql: kql.query } : { noKql: kql.none };
    return { id, title, impact, source, references, ...how };
  });

export const requestJson = (request: Request): object => {
  const { subject } = request;
  const promotion = subject.kind === 'promotion' ? subject : undefined;
  return {
    id: request.id,
    state: request.state,
    image: promotion ? `${promotion.repository}:${promotion.tag}` : null,
    digest: request.evidence?.digest ?? null,
    from: promotion?.fromStage ?? null,
    to: promotion?.toStage ?? null,
    requester: request.requester,
    votes: request.votes.map((vote) => ({ person: vote.person, decision: vote.decision, at: iso(vote.at) })),
    createdAt: iso(request.createdAt),
    ...(request.endedAt !== undefined && { endedAt: iso(request.endedAt) }),
  };
};

export interface Explained {
  readonly image: string;
  readonly stage: string;
  readonly ways: readonly {
    readonly edge: string;
    readonly from: string;
    readonly requesters: readonly { readonly group: string; readonly members: readonly string[] }[];
    readonly approvals: readonly {
      readonly group: string;
      readonly min: number;
      readonly members: readonly string[];
    }[];
    readonly total: number;
    readonly gates: readonly { readonly gate: string; readonly mode: string }[];
    readonly lock: boolean;
    /** `open`, when it opens next, or `never`. */
    readonly window: string;
    readonly tagAllowed: boolean | null;
  }[];
}

/** Who may ask, who may approve, which gates, on every way of an image into a stage. */
export function explainPolicy(
  policy: Policy,
  repository: string,
  tag: string | undefined,
  stage: string,
  ask: {
    readonly requesters: (edge: Policy['edges'][number]) => readonly string[];
    readonly isAllowed: (tag: string) => boolean;
    readonly now: number;
  },
): Explained {
  const members = (group: string) => policy.groups[group]?.members ?? [];
  return {
    image: tag ? `${repository}:${tag}` : repository,
    stage,
    ways: policy.edges
      .filter((edge) => edge.to === stage)
      .map((edge) => ({
        edge: edge.name,
        from: edge.from,
        requesters: ask.requesters(edge).map((group) => ({ group, members: members(group) })),
        approvals: (edge.approvals?.rules ?? []).map((rule) => ({ ...rule, members: members(rule.group) })),
        total: edge.approvals?.total ?? 0,
        gates: Object.entries(edge.gates).flatMap(([gate, rule]) =>
          rule && rule.mode !== 'off' ? [{ gate, mode: rule.mode }] : [],
        ),
        lock: edge.lock,
        window: windowOf(policy, stage, ask.now),
        tagAllowed: tag === undefined ? null : ask.isAllowed(tag),
      })),
  };
}

/** `open`, the time at which it opens next, or `never` within 90 days. */
function windowOf({ windows, timezone }: Policy, stage: string, now: number): string {
  if (isOpen(windows, stage, now, timezone)) return 'open';
  const at = nextOpening(windows, stage, now, timezone);
  return at === undefined ? 'never' : iso(at);
}
