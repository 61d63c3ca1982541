// The small world of the explorer: one request from uat to prod, three people with an account in each of two chats, two
// images, a clock of hours, a policy that changes, and two replicas whose work stops and goes on between any two calls.
// Everything in it is plain data: a state, and what can happen next.
import type { Command, Judgement } from '../../src/promotion/machine.ts';
import type { Facts, Request } from '../../src/promotion/request.ts';
import type { Terms } from '../../src/promotion/terms.ts';
import {
  childOf,
  emptyTarget,
  type Image,
  referrersOf,
  repository,
  source,
  tag,
  type Target,
  target,
} from './registries.ts';
import type { Run } from './replay.ts';

export const hour = 3_600_000;
/** Asked at 0; votes end in the moment 3 h, an approval lapses 2 h after it was given. */
const expiresAt = 3 * hour;
const validFor = 2 * hour;

/** Person by account: what the channels vouch for is an account, what votes is a person. */
export const accounts = {
  'slack:U-DANA': 'dana',
  'teams:dana': 'dana',
  'slack:U-RUI': 'rui',
  'teams:rui': 'rui',
  'slack:U-SOFIA': 'sofia',
  'teams:sofia': 'sofia',
} as const;
export type AccountName = keyof typeof accounts;
export type Person = (typeof accounts)[AccountName];

/** Whoever asks could approve, but for the four eyes. */
export const groupsOf: Readonly<Record<Person, readonly string[]>> = {
  dana: ['release', 'security'],
  rui: ['release'],
  sofia: ['security', 'incident'],
};

export type PolicyName = 'asked' | 'tighter' | 'looser';
const quorum = {
  rules: [
    { group: 'release', min: 1 },
    { group: 'security', min: 1 },
  ],
  total: 2,
  validFor,
};
const scanGate = (maxHigh: number) =>
  ({ mode: 'enforce', maxCritical: 0, maxHigh, maxAge: 1000 * hour }) as const;

export const policies: Readonly<Record<PolicyName, Terms>> = {
  asked: { quorum, gates: { scan: scanGate(5) } },
  tighter: { quorum, gates: { scan: scanGate(3) } },
  looser: { quorum: { rules: [{ group: 'release', min: 1 }], total: 1, validFor: 9 * hour }, gates: {} },
};

/** What somebody, or a replica, saw when they looked: the world may be another by the time they act on it. */
export interface Look {
  readonly source: Image | 'gone';
  readonly target?: Image;
  readonly policy: PolicyName;
  readonly high: number;
}

/** One replica. What is `ready` is told to the machine later, or twice, or never. */
export type Replica =
  | { readonly kind: 'idle' }
  | { readonly kind: 'running'; readonly run: Run }
  | { readonly kind: 'ready'; readonly command: Command; readonly look?: Look };

export interface State {
  /** Hours since it was asked for. */
  readonly now: number;
  readonly request: Request;
  readonly source: Image | 'gone';
  readonly target: Target;
  readonly policy: PolicyName;
  /** High findings of the scanner. */
  readonly high: number;
  readonly frozen: boolean;
  readonly refusesLocks: boolean;
  readonly replicas: readonly [Replica, Replica];
  /** Somebody who has looked and not yet clicked. */
  readonly click?: { readonly account: AccountName; readonly look: Look };
  /** What each counted approval was of, as the world saw it: the oracle's own record. */
  readonly cast: Readonly<Partial<Record<Person, Look>>>;
  /** How many times the world may still turn against it. */
  readonly adversity: number;
}

export interface Size {
  readonly adversity: number;
  /** The last hour that is explored; what is left then is run to its end. */
  readonly hours: number;
  readonly replicas: 1 | 2;
  /** Whether the world may change between a person's look and the click, and a replica may tell the same twice. */
  readonly slow: boolean;
}

export const firstState = (request: Request, { adversity }: Size): State => ({
  now: 0,
  request,
  source: 'a',
  target: emptyTarget,
  policy: 'asked',
  high: 2,
  frozen: false,
  refusesLocks: false,
  replicas: [{ kind: 'idle' }, { kind: 'idle' }],
  cast: {},
  adversity,
});

export const asking: Command = {
  kind: 'ask',
  id: 'P-1',
  subject: {
    kind: 'promotion',
    edge: 'to-prod',
    repository,
    tag,
    source: source.key,
    target: target.key,
    fromStage: 'uat',
    toStage: 'prod',
    lock: true,
  },
  requester: 'dana',
  reason: 'release',
  policy: 'asked',
  terms: policies.asked,
  expiresAt,
  nonce: 'n',
};

/** The window of prod is shut from 1 h to 2 h; a freeze shuts it whatever the window. */
export const isClosed = ({ now, frozen }: Pick<State, 'now' | 'frozen'>): boolean => frozen || now === 1;

export const lookAt = (state: State): Look => ({
  source: state.source,
  ...(state.target.tag && { target: state.target.tag }),
  policy: state.policy,
  high: state.high,
});

const factsOf = (image: Image, high: number): Facts => ({
  digest: image,
  mediaType: 'index',
  size: 1,
  layers: 1,
  platforms: [],
  children: childOf[image],
  labels: {},
  referrers: referrersOf[image],
  scan: { critical: 0, high, medium: 0, low: 0, scanner: 'scanner', scannedAt: 0 },
});

/** What a look comes to, as `judgeNow` of the product gives it. */
export function judged(
  request: Request,
  look: Look,
):
  | { readonly kind: 'judge'; readonly judgement: Judgement }
  | Extract<Command, { kind: 'moved' | 'mismatch' | 'refuse' }> {
  const pinned = request.evidence?.digest;
  if (pinned !== undefined && look.source !== pinned)
    return { kind: 'moved', ...(look.source !== 'gone' && { sourceDigest: look.source }) };
  if (look.source === 'gone') return { kind: 'refuse', code: 'tag-not-found', text: 'The tag is gone.' };
  if (look.target !== undefined && look.target !== look.source)
    return pinned === undefined
      ? { kind: 'refuse', code: 'target-exists', text: 'Another digest is there.' }
      : { kind: 'mismatch', digest: look.target };
  return { kind: 'judge', judgement: judgementOf(look.source, look) };
}

export const judgementOf = (image: Image, look: Look): Judgement => ({
  facts: factsOf(image, look.high),
  terms: policies[look.policy],
  policy: look.policy,
  nonce: 'n',
});
