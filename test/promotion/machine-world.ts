// A small promotion for the tests of the approval machine: who asks, what is known of the image, and the short ways to
// bring a request to a state.
import { decide } from '../../src/promotion/decide.ts';
import { evolveAll } from '../../src/promotion/evolve.ts';
import type { Command, Judgement } from '../../src/promotion/machine.ts';
import type { Facts, Request } from '../../src/promotion/request.ts';
import type { Terms } from '../../src/promotion/terms.ts';

export const digest = `sha256:${'a'.repeat(64)}`;
export const other = `sha256:${'b'.repeat(64)}`;
export const hour = 3_600_000;
/** Enough for a test: equal texts, equal hashes. */
export const hash = (text: string): string => `#${text}`;

const terms: Terms = {
  quorum: {
    rules: [
      { group: 'release', min: 1 },
      { group: 'security', min: 1 },
    ],
    total: 2,
    validFor: 24 * hour,
  },
  gates: {
    scan: { mode: 'enforce', maxCritical: 0, maxHigh: 5, maxAge: 30 * 24 * hour },
    soak: { mode: 'enforce', stage: 'uat', min: 0 },
  },
};

export const promotion = {
  kind: 'promotion',
  edge: 'to-prod',
  repository: 'shop/web',
  tag: 'v1',
  source: 'uat',
  target: 'prod',
  fromStage: 'uat',
  toStage: 'prod',
  lock: true,
} as const;

export const ask: Extract<Command, { kind: 'ask' }> = {
  kind: 'ask',
  id: 'P-1',
  subject: promotion,
  requester: 'dana',
  reason: 'release',
  policy: 'p1',
  terms,
  expiresAt: 72 * hour,
  nonce: 'n0',
};

export const facts: Facts = {
  digest,
  mediaType: 'index',
  size: 1,
  layers: 1,
  platforms: [],
  children: [],
  labels: {},
  referrers: [],
  scan: { critical: 0, high: 2, medium: 0, low: 0, scanner: 'Defender', scannedAt: 0 },
  inSourceSince: 0,
};

/** A scan with so many critical and high findings. */
export const scanned = (critical: number, high: number): Facts => ({
  ...facts,
  scan: { critical, high, medium: 0, low: 0, scanner: 'Defender', scannedAt: 0 },
});

export const judgement = (change: Partial<Judgement> = {}): Judgement => ({
  facts,
  terms,
  policy: 'p1',
  nonce: 'n1',
  ...change,
});

export const judge = (change: Partial<Judgement> = {}): Command => ({
  kind: 'judge',
  judgement: judgement(change),
});
export const begin = (change: Partial<Extract<Command, { kind: 'begin' }>> = {}): Command => ({
  kind: 'begin',
  judgement: judgement(),
  ...change,
});

export const vote = (
  person: string,
  groups: readonly string[],
  extra: Partial<Extract<Command, { kind: 'vote' }>> = {},
): Command => ({
  kind: 'vote',
  person,
  groups,
  decision: 'approve',
  channel: 'slack',
  terms,
  judgement: judgement(),
  ...extra,
});

export const asking: readonly Command[] = [ask, judge()];
export const approving: readonly Command[] = [
  ...asking,
  vote('rui', ['release']),
  vote('sofia', ['security']),
];

/** The request after these commands, each at `now`. */
export function after(commands: readonly Command[], now = 1, from?: Request): Request {
  const last = commands.reduce<Request | undefined>(
    (request, command) => evolveAll(request, decide(request, command, now, hash).events, now),
    from,
  );
  if (!last) throw new Error('nothing was asked');
  return last;
}

export const refusal = (request: Request, command: Command, now = 1): string | undefined =>
  decide(request, command, now, hash).refusal?.code;
