// What became better or worse between two kept scores.
import type { KeptScore } from './digest.ts';

export interface Drifted {
  readonly registry: string;
  readonly rule: string;
  /** `fine`, `fail` or `unknown`, before and now. */
  readonly before: string;
  readonly now: string;
}

/** Every rule of every registry whose outcome is another than before; registries that are gone or new are left out. */
export function driftBetween(before: KeptScore, now: KeptScore): readonly Drifted[] {
  return Object.entries(now.findings).flatMap(([registry, rules]) => {
    const earlier = before.findings[registry];
    if (!earlier) return [];
    const names = [...new Set([...Object.keys(earlier), ...Object.keys(rules)])].sort();
    return names.flatMap((rule) => {
      const change = { registry, rule, before: earlier[rule] ?? 'fine', now: rules[rule] ?? 'fine' };
      return change.before === change.now ? [] : [change];
    });
  });
}
