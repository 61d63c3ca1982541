// ACR-23: what the scanner found in images that run, which is worse than what lies in the registry.
import { findingsEvidence, findingsText, judgeFindings } from '../vulnerabilities.ts';
import { partRule } from '../shapes.ts';

export const runningFindings = partRule({
  id: 'ACR-23',
  title: 'Findings of running images are resolved',
  impact: 'High',
  source: 'ACR',
  references: ['prowler defender_container_images_resolved_vulnerabilities', 'Azure Policy 17f4b1cc'],
  guidance:
    'What runs now has no critical (in production also no high) vulnerability for which there is a fix.',
  stages: 'later',
  what: 'the findings of running images',
  part: (facts) => facts.runningFindings,
  judge: judgeFindings,
  explain: (findings, facts, context, outcome) => ({
    reason: findingsText(findings, facts, context, outcome),
    evidence: findingsEvidence(findings, facts, context),
  }),
  remedy: (facts) => `az acr import --name ${facts.name} --source SOURCE@DIGEST --image REPOSITORY:FIXED-TAG`,
});
