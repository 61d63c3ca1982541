// Cases of a policy: a request, its evidence and its votes, played through the same rules that decide a real one. So a
// company tests a change of its policy before it is in force.
import { parseImageReference } from '../promotion/image-reference.ts';
import { decide } from '../promotion/decide.ts';
import { evolveAll } from '../promotion/evolve.ts';
import type { Command } from '../promotion/machine.ts';
import type { Facts, Request, SignatureCheck } from '../promotion/request.ts';
import type { Terms } from '../promotion/terms.ts';
import { isOpen } from '../promotion/windows.ts';
import { groupsOf, isTagAllowed, requesterGroups } from './lookup.ts';
import type { Edge, Policy } from './policy.ts';

/** Times and ages in milliseconds. What is left out is not there: no scan, no signature, no soak. */
export interface CaseEvidence {
  readonly scan?: { readonly critical: number; readonly high: number; readonly age: number };
  readonly signature?: 'verified' | 'invalid' | 'unverified' | 'cosign';
  readonly sbom: boolean;
  readonly labels: readonly string[];
  readonly soak?: number;
  /** Outcomes of the rules that the posture gate names. */
  readonly posture: Readonly<Record<string, string>>;
}

export interface PolicyCase {
  readonly name: string;
  readonly now: number;
  readonly request: {
    readonly image: string;
    readonly from?: string;
    readonly to: string;
    readonly by: string;
    readonly evidence: CaseEvidence;
  };
  readonly votes: readonly {
    readonly by: string;
    readonly decision: 'approve' | 'reject';
    readonly at?: number;
    readonly because?: string;
  }[];
  readonly expect: { readonly state: string; readonly refusal?: string };
}

export interface CaseResult {
  readonly name: string;
  readonly ok: boolean;
  /** `refused` where it cannot be asked for; else the state it comes to. An import is not played: `approved` ends it. */
  readonly state: string;
  /** Code of the last refusal. */
  readonly refusal?: string;
  /** Why, in words. */
  readonly detail: string;
}

export function runCase(policy: Policy, given: PolicyCase): CaseResult {
  const played = play(policy, given);
  const { state, refusal } = given.expect;
  return { name: given.name, ok: played.state === state && played.refusal === refusal, ...played };
}

type Played = Omit<CaseResult, 'name' | 'ok'>;

const refused = (refusal: string, detail: string): Played => ({ state: 'refused', refusal, detail });

function play(policy: Policy, { request, now, votes }: PolicyCase): Played {
  const image = parseImageReference(request.image);
  if ('problem' in image || image.tag === undefined)
    return refused('malformed-image', 'problem' in image ? image.problem : 'Name a tag.');
  const ways = policy.edges.filter(
    (edge) => edge.to === request.to && (request.from === undefined || edge.from === request.from),
  );
  const [edge] = ways;
  if (!edge || ways.length > 1)
    return refused(
      'unknown-way',
      edge ? 'Several ways lead there: name from.' : 'The policy has no such way.',
    );
  if (
    !requesterGroups(policy, edge, image.repository).some((group) =>
      groupsOf(policy, request.by).includes(group),
    )
  )
    return refused('not-eligible', `${request.by} may not ask on ${edge.name}.`);
  if (!isTagAllowed(policy, image.repository, image.tag))
    return refused('tag-not-allowed', `The policy does not let the tag ${image.tag} be promoted.`);
  return decideAll(policy, edge, asking(policy, edge, request.by, { ...image, tag: image.tag }, now), {
    facts: factsOf(request.evidence, now),
    votes,
    now,
  });
}

function asking(
  policy: Policy,
  edge: Edge,
  requester: string,
  { repository, tag }: { readonly repository: string; readonly tag: string },
  now: number,
): Command {
  const way = { edge: edge.name, fromStage: edge.from, toStage: edge.to, source: edge.from, target: edge.to };
  return {
    kind: 'ask',
    id: 'CASE',
    subject: { kind: 'promotion', repository, tag, lock: edge.lock, ...way },
    requester,
    reason: 'case',
    policy: policy.hash,
    terms: termsOf(edge),
    expiresAt: now + (edge.approvals?.expiresIn ?? 72 * 3_600_000),
    nonce: '',
  };
}

const termsOf = ({ approvals, gates }: Edge): Terms => ({ ...(approvals && { quorum: approvals }), gates });

function decideAll(
  policy: Policy,
  edge: Edge,
  ask: Command,
  { facts, votes, now }: { facts: Facts; votes: PolicyCase['votes']; now: number },
): Played {
  let request: Request | undefined;
  let refusal: { readonly code: string; readonly text: string } | undefined;
  const judgement = { facts, terms: termsOf(edge), policy: policy.hash, nonce: '' };
  const apply = (command: Command, at: number) => {
    const decided = decide(request, command, at, (text) => text);
    request = evolveAll(request, decided.events, at);
    refusal = decided.refusal;
  };
  apply(ask, now);
  apply({ kind: 'judge', judgement }, now);
  let at = now;
  for (const vote of votes) {
    at = Math.max(at, vote.at ?? at);
    const groups = groupsOf(policy, vote.by);
    const { decision, because } = vote;
    apply(
      {
        kind: 'vote',
        person: vote.by,
        decision,
        channel: 'case',
        groups,
        judgement,
        terms: judgement.terms,
        ...(because !== undefined && { reason: because }),
      },
      at,
    );
  }
  const last = refusal;
  const isClosed = !isOpen(policy.windows, edge.to, at, policy.timezone);
  if (isClosed) apply({ kind: 'begin', judgement, closed: { why: 'closed' } }, at);
  const { state, evidence, end, votes: counted = [] } = request ?? { state: 'refused' as const };
  const stops = (evidence?.gates ?? []).filter((gate) => gate.outcome !== 'pass');
  const detail = [
    last?.text ?? end?.text ?? '',
    ...stops.map((gate) => `${gate.gate} is ${gate.outcome}: ${gate.detail}`),
    ...(state === 'pending' ? [`${counted.length} of ${edge.approvals?.total ?? 0} approvals.`] : []),
    ...(state === 'waiting' ? [`The window of ${edge.to} is closed then.`] : []),
  ];
  return { state, ...(last && { refusal: last.code }), detail: detail.filter(Boolean).join(' ') };
}

function factsOf({ scan, signature, sbom, labels, soak, posture }: CaseEvidence, now: number): Facts {
  const referrers = [
    ...(sbom ? [{ digest: 'sha256:sbom', artifactType: 'application/spdx+json', size: 1 }] : []),
    ...(signature === 'cosign'
      ? [
          {
            digest: 'sha256:cosign',
            artifactType: 'application/vnd.dev.cosign.artifact.sig.v1+json',
            size: 1,
          },
        ]
      : []),
  ];
  const signatures: readonly SignatureCheck[] =
    signature === undefined || signature === 'cosign'
      ? []
      : [{ kind: 'notation', status: signature, detail: `The signature of the case is ${signature}.` }];
  return {
    digest: 'sha256:case',
    mediaType: 'case',
    size: 0,
    layers: 0,
    platforms: [],
    children: [],
    labels: Object.fromEntries(labels.map((label) => [label, 'set'])),
    referrers,
    signatures,
    ...(scan && {
      scan: {
        critical: scan.critical,
        high: scan.high,
        medium: 0,
        low: 0,
        scanner: 'the case',
        scannedAt: now - scan.age,
      },
    }),
    ...(soak !== undefined && { inSourceSince: now - soak }),
    posture,
  };
}
