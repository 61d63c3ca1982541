// Cases of a policy: a request, its evidence and its votes, played through the same rules that decide a real one. So a
// company tests a change of its policy before it is in force.
import { parseImageReference } from '../promotion/image-reference.ts';
import { decide } from '../promotion/decide.ts';
import { evolve } from '../promotion/evolve.ts';
import type { Command } from '../promotion/machine.ts';
import { excludedFrom, standing } from '../promotion/quorum.ts';
import type { Refusal } from '../promotion/refusal.ts';
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

/** How the case comes out under the policy, and whether that is what it expects. */
export function runCase(policy: Policy, given: PolicyCase): CaseResult {
  const played = play(policy, given);
  const { state, refusal } = given.expect;
  return { name: given.name, ok: played.state === state && played.refusal === refusal, ...played };
}

type Played = Omit<CaseResult, 'name' | 'ok'>;

const refused = (refusal: string, detail: string): Played => ({ state: 'refused', refusal, detail });

function play(policy: Policy, { request, now, votes }: PolicyCase): Played {
  const image = parseImageReference(request.image);
  if ('problem' in image) return refused('malformed-image', image.problem);
  const { repository, tag } = image;
  if (tag === undefined) return refused('malformed-image', 'Name a tag.');
  const [edge, another] = policy.edges.filter(
    ({ from, to }) => to === request.to && from === (request.from ?? from),
  );
  if (!edge) return refused('unknown-way', 'The policy has no such way.');
  if (another) return refused('unknown-way', 'Several ways lead there: name from.');
  const groups = groupsOf(policy, request.by);
  if (!requesterGroups(policy, edge, repository).some((group) => groups.includes(group)))
    return refused('not-eligible', `${request.by} may not ask on ${edge.name}.`);
  if (!isTagAllowed(policy, repository, tag))
    return refused('tag-not-allowed', `The policy does not let the tag ${tag} be promoted.`);
  const ask = asking(policy, edge, { requester: request.by, repository, tag }, now);
  return decideAll(policy, edge, ask, { facts: factsOf(request.evidence, now), votes, now });
}

type Ask = Extract<Command, { kind: 'ask' }>;

function asking(
  policy: Policy,
  edge: Edge,
  { requester, ...image }: { readonly requester: string; readonly repository: string; readonly tag: string },
  now: number,
): Ask {
  const way = { edge: edge.name, fromStage: edge.from, toStage: edge.to, source: edge.from, target: edge.to };
  return {
    kind: 'ask',
    id: 'CASE',
    subject: { kind: 'promotion', ...image, lock: edge.lock, ...way },
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
  ask: Ask,
  { facts, votes, now }: { readonly facts: Facts; readonly votes: PolicyCase['votes']; readonly now: number },
): Played {
  const terms = termsOf(edge);
  const judgement = { facts, terms, policy: policy.hash, nonce: '' };
  const asked = evolve(undefined, { kind: 'asked', command: ask }, now);
  let turn = next({ request: asked }, { kind: 'judge', judgement }, now);
  let at = now;
  for (const { by, at: then = at, decision, because } of votes) {
    at = Math.max(at, then);
    const ballot = { kind: 'vote', person: by, decision, channel: 'case', terms, judgement } as const;
    const reason = because !== undefined && { reason: because };
    turn = next(turn, { ...ballot, groups: groupsOf(policy, by), ...reason }, at);
  }
  const closed = { why: `The window of ${edge.to} is closed then.` };
  const isClosed = !isOpen(policy.windows, edge.to, at, policy.timezone);
  const { request } = isClosed ? next(turn, { kind: 'begin', judgement, closed }, at) : turn;
  const { refusal } = turn;
  return {
    state: request.state,
    ...(refusal && { refusal: refusal.code }),
    detail: [refusal?.text ?? request.end?.text, ...reasonsOf(request)].filter(Boolean).join(' '),
  };
}

/** The request, and how the last command was refused if it was. */
interface Turn {
  readonly request: Request;
  readonly refusal?: Refusal;
}

function next({ request }: Turn, command: Command, at: number): Turn {
  const { events, ...refusal } = decide(request, command, at, String);
  return { request: events.reduce((current, event) => evolve(current, event, at), request), ...refusal };
}

/** What keeps it where it is: gates that are not met, approvals that are missing, a window. */
function reasonsOf(request: Request): readonly string[] {
  const { state, evidence, quorum, votes, waits } = request;
  const gates = (evidence?.gates ?? [])
    .filter(({ outcome }) => outcome !== 'pass')
    .map(({ gate, outcome, detail }) => `${gate} is ${outcome}: ${detail}`);
  const have = quorum && standing(quorum, votes, excludedFrom(request));
  const missing = have && state === 'pending' ? [`${have.people} of ${have.total} approvals.`] : [];
  return [...gates, ...missing, ...(waits ? [waits.why] : [])];
}

function factsOf({ scan, signature, sbom, labels, soak, posture }: CaseEvidence, now: number): Facts {
  const types = [
    ...(sbom ? ['application/spdx+json'] : []),
    ...(signature === 'cosign' ? ['application/vnd.dev.cosign.artifact.sig.v1+json'] : []),
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
    referrers: types.map((artifactType) => ({ digest: 'sha256:attached', artifactType, size: 0 })),
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
