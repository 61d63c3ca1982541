// CR-11: an enabled alert with somebody behind it covers the registry, its group or its subscription.
import type { Alert, RegistryFacts } from '../facts.ts';
import { property, type Rule } from '../rule.ts';

const metrics = [
  'storageused',
  'totalpullcount',
  'successfulpullcount',
  'totalpushcount',
  'successfulpushcount',
  'runduration',
];
const operations = ['microsoft.containerregistry/registries', 'microsoft.authorization/roleassignments'];

function covers(facts: RegistryFacts, alert: Alert): boolean {
  const group = `/subscriptions/${facts.subscription}/resourcegroups/${facts.resourceGroup}`.toLowerCase();
  const scopes = [facts.id, group, `/subscriptions/${facts.subscription}`.toLowerCase()];
  return alert.scopes.some((scope) => scopes.includes(scope));
}

const isRelevant = (alert: Alert): boolean =>
  alert.watches.some(
    (watched) => metrics.includes(watched) || operations.some((operation) => watched.startsWith(operation)),
  );

const good = (facts: RegistryFacts): readonly Alert[] =>
  facts.alerts.read
    ? facts.alerts.value.filter(
        (alert) => alert.enabled && alert.hasActionGroup && covers(facts, alert) && isRelevant(alert),
      )
    : [];

export const alerts: Rule = {
  id: 'CR-11',
  title: 'Azure Monitor alerts',
  impact: 'Medium',
  source: 'APRL',
  references: ['APRL d594cde6-4116-d143-a64a-25f63289a2f8'],
  guidance:
    'Storage, failed pulls and pushes, deletes, credential listings and role assignments raise an alert that reaches people.',
  judge: (facts) => (!facts.alerts.read ? 'unknown' : good(facts).length > 0 ? 'pass' : 'fail'),
  explain: (facts) => {
    if (!facts.alerts.read)
      return { reason: `The alerts could not be read: ${facts.alerts.reason}.`, evidence: [] };
    const near = facts.alerts.value.filter((alert) => covers(facts, alert));
    const found = good(facts);
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
