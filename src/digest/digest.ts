// What a digest says: the state now, and what changed since the period began. Pure: rows in, content out.
import { percent } from '../posture/score.ts';
import type { Request } from '../promotion/request.ts';

/** A kept score: `findings` is registry -> rule -> outcome, of what was not fine. */
export interface KeptScore {
  readonly asOf: number;
  readonly findings: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Registry -> passed and applicable weight. */
  readonly parts?: Readonly<Record<string, readonly [number, number]>>;
}

export interface DigestInput {
  readonly name: string;
  readonly organisation: string;
  readonly periodStart: number;
  readonly periodEnd: number;
  /** Registries in the digest's scope. */
  readonly registries: ReadonlySet<string>;
  readonly now: KeptScore;
  /** Kept scores, oldest first. */
  readonly history: readonly KeptScore[];
  /** Of the scope. */
  readonly requests: readonly Request[];
  /** What fails or is unknown of `watchedRules` in the scope. */
  readonly watched: readonly Watched[];
  /** Bytes; growth a day. */
  readonly storage: readonly Storage[];
  readonly waivers: readonly EndingWaiver[];
  readonly auditHead?: { readonly seq: number; readonly hash: string };
  /** What is wrong with the audit chain, in words. */
  readonly auditProblem?: string;
  /** What could not be seen, in words. */
  readonly gaps: readonly string[];
}

export interface Change {
  readonly registry: string;
  readonly rule: string;
  /** It failed before, was mended, and fails again. */
  readonly again?: true;
}

/** Rules that a digest tells in their own words: unlocked tags, images past the chain, images without a fresh scan. */
export const watchedRules: ReadonlySet<string> = new Set(['TEN-03', 'TEN-07', 'TEN-09']);

export interface Watched {
  readonly registry: string;
  readonly rule: string;
  readonly reason: string;
}

interface Storage {
  readonly registry: string;
  readonly used: number;
  readonly included: number;
  readonly growthPerDay?: number;
}

export interface StorageOutlook extends Storage {
  /** Until what is included is used up, as it grows now; absent where it does not grow. */
  readonly daysLeft?: number;
}

interface EndingWaiver {
  readonly rule: string;
  readonly scope: string;
  readonly until: number;
}

export interface DigestContent {
  readonly name: string;
  readonly organisation: string;
  readonly periodStart: number;
  readonly periodEnd: number;
  /** Of the registries in scope; absent where no rule applies to them. */
  readonly score?: number;
  /** Against the last score of the same registries before the period; absent for the first digest ever. */
  readonly change?: number;
  readonly failing: readonly Change[];
  readonly newFailures: readonly Change[];
  readonly fixed: readonly Change[];
  readonly unknown: number;
  /** One score a week, oldest first, at most twelve. */
  readonly trend: readonly { readonly weekEnd: number; readonly score: number }[];
  readonly promoted: readonly Request[];
  /** Median from asking to locked, in milliseconds. */
  readonly leadTime?: number;
  /** The oldest first. */
  readonly waiting: readonly Request[];
  readonly watched: readonly Watched[];
  /** The fullest first. */
  readonly storage: readonly StorageOutlook[];
  /** Of the next two weeks, the first first. */
  readonly ending: readonly EndingWaiver[];
  readonly auditHead?: { readonly seq: number; readonly hash: string };
  readonly auditProblem?: string;
  readonly gaps: readonly string[];
}

const week = 7 * 24 * 3_600_000;

