// The rules in KQL, to be pasted into Azure's own Resource Graph explorer: each query gives the registries that fail its
// rule. They are a second route to the verdicts, and a test holds both against each other. Stages are worked out in the
// query itself, so its length grows with the policy and not with the estate.
import { defenderQueries } from './kql/defender.ts';
import type { Kql, KqlScope, Queries } from './kql/language.ts';
import { settingQueries } from './kql/settings.ts';
import { surroundingQueries } from './kql/surroundings.ts';
import { withoutQuery } from './kql/without.ts';

export type { Kql, KqlScope } from './kql/language.ts';

const queries: Queries = { ...settingQueries, ...surroundingQueries, ...defenderQueries };

/** The query of a built-in rule, or why it has none; `undefined` for any other rule. */
export const kqlOf = (rule: string, scope: KqlScope): Kql | undefined => {
  const none = withoutQuery[rule];
  return none === undefined ? queries[rule]?.(scope) : { none };
};

export const rulesWithKql: readonly string[] = Object.keys(queries);

interface BlindSpot {
  /** `misses`: it may leave a failing registry out. `adds`: it may return one that does not fail. */
  readonly side: 'misses' | 'adds';
  /** A sentence. */
  readonly why: string;
}

/** Queries that see less than their rule, because the rest is not in Resource Graph. All others say what the rule says. */
export const blindSpots: Readonly<Record<string, BlindSpot>> = {
  'CR-7': { side: 'misses', why: 'It sees retention, not storage, growth or bytes without a tag.' },
  'CR-9': { side: 'misses', why: 'It sees the admin user, not tokens or what clusters pull with.' },
  'CR-12': {
    side: 'adds',
    why: 'It does not see cache rules, with which soft delete is a conflict, not a failure.',
  },
  'ACR-30': {
    side: 'misses',
    why: 'It sees private endpoints and replicas, not connected registries or role assignments of deleted principals.',
  },
};
