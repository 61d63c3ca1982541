// Every door of the product on one page. Use cases know these and nothing behind them; azure/, store/ and channels/
// implement them; tests put crash points in front of them.
import type { Card, Choice, Form } from './cards/card.ts';
import type { DigestScope } from './policy/policy.ts';
import type { Scan } from './posture/facts.ts';
import type { Referrer, Request, ScanResult, StateName } from './promotion/request.ts';

/** Milliseconds since the epoch, UTC. */
export type Clock = () => number;

export interface Ids {
  /** A short id a person can type, for example `P-7K3QX`. */
  request(): string;
  /** Unguessable, for nonces, leases and keys. */
  token(): string;
  /** Unguessable and short enough to type: `7K3Q-XW2M-9TBC`, 58 bits. */
  code(): string;
  /** SHA-256 in hex of UTF-8 text. */
  readonly hash: (text: string) => string;
}

/** Static messages; facts go in fields. Secrets never go in either. */
export interface Log {
  info(message: string, facts?: Readonly<Record<string, unknown>>): void;
  warn(message: string, facts?: Readonly<Record<string, unknown>>): void;
  error(message: string, facts?: Readonly<Record<string, unknown>>): void;
}

// --- Azure ---------------------------------------------------------------------------------------------------------

/** A registry of the policy: its key and its resource id. Never made from text of a chat. */
export interface RegistryRef {
  readonly key: string;
  readonly id: string;
}

export interface LockFlags {
  readonly deleteEnabled: boolean;
  readonly writeEnabled: boolean;
}

export interface TagState extends LockFlags {
  readonly tag: string;
  readonly digest: string;
  readonly createdAt?: number;
  readonly updatedAt?: number;
}

/** The manifest of an image and what hangs on it. Sizes in bytes (compressed). */
export interface ImageFacts {
  readonly digest: string;
  readonly mediaType: string;
  /** Of the manifest itself, as descriptors of it say. */
  readonly manifestSize: number;
  readonly size: number;
  readonly layers: number;
  readonly platforms: readonly string[];
  readonly children: readonly string[];
  readonly createdAt?: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly referrers: readonly Referrer[];
}

/** What a referrer holds: bytes that fit their digests, and of which nothing else is known. */
export interface Attachment {
  readonly layers: readonly { readonly mediaType: string; readonly bytes: Uint8Array }[];
}

/** Reads. Throws AzureError (`retry` says whether it may pass by itself); absent things are `undefined`. */
export interface RegistryReader {
  /** Posture facts; several callers at once share one scan. */
  scan(options?: ScanOptions): Promise<Scan>;
  /** Something was pushed or deleted: what is kept of the estate is old, and the next scan is a new one. */
  forget?(): void;
  /** Ends what scans left running in the background; nobody waits for it any more. */
  close?(): void;
  repositories(registry: RegistryRef): Promise<readonly string[]>;
  /** Newest first. */
  tags(registry: RegistryRef, repository: string): Promise<readonly TagState[]>;
  tag(registry: RegistryRef, repository: string, tag: string): Promise<TagState | undefined>;
  image(registry: RegistryRef, repository: string, digest: string): Promise<ImageFacts | undefined>;
  /** The layers of a referrer, `limit` bytes in all at most; more is the error `too-large`. */
  attachment(
    registry: RegistryRef,
    repository: string,
    digest: string,
    limit: number,
  ): Promise<Attachment | undefined>;
  manifestLock(registry: RegistryRef, repository: string, digest: string): Promise<LockFlags | undefined>;
  /** Changes of registries' settings since then, newest first, as far back as Azure keeps them (14 days). */
  changes(since: number): Promise<readonly SettingChange[]>;
  /** The registry scanner's findings by digest; digests nobody scanned are absent. */
  scanResults(digests: readonly string[]): Promise<ReadonlyMap<string, ScanResult>>;
}

export interface ScanOptions {
  /** Passes the snapshot cache by. */
  readonly fresh?: boolean;
  /** `false`: what Resource Graph says alone, which is quick. Else also what each registry is asked for. */
  readonly deep?: boolean;
  /** Registries whose repositories are walked; without them the content of the last walk is given. */
  readonly registries?: readonly RegistryRef[];
  /** Newest tags of each repository that count as in use. */
  readonly inUseTags?: number;
  /** Told while it goes on. Whoever gives it waits until the first walk has ended, not only a little for it. */
  readonly onProgress?: (progress: ScanProgress) => void;
}

