// A request and everything it can be: the vocabulary of the approval machine. One machine decides all three subjects
// (a promotion, a waiver, a review of a break-glass), so the vocabulary is written for them from the start.
import type { GateRules, Quorum } from './terms.ts';

/** What is asked for. Registries are keys of the policy, never text from chat. */
export type Subject =
  | {
      readonly kind: 'promotion';
      readonly edge: string;
      readonly repository: string;
      readonly tag: string;
      readonly source: string;
      readonly target: string;
      readonly fromStage: string;
      readonly toStage: string;
      readonly lock: boolean;
      /** Takes the target back to a digest it holds already: nothing is imported, the locks are verified again. */
      readonly rollback?: true;
    }
  | {
      readonly kind: 'waiver';
      readonly rule: string;
      /** What was named: a registry or a stage. */
      readonly scope: string;
      readonly until: number;
      /** Hash of the finding's values by registry id: a waiver of a value that changed is none. */
      readonly values: Readonly<Record<string, string>>;
    }
  /** Lets one gate of one request pass at the value it had: bound to it, as a waiver of a rule is. */
  | {
      readonly kind: 'gate';
      readonly request: string;
      readonly edge: string;
      readonly gate: string;
      readonly value: string;
    }
  /** Somebody else looks at what was done by break-glass. */
  | { readonly kind: 'review'; readonly request: string; readonly edge: string };

export type StateName =
  | 'resolving'
  | 'blocked'
  | 'pending'
  | 'held'
  | 'approved'
  | 'waiting'
  | 'importing'
  | 'locking'
  | 'promoted'
  | 'granted'
  | 'refused'
  | 'rejected'
  | 'cancelled'
  | 'expired'
  | 'superseded'
  | 'failed'
  | 'quarantined';

const terminalStates: ReadonlySet<StateName> = new Set<StateName>([
  'promoted',
  'granted',
  'refused',
  'rejected',
  'cancelled',
  'expired',
  'superseded',
  'failed',
  'quarantined',
]);

/** The steps of the saga, in order. Each is stored when done, and repeating one that was done changes nothing. */
export const importSteps = ['preflight', 'import', 'referrers', 'verify'] as const;
/** What is rolled back to is in the target already. */
export const rollbackSteps = ['preflight', 'verify'] as const;
export const lockSteps = ['lock', 'read-back'] as const;
export type SagaStep = (typeof importSteps)[number] | (typeof lockSteps)[number];

type GateOutcome = 'pass' | 'fail' | 'unknown' | 'waived';

export interface GateResult {
  readonly gate: string;
  readonly mode: 'enforce' | 'warn';
  readonly outcome: GateOutcome;
  /** What was seen and what it needs, in one sentence. */
  readonly detail: string;
  /** What was seen, in short and without ages: a waiver is of this value and no other. */
  readonly value: string;
}

/** An artifact that points at the image: a signature, an SBOM, an attestation, or a cosign tag sibling. */
export interface Referrer {
  readonly digest: string;
  readonly artifactType: string;
  readonly size: number;
  /** Set when it is found by its tag (`sha256-<hex>.sig`) instead of by its subject. */
  readonly tag?: string;
  /** Digest of the attachment that it points at, as a signature of an SBOM does; absent: it points at the image. */
  readonly subject?: string;
}

/** Severity counts of one digest, from the registry's scanner. */
export interface ScanResult {
  readonly critical: number;
  readonly high: number;
  readonly medium: number;
  readonly low: number;
  readonly scanner: string;
  readonly scannedAt: number;
  /** What is open, the gravest first; absent where the scanner gives no ids or more than are worth listing. */
  readonly findings?: readonly Finding[];
}

/** One open vulnerability; `id` is the scanner's own, mostly a CVE. */
export interface Finding {
  readonly id: string;
  readonly severity: 'critical' | 'high' | 'medium' | 'low';
}

/** A signature on the image and what came of checking it. `detail` is one sentence, a refusal with its cure. */
export interface SignatureCheck {
  readonly kind: 'notation' | 'cosign';
  /** `unverified`: nothing was proved, neither that it is good nor that it is bad. */
  readonly status: 'verified' | 'invalid' | 'unverified';
  /** Subject of the signing certificate; of a verified signature only. */
  readonly identity?: string;
  /** When the signer says it was signed; of a verified signature only. */
  readonly signedAt?: number;
  readonly detail: string;
}

/** What came and went between live and proposed: the first of each, and how many there are. */
export interface Changes<T> {
  readonly added: readonly T[];
  readonly removed: readonly T[];
  readonly counts: { readonly added: number; readonly removed: number };
}

