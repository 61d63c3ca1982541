// What a rule can say of a registry, and how it shows its reasons.

export const outcomes = ['pass', 'fail', 'unknown', 'notApplicable', 'conflict', 'waived'] as const;

/**
 * `unknown`: it could not be read, and that is never a pass. `conflict`: the stage needs another rule that excludes
 * this one. `waived`: somebody took the risk until a date.
 */
export type Outcome = (typeof outcomes)[number];

export type Impact = 'High' | 'Medium' | 'Low';

/** Weight of a rule in the score. */
export const weightOf: Readonly<Record<Impact, number>> = { High: 5, Medium: 3, Low: 1 };

/** One value that a verdict rests on. `asOf` in milliseconds. */
export interface EvidenceItem {
  readonly path: string;
  readonly value: string;
  readonly source: string;
  readonly asOf: number;
}

/** Who took the risk, until when (milliseconds), and why. */
export interface WaivedBy {
  readonly until: number;
  readonly by: string;
  readonly why: string;
}

export interface Finding {
  readonly registry: string;
  readonly rule: string;
  readonly outcome: Outcome;
  readonly reason?: string;
  readonly impact: Impact;
  readonly evidence: readonly EvidenceItem[];
  /** With the outcome `waived`. */
  readonly waived?: WaivedBy;
}
