// CR-7: storage that fills. Four measures: share of the included storage, days until it is full at the pace of the last
// month, share of bytes that no tag names, and a policy that purges them. An absent policy is not a pass.
import type { RegistryFacts } from '../facts.ts';
import type { EvidenceItem } from '../outcome.ts';
import { isPremium, property, seen } from '../rule.ts';
import { limited, unreadText } from '../shapes.ts';
import { all, isEnabled, outcomeOf, type Truth } from '../truth.ts';
import { valueOf } from '../vulnerabilities.ts';

const fullest = 0.8;
const leastDays = 30;
const mostUntagged = 0.1;

function isRoomy(facts: RegistryFacts): Truth {
  const usage = valueOf(facts.usage);
  return usage && usage.used < fullest * usage.included;
}

/** A registry that does not grow never fills. */
function lasts(facts: RegistryFacts): Truth {
  const days = daysLeft(facts);
  return days === undefined ? undefined : days > leastDays;
}

function daysLeft(facts: RegistryFacts): number | undefined {
  const usage = valueOf(facts.usage);
  if (usage?.growthPerDay === undefined) return undefined;
  return usage.growthPerDay <= 0 ? Infinity : (usage.included - usage.used) / usage.growthPerDay;
}

function isTidy(facts: RegistryFacts): Truth {
  const content = valueOf(facts.content);
  if (content?.untaggedBytes === undefined || content.totalBytes === undefined) return undefined;
  return content.totalBytes === 0 || content.untaggedBytes < mostUntagged * content.totalBytes;
}

/** Soft delete excludes retention; other tiers than Premium do not have it. */
function isPurged(facts: RegistryFacts): Truth {
  if (facts.sku === undefined) return undefined;
  if (!isPremium(facts)) return true;
  const retained = isEnabled(facts.retention?.status);
  return retained === false && isEnabled(facts.softDelete?.status) === true ? true : retained;
}

const measures: readonly (readonly [(facts: RegistryFacts) => Truth, string])[] = [
  [isRoomy, `80 % or more of the included storage is used`],
  [lasts, `full within ${leastDays} days at the pace of the last month`],
  [isTidy, `10 % or more of the bytes have no tag`],
  [isPurged, 'no retention policy purges untagged manifests'],
];

const unknowns = (facts: RegistryFacts): readonly string[] => [
  ...(isRoomy(facts) === undefined ? [unreadText('the used storage', facts.usage)] : []),
  ...(isRoomy(facts) !== undefined && lasts(facts) === undefined ? ['Not read: how fast it grows.'] : []),
  ...(isTidy(facts) === undefined ? [unreadText('the bytes without a tag', facts.content)] : []),
  ...(isPurged(facts) === undefined ? ['The row does not carry the tier or the retention policy.'] : []),
];

const percentText = (part: number, whole: number): string =>
  whole === 0 ? '0 %' : `${Math.round((100 * part) / whole)} %`;

function evidenceOf(facts: RegistryFacts): readonly EvidenceItem[] {
  const usage = valueOf(facts.usage);
  const content = valueOf(facts.content);
  return [
    property(facts, 'properties.policies.retentionPolicy.status', facts.retention?.status),
    property(facts, 'properties.policies.softDeletePolicy.status', facts.softDelete?.status),
    ...(usage ? [seen(facts, 'listUsages', 'Size', `${percentText(usage.used, usage.included)} used`)] : []),
    ...(lasts(facts) === undefined
      ? []
      : [seen(facts, 'Azure Monitor metrics', `lasts more than ${leastDays} days`, lasts(facts) === true)]),
    ...(content?.totalBytes !== undefined && content.untaggedBytes !== undefined
      ? [
          seen(
            facts,
            'the registry itself',
            'untagged',
            percentText(content.untaggedBytes, content.totalBytes),
          ),
        ]
      : []),
  ];
}

export const registrySize = limited(
  {
    id: 'CR-7',
    title: 'Registry size and retention',
    impact: 'Medium',
    source: 'APRL',
    references: [
      'APRL CR-7 3ef86f16-f65b-c645-9901-7830d6dc3a1b (disabled upstream)',
      'CKV_AZURE_167',
      'azqr cr-010',
      'PSRule Azure.ACR.Retention',
      'PSRule Azure.ACR.Usage (AZR-000001)',
      'steampipe container_registry_retention_policy_enabled',
    ],
    guidance:
      'Storage stays under 80 % of what the tier includes for at least 30 days more, under 10 % of it is untagged, and untagged manifests are purged by a retention policy.',
    remedy: (facts) =>
      `az acr config retention update --registry ${facts.name} --status enabled --days 7 --type UntaggedManifests`,
  },
  {},
  {
    judge: (facts) => outcomeOf(all(isRoomy(facts), lasts(facts), isTidy(facts), isPurged(facts))),
    explain: (facts, _context, outcome) => {
      const bad = measures.filter(([good]) => good(facts) === false).map(([, text]) => text);
      return {
        reason:
          bad.length > 0
            ? `${bad.join('; ')}.`.replace(/^./, (letter) => letter.toUpperCase())
            : outcome === 'unknown'
              ? unknowns(facts).join(' ')
              : 'There is room, and untagged manifests do not pile up.',
        evidence: evidenceOf(facts),
      };
    },
  },
);
