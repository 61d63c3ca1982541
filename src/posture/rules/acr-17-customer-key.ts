// ACR-17: a key of one's own that turns over: one pinned to a version stays the same until somebody remembers it.
import type { RegistryFacts } from '../facts.ts';
import type { Outcome } from '../outcome.ts';
import { type JudgeContext, property } from '../rule.ts';
import { settingRule } from '../shapes.ts';
import { isEnabled } from '../truth.ts';

type Encryption = NonNullable<NonNullable<RegistryFacts['settings']>['encryption']>;

const oldest = 365 * 24 * 3_600_000;

function judge(encryption: Encryption, facts: RegistryFacts, { expected }: JudgeContext): Outcome {
  const own = isEnabled(encryption.status);
  if (own !== true) return own === false ? 'fail' : 'unknown';
  if (encryption.keyVersioned === false) return 'pass';
  if (encryption.rotatedAt === undefined || encryption.keyVersioned === undefined) return 'unknown';
  return (expected?.now ?? facts.asOf) - encryption.rotatedAt <= oldest ? 'pass' : 'fail';
}

export const customerKey = settingRule({
  id: 'ACR-17',
  title: 'Customer-managed key that rotates',
  impact: 'Low',
  source: 'ACR',
  references: [
    'steampipe container_registry_encrypted_with_cmk',
    'Azure Policy 5b9159ae',
    'cloudsploit acrCMKEncryption',
  ],
  guidance:
    'Production is encrypted with a key of your own, named without a version (it then follows rotation) or rotated within a year. A key can only be chosen when a registry is made.',
  stages: 'last',
  premium: true,
  read: (facts) => facts.settings?.encryption,
  judge,
  explain: (encryption, facts, _context, outcome) => ({
    reason:
      isEnabled(encryption.status) === false
        ? 'Encrypted with a key of Microsoft.'
        : outcome === 'pass'
          ? encryption.keyVersioned === false
            ? 'The key follows its rotation.'
            : 'The key was rotated within a year.'
          : outcome === 'fail'
            ? 'The key is pinned to a version that is older than a year.'
            : 'It is unknown whether and when the key rotates.',
    evidence: [
      property(facts, 'properties.encryption.status', encryption.status),
      property(
        facts,
        'properties.encryption.keyVaultProperties.keyIdentifier (versioned)',
        encryption.keyVersioned,
      ),
    ],
  }),
  remedy: (facts) =>
    `az acr encryption rotate-key --name ${facts.name} --key-encryption-key KEY-WITHOUT-VERSION`,
});
