// ACR-21: images are scanned. Peers take the tier of the registry for it, or a plan that is on without its scanner.
import { seen } from '../rule.ts';
import { partRule } from '../shapes.ts';

export const defenderPlan = partRule({
  id: 'ACR-21',
  title: 'Defender for Containers scans the registry',
  impact: 'High',
  source: 'ACR',
  references: [
    'prowler defender_ensure_defender_for_containers_is_on',
    'prowler defender_container_images_scan_enabled',
    'PSRule Azure.ACR.ContainerScan (AZR-000002)',
    'CKV_AZURE_86',
    'steampipe container_registry_azure_defender_enabled',
    'Azure Policy 1c988dd6',
  ],
  guidance:
    'The plan Containers is Standard on the subscription, with its registry vulnerability assessments on.',
  what: 'the Defender plan',
  part: (facts) => facts.defender,
  judge: (plan) => (plan.tier.toLowerCase() === 'standard' && plan.registryScanning ? 'pass' : 'fail'),
  explain: (plan, facts) => ({
    reason:
      plan.tier.toLowerCase() !== 'standard'
        ? `The plan is ${plan.tier}.`
        : plan.registryScanning
          ? 'The plan is on and scans registries.'
          : 'The plan is on, its registry assessments are not.',
    evidence: [
      seen(facts, 'Resource Graph, securityresources', 'pricings/Containers tier', plan.tier),
      seen(
        facts,
        'Resource Graph, securityresources',
        'ContainerRegistriesVulnerabilityAssessments',
        plan.registryScanning,
      ),
    ],
  }),
  remedy: () =>
    'az security pricing create --name Containers --tier Standard --extensions name=ContainerRegistriesVulnerabilityAssessments isEnabled=True',
});
