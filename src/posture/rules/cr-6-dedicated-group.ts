// CR-6: a resource group of its own. The registry's own parts are no strangers: upstream counts them and fails
// registries for having replicas.
import type { GroupMember, RegistryFacts } from '../facts.ts';
import { property, type Rule } from '../rule.ts';
import { counted } from '../shapes.ts';

/** Types that a registry brings along, lower-cased. */
export const ownTypes: readonly string[] = [
  'microsoft.containerregistry/registries',
  'microsoft.containerregistry/registries/replications',
  'microsoft.containerregistry/registries/webhooks',
  'microsoft.containerregistry/registries/tasks',
  'microsoft.containerregistry/registries/scopemaps',
  'microsoft.containerregistry/registries/tokens',
  'microsoft.containerregistry/registries/cacherules',
  'microsoft.containerregistry/registries/credentialsets',
  'microsoft.containerregistry/registries/connectedregistries',
  'microsoft.containerregistry/registries/agentpools',
  'microsoft.network/privateendpoints',
  'microsoft.network/networkinterfaces',
  'microsoft.network/privatednszones',
  'microsoft.network/privatednszones/virtualnetworklinks',
  'microsoft.keyvault/vaults',
  'microsoft.managedidentity/userassignedidentities',
  'microsoft.insights/metricalerts',
  'microsoft.insights/activitylogalerts',
  'microsoft.insights/scheduledqueryrules',
  'microsoft.insights/actiongroups',
];
const isOwn: ReadonlySet<string> = new Set(ownTypes);

/** Resources of the group that are not the registry's own parts. Another registry is a stranger. */
function strangers(facts: RegistryFacts): readonly GroupMember[] {
  if (!facts.group.read) return [];
  return facts.group.value.filter((member) => {
    if (member.id === facts.id || member.id.startsWith(`${facts.id}/`)) return false;
    return !isOwn.has(member.type) || member.type.startsWith('microsoft.containerregistry/');
  });
}

export const dedicatedGroup: Rule = {
  id: 'CR-6',
  title: 'Dedicated resource group',
  impact: 'Low',
  source: 'APRL',
  references: ['APRL CR-6 8e389532-5db5-7e4c-9d4d-443b3e55ae82 (disabled upstream)'],
  guidance: 'A group of its own keeps a registry from being deleted with something else.',
  judge: (facts) => (!facts.group.read ? 'unknown' : strangers(facts).length === 0 ? 'pass' : 'fail'),
  explain: (facts) => {
    if (!facts.group.read)
      return { reason: `The resource group could not be read: ${facts.group.reason}.`, evidence: [] };
    const found = strangers(facts);
    return {
      reason:
        found.length === 0
          ? 'Nothing else is in the group.'
          : `${counted(found.length, 'other resource')}: ${found
              .slice(0, 3)
              .map((item) => item.name)
              .join(', ')}${found.length > 3 ? ' ...' : ''}.`,
      evidence: found
        .slice(0, 10)
        .map((item) => property(facts, 'resourceGroup', `${item.type} ${item.name}`)),
    };
  },
  remedy: (facts) =>
    `az resource list --resource-group ${facts.resourceGroup} --query "[].{name:name,type:type}"`,
};
