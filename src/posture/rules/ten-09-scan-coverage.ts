// TEN-09: every digest in production has been looked at lately. An image nobody scanned has no findings either.
import { tagRule } from '../content.ts';
import type { RegistryFacts, TagContent } from '../facts.ts';
import type { JudgeContext } from '../rule.ts';
import { unreadText } from '../shapes.ts';
import { scannedAt } from '../vulnerabilities.ts';

function lastScan(digest: string, facts: RegistryFacts): number | undefined {
  const found = facts.registryFindings;
  return found?.read ? scannedAt(found.value).get(digest) : undefined;
}

function isCovered(tag: TagContent, _repository: string, facts: RegistryFacts, context: JudgeContext) {
  const { expected } = context;
  if (!expected) return undefined;
  const at = lastScan(tag.digest, facts);
  return at !== undefined && expected.now - at <= expected.scanMaxAge;
}

export const scanCoverage = tagRule({
  id: 'TEN-09',
  title: 'Every production digest is scanned',
  impact: 'High',
  source: 'TEN',
  references: ['tenancy seed TEN-09; no scanner checks it'],
  guidance: 'Each digest that a tag of production names has an assessment younger than posture.scanMaxAge.',
  stages: 'last',
  before: (facts) => (facts.registryFindings?.read ? undefined : 'unknown'),
  beforeText: (facts) => unreadText('the scanner’s findings', facts.registryFindings),
  good: isCovered,
  value: (tag, _repository, facts) =>
    lastScan(tag.digest, facts) === undefined ? `${tag.digest} never` : `${tag.digest} too long ago`,
  bad: 'not scanned lately',
  fine: 'Every digest was scanned lately.',
  remedy: (facts) =>
    `az acr import --name ${facts.name} --source SOURCE@DIGEST --image REPOSITORY:TAG --force`,
});