/** How far a scan is. */
export interface ScanProgress {
  /** Whether each registry was asked for its settings; Resource Graph has answered. */
  readonly settled: boolean;
  /** Repositories walked, of those that are known by now; the registry that it was the turn of. */
  readonly done: number;
  readonly total: number;
  readonly registry?: string;
  /** What is known by now. What was not read yet is unread in it. */
  scan(): Scan;
}

/** One change of one registry's settings. Ids are lower-cased. */
export interface SettingChange {
  readonly registry: string;
  readonly at: number;
  /** Object id of who did it, or what Azure calls them. */
  readonly by: string;
  readonly byType: string;
  readonly settings: readonly { readonly path: string; readonly before: string; readonly after: string }[];
}

/**
 * What a registry says happened in it. Whoever knows the shared secret can say anything, and events come twice, late and
 * in any order: so it is a reason to look, not a fact. Names have a registry's own form; `at` is milliseconds.
 */
export interface RegistryEvent {
  readonly id: string;
  readonly at: number;
  readonly action: 'push' | 'delete';
  /** Resource id, lower-cased, where the sender gives it; else the login server alone names the registry. */
  readonly registry?: string;
  readonly host?: string;
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: string;
}

export interface ImportOrder {
  /** Client id of the edge's managed identity. */
  readonly identity: string;
  readonly source: RegistryRef;
  readonly target: RegistryRef;
  readonly repository: string;
  readonly digest: string;
  /** The target tag; without it the manifest is imported untagged (referrers). */
  readonly tag?: string;
}

export type ImportOutcome = 'accepted' | 'target-exists';

/** Writes, each by the identity of an edge, each safe to repeat. */
export interface RegistryWriter {
  /**
   * Imports by digest, never overwriting, and waits until Azure says it ended. What the answer says is not proof: read
   * the target's digest afterwards.
   */
  importImage(order: ImportOrder): Promise<ImportOutcome>;
  lockTag(identity: string, registry: RegistryRef, repository: string, tag: string): Promise<void>;
  lockManifest(identity: string, registry: RegistryRef, repository: string, digest: string): Promise<void>;
}

/** Groups of Microsoft Entra. Throws AzureError. */
export interface Directory {
  /** Those of these groups (ids, lower-cased in the answer) that a person is in now; `fresh` passes the cache by. */
  groupsOf(
    objectId: string,
    groups: readonly string[],
    options: { readonly fresh: boolean },
  ): Promise<ReadonlySet<string>>;
  /** Object ids, lower-cased, of who is in a group now, directly or through other groups. */
  membersOf(group: string): Promise<readonly string[]>;
}

// --- Store ---------------------------------------------------------------------------------------------------------

export interface Actor {
  readonly person: string;
  readonly channel: string;
  readonly account?: string;
}

