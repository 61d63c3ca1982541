// CR-11: an enabled alert with somebody behind it covers the registry, its group or its subscription.
import type { Alert, RegistryFacts } from '../facts.ts';
import { property, type Rule } from '../rule.ts';

export const alertMetrics = [
  'storageused',
  'totalpullcount',
  'successfulpullcount',
  'totalpushcount',
  'successfulpushcount',
  'runduration',
];
export const alertOperations = [
  'microsoft.containerregistry/registries',
  'microsoft.authorization/roleassignments',
];

const isRelevant = (alert: Alert): boolean =>
  alert.watches.some(
    (watched) =>
      alertMetrics.includes(watched) || alertOperations.some((operation) => watched.startsWith(operation)),
  );

const hasGood = (scope: Scope): boolean => scope.hasGood;
const isGood = (alert: Alert): boolean => alert.enabled && alert.hasActionGroup && isRelevant(alert);

interface Scope {
  readonly alerts: Alert[];
  hasGood: boolean;
}

// All registries of a scan share one list of alerts: it is put in order by scope once, not once a registry.
const byScope = new WeakMap<readonly Alert[], ReadonlyMap<string, Scope>>();

function indexOf(list: readonly Alert[]): ReadonlyMap<string, Scope> {
  const known = byScope.get(list);
  if (known) return known;
  const index = new Map<string, Scope>();
  for (const alert of list) {
    for (const scope of alert.scopes) {
      const found = index.get(scope) ?? { alerts: [], hasGood: false };
      index.set(scope, found);
      found.alerts.push(alert);
      found.hasGood ||= isGood(alert);
    }
  }
  byScope.set(list, index);
  return index;
}

/** The registry, its resource group and its subscription, as far as alerts are on them. */
function covering(facts: RegistryFacts, list: readonly Alert[]): readonly Scope[] {
  const index = indexOf(list);
  const subscription = `/subscriptions/${facts.subscription}`.toLowerCase();
  const group = `${subscription}/resourcegroups/${facts.resourceGroup.toLowerCase()}`;
  return [facts.id, group, subscription].flatMap((scope) => index.get(scope) ?? []);
}

export const alerts: Rule = {
  id: 'CR-11',
  title: 'Azure Monitor alerts',
  impact: 'Medium',
  source: 'APRL',
  references: ['APRL CR-11 d594cde6-4116-d143-a64a-25f63289a2f8'],
  guidance:
    'Storage, failed pulls and pushes, deletes, credential listings and role assignments raise an alert that reaches people.',
  judge: (facts) =>
    !facts.alerts.read ? 'unknown' : covering(facts, facts.alerts.value).some(hasGood) ? 'pass' : 'fail',
  explain: (facts) => {
    if (!facts.alerts.read)
      return { reason: `The alerts could not be read: ${facts.alerts.reason}.`, evidence: [] };
    const near = [...new Set(covering(facts, facts.alerts.value).flatMap((scope) => scope.alerts))];
    const found = near.filter(isGood);
    const missing =
      near.length === 0
        ? 'No alert covers it.'
        : 'Alerts cover it, but none is enabled, relevant and has an action group.';
    return {
      reason: found.length > 0 ? `Watched by ${found.map((alert) => alert.name).join(', ')}.` : missing,
      evidence: near
        .slice(0, 5)
        .map((alert) =>
          property(
            facts,
            `alerts/${alert.name}`,
            `${alert.enabled ? 'enabled' : 'disabled'}, ${alert.hasActionGroup ? 'with' : 'without'} action group`,
          ),
        ),
    };
  },
  remedy: (facts) =>
    `az monitor metrics alert create --name ${facts.name}-storage --resource-group ${facts.resourceGroup} --scopes ${facts.id} --condition "total StorageUsed > 400000000000" --action ACTION-GROUP`,
};
