// ACR-03: no sink is half-blind. A workspace that gets logins and not pushes answers "who pushed this" with nothing.
import { missingCategories, type Sink, sinksOf } from '../diagnostics.ts';
import { seen } from '../rule.ts';
import { listText, partRule } from '../shapes.ts';

const isHalf = (sink: Sink): boolean => {
  const missing = missingCategories(sink).length;
  return missing === 1;
};

export const diagnosticCategories = partRule({
  id: 'ACR-03',
  title: 'Diagnostic categories by sink',
  impact: 'Low',
  source: 'ACR',
  references: [
    'PSRule Azure.ACR.Logs',
    'Azure Policy 56288eb2',
    'Azure Policy DINE x3 (workspace, event hub, storage)',
  ],
  guidance:
    'A sink that gets login events gets repository events as well, so that both can be read together.',
  what: 'the diagnostic settings',
  part: (facts) => facts.diagnostics,
  judge: (settings) =>
    settings.length === 0 ? 'notApplicable' : sinksOf(settings).some(isHalf) ? 'fail' : 'pass',
  explain: (settings, facts) => {
    const sinks = sinksOf(settings);
    const half = sinks.filter(isHalf);
    return {
      reason:
        settings.length === 0
          ? 'There is no diagnostic setting; CR-10 speaks of it.'
          : half.length > 0
            ? `Half of the audit events only: ${listText(half.map((sink) => `${sink.kind} without ${missingCategories(sink).join(', ')}`))}.`
            : 'No sink gets a half of the audit events.',
      evidence: sinks.map((sink) =>
        seen(
          facts,
          'diagnostic settings',
          `${sink.kind} ${sink.id}`,
          [...sink.categories].sort().join(', ') || 'none',
        ),
      ),
    };
  },
  remedy: (facts) =>
    `az monitor diagnostic-settings create --name audit --resource ${facts.id} --workspace WORKSPACE --logs '[{"categoryGroup":"audit","enabled":true}]'`,
});