export interface AuditEntry {
  readonly at: number;
  readonly actor: Actor;
  readonly action: string;
  readonly subject: string;
  readonly before?: string;
  readonly after?: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

export interface AuditRow extends AuditEntry {
  readonly seq: number;
  readonly prevHash: string;
  readonly hash: string;
  readonly signature: string;
}

export interface AuditVerdict {
  readonly ok: boolean;
  readonly rows: number;
  readonly head?: { readonly seq: number; readonly hash: string };
  /** The first thing wrong, in words. */
  readonly problem?: string;
}

export type JobKind =
  | 'step'
  | 'publish'
  | 'tell'
  | 'remind'
  | 'alarm'
  | 'review'
  | 'grant'
  | 'mirror'
  | 'notify'
  | 'digest'
  | 'event'
  | 'link'
  | 'thin';

/** A piece of work that survives a restart. `key` is unique: enqueueing it twice is one job. */
export interface Job {
  readonly key: string;
  readonly kind: JobKind;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly runAt: number;
}

export interface Lease extends Job {
  readonly attempts: number;
  /** Rises with each lease: a worker whose lease was taken over can no longer finish the job. */
  readonly fence: number;
}

export interface RequestFilter {
  readonly states?: readonly StateName[];
  readonly requester?: string;
  readonly repository?: string;
  readonly limit?: number;
}

/** What a decision is made on, read in the transaction that writes it. */
export interface Basis {
  /** The request as it is stored; absent before it is asked for. */
  readonly before: Request | undefined;
  /** The ledger's own time, which all replicas share. */
  readonly now: number;
  /** Where something is asked for: the open requests of the same person or repository. Else empty. */
  readonly open: readonly Request[];
  /** Where a subject of the audit is watched: its last row. */
  readonly last?: AuditRow;
}

/** The subject of the audit whose last row decides, with nobody able to write another one meanwhile. */
export interface Watching {
  readonly subject: string;
}

/** Who asks for what: whose open requests are counted, with nobody able to ask beside it. */
export interface Asking {
  readonly requester: string;
  readonly repository?: string;
}

/** What is written together or not at all: the request's next version, its audit rows and its work. */
export interface Decision {
  readonly request: Request;
  readonly audit: readonly AuditEntry[];
  readonly jobs: readonly Job[];
}

/** What came of deciding; without `decision` nothing is written. */
export interface Verdict<Result> {
  readonly result: Result;
  readonly decision?: Decision;
}

/** An account that asks to be taken for a person, until somebody who is that person says so. */
export interface LinkAsked {
  readonly state: 'asked';
  /** The account in one word: `slack:TEAM/USER`, `teams:TENANT/OBJECT`. */
  readonly id: string;
  readonly account: Account;
  /** What its chat calls it and its workspace: shown, never trusted. */
  readonly called: string;
  /** Hash of the code that proves it. */
  readonly code: string;
  readonly until: number;
  /** Who has given the code; nobody else can, from then on. */
  readonly by?: string;
}

/** An account that a person confirmed as theirs. It stands as long as the policy names `confirmedBy` for that person. */
export interface LinkConfirmed {
  readonly state: 'confirmed';
  readonly id: string;
  readonly account: Account;
  readonly called: string;
  readonly person: string;
  readonly confirmedBy: Account;
  readonly since: number;
}

export type AccountLink = LinkAsked | LinkConfirmed;

/** What a link is decided on, read in the transaction that writes it. */
export interface LinkBasis {
  readonly before: AccountLink | undefined;
  readonly now: number;
}

/** What came of deciding; without `decision` nothing is written, and one without `link` deletes it. */
export interface LinkVerdict<Result> {
  readonly result: Result;
  readonly decision?: {
    readonly link?: AccountLink;
    readonly audit: readonly AuditEntry[];
    readonly jobs: readonly Job[];
  };
}

/** A message we sent, so that every copy can be changed later. */
export interface MessageRef {
  readonly channel: ChannelName;
  readonly place: string;
  readonly message: string;
  /**
   * Posted though the same may stand there and nobody may look: `again` where it was sent before without an answer, `restart`
   * where only a process before this one could have. Not stored.
   */
  readonly unseen?: 'again' | 'restart';
}

export interface Ledger {
  request(id: string): Promise<Request | undefined>;
  requests(filter?: RequestFilter): Promise<readonly Request[]>;
  /**
   * Decides on the stored request and writes what was decided, in one transaction: nobody else changes the request in
   * between. `decide` is pure, since it may be called again. A request that is not there yet is written with `asking` only.
   */
  change<Result>(
    id: string,
    decide: (basis: Basis) => Verdict<Result>,
    beside?: Asking | Watching,
  ): Promise<Result>;

  /** What is known of an account by its id; rows that this product did not sign count as none. */
  link(id: string): Promise<AccountLink | undefined>;
  /** The confirmed ones, in the order of their ids. */
  links(): Promise<readonly LinkConfirmed[]>;
  /**
   * Decides on the link of an account, found by its id or by the hash of its code, and writes what was decided, in one
   * transaction. `decide` is pure, since it may be called again; a link it gives has the id of the one it was given.
   */
  changeLink<Result>(
    of: { readonly id: string } | { readonly code: string },
    decide: (basis: LinkBasis) => LinkVerdict<Result>,
  ): Promise<Result>;

  enqueue(job: Job): Promise<boolean>;
  /** The next due job of no kind of `except`, leased to `owner` for so many milliseconds, or nothing. */
  claim(owner: string, leaseFor: number, except?: readonly JobKind[]): Promise<Lease | undefined>;
  /** Keeps the lease for so many milliseconds from now; `false`: it was lost. */
  renew(lease: Lease, leaseFor: number): Promise<boolean>;
  finish(lease: Lease): Promise<boolean>;
  /** Gives the job back, to be run again in `wait` milliseconds. */
  postpone(lease: Lease, wait: number, error: string): Promise<boolean>;