export function composeDigest(input: DigestInput): DigestContent {
  const before =
    input.history.filter((score) => score.asOf <= input.periodStart).at(-1) ??
    input.history.find((score) => score.asOf < input.now.asOf - week / 2);
  const failing = changesOf(input.now, input.registries, 'fail');
  const failedBefore = before && changesOf(before, input.registries, 'fail');
  const promoted = input.requests.filter(
    (request) =>
      request.state === 'promoted' &&
      (request.endedAt ?? 0) > input.periodStart &&
      (request.endedAt ?? 0) <= input.periodEnd,
  );
  const score = scoreIn(input.now, input.registries);
  const scoreBefore = before && scoreIn(before, input.registries);
  const leadTime = median(promoted.map((request) => (request.endedAt ?? 0) - request.createdAt));
  return {
    name: input.name,
    organisation: input.organisation,
    periodStart: input.periodStart,
    periodEnd: input.periodEnd,
    ...(score !== undefined && { score }),
    ...(score !== undefined && scoreBefore !== undefined && { change: score - scoreBefore }),
    failing,
    newFailures: failedBefore
      ? without(failing, failedBefore).map((change) => withPast(change, input.history, before.asOf))
      : [],
    fixed: failedBefore ? without(failedBefore, failing) : [],
    unknown: changesOf(input.now, input.registries, 'unknown').length,
    trend: weekly([...input.history, input.now], input.registries, input.periodEnd),
    promoted,
    ...(leadTime !== undefined && { leadTime }),
    waiting: input.requests
      .filter((request) => request.state === 'pending')
      .toSorted((a, b) => a.createdAt - b.createdAt),
    watched: input.watched,
    storage: input.storage.map(outlookOf).toSorted((a, b) => b.used / b.included - a.used / a.included),
    ending: input.waivers
      .filter(({ until }) => until <= input.periodEnd + 2 * week)
      .toSorted((a, b) => a.until - b.until),
    ...(input.auditHead && { auditHead: input.auditHead }),
    ...(input.auditProblem && { auditProblem: input.auditProblem }),
    gaps: input.gaps,
  };
}

/** Whether nothing is worth telling anew: for `skipIfUnchanged`. */
export const isUnchanged = (content: DigestContent): boolean =>
  content.change === 0 &&
  content.newFailures.length === 0 &&
  content.fixed.length === 0 &&
  content.promoted.length === 0 &&
  content.waiting.length === 0 &&
  content.ending.length === 0 &&
  content.gaps.length === 0 &&
  content.auditProblem === undefined;

/** The score of these registries as it was then. A row of the whole estate says nothing of a part of it. */
export function scoreIn({ parts = {} }: KeptScore, registries: ReadonlySet<string>): number | undefined {
  const own = Object.entries(parts).filter(([registry]) => registries.has(registry));
  const sum = (which: 0 | 1) => own.reduce((total, [, part]) => total + part[which], 0);
  return percent(sum(0), sum(1));
}

function changesOf(score: KeptScore, registries: ReadonlySet<string>, outcome: string): readonly Change[] {
  return Object.entries(score.findings)
    .filter(([registry]) => registries.has(registry))
    .flatMap(([registry, rules]) =>
      Object.entries(rules).flatMap(([rule, found]) => (found === outcome ? [{ registry, rule }] : [])),
    );
}

/** Whether it failed at some time before it was fine. */
function withPast(change: Change, history: readonly KeptScore[], fineAt: number): Change {
  const { registry, rule } = change;
  const failed = history.some((row) => row.asOf < fineAt && row.findings[registry]?.[rule] === 'fail');
  return failed ? { ...change, again: true } : change;
}

function outlookOf(storage: Storage): StorageOutlook {
  const { used, included, growthPerDay = 0 } = storage;
  return growthPerDay > 0
    ? { ...storage, daysLeft: Math.max(0, Math.floor((included - used) / growthPerDay)) }
    : storage;
}

function without(from: readonly Change[], taken: readonly Change[]): readonly Change[] {
  const keys = new Set(taken.map((change) => `${change.registry} ${change.rule}`));
  return from.filter((change) => !keys.has(`${change.registry} ${change.rule}`));
}

/** The last score of each of the twelve weeks that end with the period. */
export function weekly(
  history: readonly KeptScore[],
  registries: ReadonlySet<string>,
  end: number,
): DigestContent['trend'] {
  return Array.from({ length: 12 }, (_, i) => end - (11 - i) * week).flatMap((weekEnd) => {
    const row =
      history.filter((each) => each.asOf <= weekEnd && each.asOf > weekEnd - week).at(-1) ??
      (weekEnd === end ? history.at(-1) : undefined);
    const score = row && scoreIn(row, registries);
    return score === undefined ? [] : [{ weekEnd, score }];
  });
}

function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