/** Packages by the SBOMs of live and proposed. Texts are as the SBOMs say them. */
export interface PackageEvidence {
  /** How many the SBOM of the proposed image lists, where it could be read. */
  readonly proposed?: number;
  readonly live?: number;
  /** `openssl 3.0.13 → 3.0.15`, and how many more. */
  readonly changes?: Changes<string> & { readonly changed: readonly string[]; readonly changedCount: number };
  /** Why there is no comparison, in one sentence. */
  readonly problem?: string;
}

/** What is known of the image at one moment. Sizes in bytes; times in milliseconds. */
export interface Evidence {
  readonly digest: string;
  readonly mediaType: string;
  readonly size: number;
  readonly layers: number;
  readonly platforms: readonly string[];
  /** Digests of the manifests of an index; empty for a single image. */
  readonly children: readonly string[];
  readonly createdAt?: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly referrers: readonly Referrer[];
  /** Absent: signatures were not looked at. */
  readonly signatures?: readonly SignatureCheck[];
  readonly packages?: PackageEvidence;
  /** Predicate types of attached provenance; nobody checked who wrote it. */
  readonly provenance?: readonly string[];
  /** Vulnerabilities that are new, and those that are gone, against what is live. */
  readonly findings?: Changes<Finding>;
  readonly scan?: ScanResult;
  /** When the tag came to the stage it is promoted from. */
  readonly inSourceSince?: number;
  /** What the target holds now, when it holds the repository. */
  readonly live?: {
    readonly tag: string;
    readonly digest: string;
    readonly size?: number;
    readonly layers?: number;
    readonly updatedAt?: number;
    readonly scan?: ScanResult;
  };
  /** Outcomes of the posture rules that the gate names, for its registry; absent: it could not be judged. */
  readonly posture?: Readonly<Record<string, string>>;
  readonly gates: readonly GateResult[];
}

/** What is collected; the gates are judged by the machine, under the terms of the request. */
export type Facts = Omit<Evidence, 'gates'>;

export interface Vote {
  readonly person: string;
  readonly decision: 'approve' | 'reject';
  readonly at: number;
  readonly groups: readonly string[];
  /** Hash of the evidence the person saw. */
  readonly evidence: string;
  readonly channel: string;
  readonly reason?: string;
}

/** A gate that was let pass for one request, at the value it had. */
export interface GateWaiver {
  readonly gate: string;
  readonly value: string;
  readonly by: string;
  /** The request that granted it. */
  readonly grant: string;
}

/** Why approvals no longer count. */
interface Voided {
  readonly at: number;
  readonly why: string;
  readonly people: readonly string[];
}

export interface BrokenGlass {
  readonly by: string;
  readonly reason: string;
  readonly ticket: string;
  readonly at: number;
  /** Until when somebody else must have looked at it. */
  readonly reviewBy: number;
}

interface Progress {
  readonly step: SagaStep;
  readonly at: number;
}

export interface Request {
  readonly id: string;
  readonly version: number;
  readonly state: StateName;
  readonly subject: Subject;
  readonly requester: string;
  readonly reason: string;
  /** `Place.id` of where it was asked for: its card is shown there too. */
  readonly askedIn?: string;
  /** Hash of the policy it was asked under. */
  readonly policy: string;
  /** The terms it was asked under, made stricter where the policy became so: see terms.ts. */
  readonly quorum?: Quorum;
  readonly gates?: GateRules;
  /** People who cannot approve, besides the requester. */
  readonly barred?: readonly string[];
  readonly escalation?: { readonly after: number; readonly to: string };
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly expiresAt: number;
  readonly approvedAt?: number;
  readonly evidence?: Evidence;
  readonly evidenceHash?: string;
  readonly votes: readonly Vote[];
  readonly voided?: Voided;
  readonly waived?: readonly GateWaiver[];
  readonly glass?: BrokenGlass;
  readonly held?: { readonly by: string; readonly at: number; readonly why?: string };
  /** Why the import has not begun, and until when that is known to last. */
  readonly waits?: { readonly why: string; readonly until?: number };
  /** How many of the reminders were sent. */
  readonly reminded?: number;
  readonly escalatedAt?: number;
  /** Steps done in this life of the request. */
  readonly done: readonly Progress[];
  readonly attempt: number;
  /** What hinders the current step, when it is being tried again. */
  readonly trouble?: string;
  readonly alarm?: string;
  /** Changes with every card, so that a button of an old card is known. */
  readonly nonce: string;
  readonly endedAt?: number;
  readonly end?: { readonly code: string; readonly text: string };
}

/**
 * When it ends by itself, in milliseconds, unless somebody acts: an approval that is not used lapses, everything else has
 * the request's own time. A hold stops neither.
 */
export function endsAt(request: Request): number {
  const { approvedAt, quorum, expiresAt } = request;
  return approvedAt !== undefined && quorum ? approvedAt + quorum.validFor : expiresAt;
}

export const isTerminal = (request: Request): boolean => terminalStates.has(request.state);