  /** Stores an incoming delivery; `false` if its key was seen in the last 24 hours. */
  accept(key: string, payload: unknown): Promise<boolean>;
  answered(key: string): Promise<void>;
  /** Deliveries that were accepted and never answered, oldest first. */
  unanswered(): Promise<readonly { readonly key: string; readonly payload: unknown }[]>;

  remember(subject: string, ref: MessageRef): Promise<void>;
  messages(subject: string): Promise<readonly MessageRef[]>;

  /** Scores and outcomes kept for trend and digest, oldest first. */
  saveScore(row: ScoreRow): Promise<void>;
  scores(since: number): Promise<readonly ScoreRow[]>;

  /** Claims a slot of a digest; `false` if it was claimed before. */
  claimDigest(slot: DigestSlot): Promise<boolean>;
  digestSent(slot: DigestSlot, ref: MessageRef, at: number): Promise<void>;
  unsentDigests(): Promise<readonly DigestSlot[]>;
  /** Writes a word about its sending into the slot's row. */
  noteDigest(slot: DigestSlot, note: string): Promise<void>;
  /** The note of the last slot that was claimed for a digest and channel. */
  lastDigestNote(name: string, to: string): Promise<string | undefined>;
  /** End of the last period that was claimed for a digest and channel. */
  lastDigest(name: string, to: string): Promise<number | undefined>;
  /** End of the last period before this one whose digest stands in its channel. */
  digestBefore(slot: DigestSlot): Promise<number | undefined>;
  /** What people set by chat, in the order of the channels. */
  digestSettings(): Promise<readonly DigestSetting[]>;
  /** Puts it in the place of what was set before for this digest and channel. */
  setDigest(setting: DigestSetting): Promise<void>;
  /** `false`: nothing was set. */
  unsetDigest(name: string, to: string): Promise<boolean>;

  audit(entry: AuditEntry): Promise<void>;
  auditRows(filter?: { readonly subject?: string; readonly limit?: number }): Promise<readonly AuditRow[]>;
  verifyAudit(anchor?: { readonly seq: number; readonly hash: string }): Promise<AuditVerdict>;
  /** Deletes what is no longer needed: old jobs, deliveries, scores, messages. */
  thin(): Promise<void>;
  /** Whether the database answers, within two seconds. */
  answers(): Promise<boolean>;
  close(): Promise<void>;
}

export interface ScoreRow {
  readonly asOf: number;
  readonly score: number;
  /** Verdicts that are not a pass, as `registry name` -> rule -> outcome. */
  readonly findings: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Registry -> passed and applicable weight, so that the score of a stage or team can be had from it. */
  readonly parts?: Readonly<Record<string, readonly [number, number]>>;
}

/** One digest to one channel for one period; `periodEnd` is the slot it was due at, in milliseconds. */
export interface DigestSlot {
  readonly name: string;
  readonly to: string;
  readonly periodEnd: number;
}

/** One digest of one channel, by chat: a schedule of its own, or a pause (and why) of it or of the policy's of this name. */
export interface DigestSetting {
  readonly name: string;
  readonly to: string;
  readonly schedule?: {
    readonly cron: string;
    readonly timezone: string;
    readonly scope: DigestScope;
    readonly skipIfUnchanged: boolean;
  };
  readonly paused?: string;
  /** Person of the policy, or the product. */
  readonly by: string;
}

/** Written as the message of a slot for which none was posted. */
export const unposted = ['begin', 'unchanged', 'undeliverable', 'withdrawn'] as const;

// --- Chat ----------------------------------------------------------------------------------------------------------

export type ChannelName = 'slack' | 'teams' | 'terminal';

/** Who wrote or clicked, as the channel vouches for it. `tenant` is Slack's team id or the Entra tenant. */
export interface Account {
  readonly channel: ChannelName;
  readonly tenant: string;
  readonly user: string;
}

/** Where. `id` is `slack:TEAM/CHANNEL`, `teams:THREAD` or `terminal`. */
export interface Place {
  readonly id: string;
  readonly kind: 'channel' | 'personal';
}

export type Input =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'action'; readonly action: string; readonly id: string; readonly nonce: string }
  | {
      readonly kind: 'form';
      readonly form: string;
      readonly id: string;
      readonly nonce: string;
      readonly fields: Readonly<Record<string, string>>;
    };

/** One thing a person did. `key` names the delivery: the same key is the same deed, however often it comes. */
export interface Incoming {
  readonly key: string;
  readonly account: Account;
  readonly place: Place;
  readonly input: Input;
  /** What the chat calls the account and its workspace: shown, never trusted. */
  readonly called?: string;
}

