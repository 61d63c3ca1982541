// ACR-22: what the scanner found in the registry, by what the stage may have.
import { findingsEvidence, findingsText, judgeFindings } from '../vulnerabilities.ts';
import { partRule } from '../shapes.ts';

export const registryFindings = partRule({
  id: 'ACR-22',
  title: 'Findings of the registry’s images are resolved',
  impact: 'High',
  source: 'ACR',
  references: ['PSRule Azure.ACR.ImageHealth (AZR-000003)', 'Azure Policy 090c7b07'],
  guidance: 'No image has a critical (in production also no high) vulnerability for which there is a fix.',
  stages: 'later',
  what: 'the scanner’s findings',
  part: (facts) => facts.registryFindings,
  judge: judgeFindings,
  explain: (findings, facts, context, outcome) => ({
    reason: findingsText(findings, facts, context, outcome),
    evidence: findingsEvidence(findings, facts, context),
  }),
  remedy: (facts) => `az acr import --name ${facts.name} --source SOURCE@DIGEST --image REPOSITORY:FIXED-TAG`,
});
