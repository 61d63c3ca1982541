// A request and everything it can be: the vocabulary of the approval machine. One machine decides all three subjects
// (a promotion, a waiver, a review of a break-glass), so the vocabulary is written for them from the start.

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
  | { readonly kind: 'review'; readonly request: string };

export type StateName =
  | 'resolving'
  | 'pending'
  | 'approved'
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
export const lockSteps = ['lock', 'read-back'] as const;
export type SagaStep = (typeof importSteps)[number] | (typeof lockSteps)[number];

type GateOutcome = 'pass' | 'fail' | 'unknown' | 'waived';

export interface GateResult {
  readonly gate: string;
  readonly mode: 'enforce' | 'warn';
  readonly outcome: GateOutcome;
  /** What was seen and what it needs, in one sentence. */
  readonly detail: string;
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
  readonly gates: readonly GateResult[];
}

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

/** Who must approve, copied from the policy at the time of asking: a looser policy later does not help a request. */
export interface Quorum {
  readonly rules: readonly { readonly group: string; readonly min: number }[];
  readonly total: number;
  readonly validFor: number;
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
  readonly policy: string;
  readonly quorum?: Quorum;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly expiresAt: number;
  readonly approvedAt?: number;
  readonly evidence?: Evidence;
  readonly evidenceHash?: string;
  readonly votes: readonly Vote[];
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

/** When an approval that was not used lapses, in milliseconds; a request that needed none ends with its expiry. */
export const lapsesAt = (request: Request): number =>
  request.quorum ? (request.approvedAt ?? 0) + request.quorum.validFor : request.expiresAt;

export const isTerminal = (request: Request): boolean => terminalStates.has(request.state);