/**
 * What to show. `private`: only the asker sees it. `updated`: the card that was clicked is now this one (every copy of it
 * follows by itself); after a typed command it is shown privately. `note` is a line for the asker alone. `field` names
 * the field of a form that is wrong.
 */
export type Answer =
  | { readonly kind: 'card'; readonly card: Card; readonly visibility: 'public' | 'private' }
  | { readonly kind: 'updated'; readonly card: Card; readonly note?: string }
  | { readonly kind: 'form'; readonly form: Form }
  | { readonly kind: 'refusal'; readonly code: string; readonly card: Card; readonly field?: string };

export interface PickerQuery {
  readonly account: Account;
  readonly source: 'repositories' | 'tags';
  readonly typed: string;
  /** Values of the other fields of the form. */
  readonly fields: Readonly<Record<string, string>>;
}

/**
 * Shows what is known so far of an answer that is being worked on; never called twice at once. Gives the message it stands
 * in where that can be edited: it is stored, so that not even a crash leaves it half-filled, and the answer itself is
 * shown there last, without `progress`. An error ends the showing, not the answer.
 */
export type Show = (soFar: Answer, progress?: Omit<ScanProgress, 'scan'>) => Promise<MessageRef | undefined>;

/** What a channel is given: the whole product behind six calls. */
export interface Dispatch {
  /** Whether this only reads: then who the person is may be known from a minute ago. */
  isRead(input: Incoming['input']): boolean;
  /** Stores the deed before it is acknowledged. `false`: seen before, acknowledge and do nothing. */
  accept(incoming: Incoming): Promise<boolean>;
  /** Does it. Never throws: what went wrong is an answer. `show` is for answers that take long. */
  answer(incoming: Incoming, show?: Show): Promise<Answer>;
  /** The card of a request as it stands now, for a client that draws it anew; no deed, so nothing is stored. */
  view(account: Account, id: string): Promise<Card | undefined>;
  /** At most 100 choices for a picker, the best first. */
  choices(query: PickerQuery): Promise<readonly Choice[]>;
  /** A refusal by the channel's own ladder of identity, for the audit. */
  refused(account: Account, code: string, facts: Readonly<Record<string, unknown>>): Promise<void>;
}

/** Thrown by a Messenger. `gone`: the place is no more, do not try again. */
export type DeliveryProblem = 'gone' | 'refused' | 'transient';

export class DeliveryError extends Error {
  readonly problem: DeliveryProblem;
  /** Milliseconds to wait, when the channel said so. */
  readonly retryAfter: number | undefined;
  constructor(problem: DeliveryProblem, message: string, retryAfter?: number) {
    super(message);
    this.name = 'DeliveryError';
    this.problem = problem;
    this.retryAfter = retryAfter;
  }
}

/** One channel's way out. Throws DeliveryError. */
export interface Messenger {
  readonly channel: ChannelName;
  /** Posts to a place of `Place.id`; `key` makes a repeat after a crash the same message, where the channel can tell. */
  post(place: string, card: Card, key: string): Promise<MessageRef>;
  update(ref: MessageRef, card: Card): Promise<void>;
  /** A line in the message's thread. */
  reply(ref: MessageRef, card: Card, key: string): Promise<void>;
  /** A direct message to a person's account; nothing where it cannot be changed later. */
  direct(account: Account, card: Card, key: string): Promise<MessageRef | undefined>;
  /** Whether the account is a full member of its organisation, no guest; absent where the way in lets no others pass. */
  isMember?(account: Account): Promise<boolean>;
  /** The address of mail that the chat has confirmed to be this account's; nothing where it has none or does not say. */
  addressOf?(account: Account): Promise<string | undefined>;
}

/** What was read of manifests, as text of the reader's own, by digest. It outlives the process, and may forget. */
export interface ManifestStore {
  /** Those of these digests that are kept; it counts as read. */
  manifests(digests: readonly string[]): Promise<ReadonlyMap<string, string>>;
  keepManifests(bodies: ReadonlyMap<string, string>): Promise<void>;
}

/** What a channel keeps for itself, as text, by place: conversation references of Teams, installations of Slack. */
export interface ReferenceStore {
  get(place: string): Promise<string | undefined>;
  put(place: string, json: string): Promise<void>;
  remove(place: string): Promise<void>;
}
