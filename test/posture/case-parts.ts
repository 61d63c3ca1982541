// What the cases of the rules are put together from.
import type { RegistryFacts } from '../../src/posture/facts.ts';
import type { Outcome } from '../../src/posture/outcome.ts';
import { type Change, content, day, type grant, now, prod, read, tag } from './sample-estate.ts';

export interface Case extends Change {
  readonly rule: string;
  readonly outcome: Outcome;
  readonly when: string;
  readonly from?: RegistryFacts;
}

export type Rows = readonly (readonly [
  outcome: Outcome,
  when: string,
  change?: Change & { from?: RegistryFacts },
])[];

export const settings = (change: RegistryFacts['settings']): Change => ({
  facts: { settings: { ...prod.settings, ...change } },
});
export const holding = (...tags: readonly ReturnType<typeof tag>[]): Change => ({
  facts: { content: content([{ name: 'shop/web', tags }]) },
});
export const unfinished = content([{ name: 'shop/web', tags: [tag('v1', 'web')] }], { total: 9 });
export const granted = (...more: readonly ReturnType<typeof grant>[]): Change => ({
  facts: { grants: read([...(prod.grants?.read ? prod.grants.value : []), ...more]) },
});
export const home = { name: 'westeurope', location: 'westeurope', provisioningState: 'Succeeded' };
export const sinks = (exists?: boolean, categories: readonly string[] = [], groups = ['audit']) =>
  read([
    {
      name: 'd',
      categories,
      groups,
      metrics: false,
      sinks: [{ kind: 'workspace' as const, id: '/w', ...(exists !== undefined && { exists }) }],
    },
  ]);
export const token = { name: 't', enabled: true, scopeMap: 'own', expiries: [now + day] };
export const usage = prod.usage?.read ? prod.usage.value : { used: 0, included: 1 };
