// What the policy asks of a request: how many people of which groups, and which gates. A request keeps the terms it was
// asked under; they can only become stricter, so a policy that is loosened while it waits does not help it.

/** Who must approve. Times in milliseconds. */
export interface Quorum {
  readonly rules: readonly { readonly group: string; readonly min: number }[];
  readonly total: number;
  /** How long an approval holds. */
  readonly validFor: number;
}

export type GateMode = 'enforce' | 'warn' | 'off';

/** The gates of an edge; policy/ has the same shape. */
export interface GateRules {
  readonly scan?: {
    readonly mode: GateMode;
    readonly maxCritical: number;
    readonly maxHigh: number;
    readonly maxAge: number;
  };
  readonly signature?: {
    readonly mode: GateMode;
    readonly accept: readonly string[];
    /** PEM of the certificates that a signature must lead to. */
    readonly certificates?: readonly string[];
    /** Subjects of certificates that may sign; absent: whoever has one under these. */
    readonly signers?: readonly string[];
  };
  readonly sbom?: { readonly mode: GateMode };
  readonly labels?: { readonly mode: GateMode; readonly require: readonly string[] };
  readonly soak?: { readonly mode: GateMode; readonly stage: string; readonly min: number };
  readonly posture?: {
    readonly mode: GateMode;
    readonly registry: string;
    readonly require: readonly string[];
  };
}

export interface Terms {
  readonly quorum?: Quorum;
  readonly gates: GateRules;
}

/** Terms under which both policies would allow it: the stricter of the two in every part. */
export function strictest(before: Terms, now: Terms): Terms {
  const quorum = both(before.quorum, now.quorum, strictestQuorum);
  return { ...(quorum && { quorum }), gates: strictestGates(before.gates, now.gates) };
}

/** Whether `now` asks for anything that `before` did not. Lists keep the order of `before`, so moving a line is nothing new. */
export const isTighter = (before: Terms, now: Terms): boolean =>
  JSON.stringify(strictest(before, now)) !== JSON.stringify(strictest(before, before));

function strictestQuorum(a: Quorum, b: Quorum): Quorum {
  const rules = [...a.rules, ...b.rules];
  const least = (group: string) =>
    Math.max(...rules.filter((rule) => rule.group === group).map((rule) => rule.min));
  const groups = [...new Set(rules.map((rule) => rule.group))];
  return {
    rules: groups.map((group) => ({ group, min: least(group) })),
    total: Math.max(a.total, b.total),
    validFor: Math.min(a.validFor, b.validFor),
  };
}

function strictestGates(a: GateRules, b: GateRules): GateRules {
  const scan = both(a.scan, b.scan, (x, y) => ({
    mode: stricter(x, y),
    maxCritical: Math.min(x.maxCritical, y.maxCritical),
    maxHigh: Math.min(x.maxHigh, y.maxHigh),
    maxAge: Math.min(x.maxAge, y.maxAge),
  }));
  const signature = both(a.signature, b.signature, (x, y) => {
    const signers = x.signers && y.signers ? shared(x.signers, y.signers) : (x.signers ?? y.signers);
    return {
      mode: stricter(x, y),
      accept: shared(x.accept, y.accept),
      certificates: shared(x.certificates ?? [], y.certificates ?? []),
      ...(signers && { signers }),
    };
  });
  const sbom = both(a.sbom, b.sbom, (x, y) => ({ mode: stricter(x, y) }));
  const labels = both(a.labels, b.labels, (x, y) => ({
    mode: stricter(x, y),
    require: union(x.require, y.require),
  }));
  // A soak in another stage, or the posture of another registry, is another question: the policy of now asks it.
  const soak = both(a.soak, b.soak, (x, y) => ({
    mode: stricter(x, y),
    stage: y.stage,
    min: Math.max(x.min, y.min),
  }));
  const posture = both(a.posture, b.posture, (x, y) => ({
    mode: stricter(x, y),
    registry: y.registry,
    require: union(x.require, y.require),
  }));
  return {
    ...(scan && { scan }),
    ...(signature && { signature }),
    ...(sbom && { sbom }),
    ...(labels && { labels }),
    ...(soak && { soak }),
    ...(posture && { posture }),
  };
}

/** What only one of the two asks for is asked for. */
function both<T extends object>(
  a: T | undefined,
  b: T | undefined,
  combine: (a: T, b: T) => T,
): T | undefined {
  if (a && b) return combine(a, b);
  const only = a ?? b;
  return only && combine(only, only);
}

type HasMode = { readonly mode: GateMode };

const stricter = (a: HasMode, b: HasMode): GateMode =>
  b.mode === 'enforce' || a.mode === 'off' ? b.mode : a.mode;

const union = (a: readonly string[], b: readonly string[]): readonly string[] => [...new Set([...a, ...b])];
const shared = (a: readonly string[], b: readonly string[]): readonly string[] =>
  a.filter((each) => b.includes(each));
