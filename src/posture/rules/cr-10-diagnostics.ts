// CR-10: the events that answer "who pushed this" go to a sink that exists. A setting that was refused to us is unknown;
// peers read the refusal as "none".
import { arrive, missingCategories, type Sink, sinksOf } from '../diagnostics.ts';
import { seen } from '../rule.ts';
import { partRule } from '../shapes.ts';
import { outcomeOf } from '../truth.ts';

export const diagnostics = partRule({
  id: 'CR-10',
  title: 'Diagnostic settings',
  impact: 'Medium',
  source: 'APRL',
  references: [
    'APRL CR-10 44107155-7a32-9348-89f3-d5aa7e7c5a1d',
    'azqr cr-001',
    'PSRule Azure.ACR.Logs',
    'Azure Policy 56288eb2',
    'cloudsploit acrLogAnalyticsEnabled',
  ],
  guidance:
    'Login and repository events go to a sink that exists, so that a push can be traced to whoever made it.',
  what: 'the diagnostic settings',
  part: (facts) => facts.diagnostics,
  judge: (settings) => outcomeOf(arrive(settings)),
  explain: (settings, facts, _context, outcome) => {
    const sinks = sinksOf(settings);
    const reasons: Readonly<Record<string, string>> = {
      pass: 'Login and repository events reach a sink that exists.',
      unknown: 'The events are sent, but it could not be read whether the sink exists.',
      fail:
        settings.length === 0
          ? 'There is no diagnostic setting.'
          : sinks.some((sink) => sink.exists === false && missingCategories(sink).length === 0)
            ? 'The events are sent to a sink that does not exist.'
            : 'No sink gets both login and repository events.',
    };
    return {
      reason: reasons[outcome] ?? '',
      evidence: sinks.map((sink) =>
        seen(facts, 'diagnostic settings', `${sink.kind} ${sink.id}`, sinkText(sink)),
      ),
    };
  },
  remedy: (facts) =>
    `az monitor diagnostic-settings create --name audit --resource ${facts.id} --workspace WORKSPACE --logs '[{"categoryGroup":"audit","enabled":true}]'`,
});

function sinkText(sink: Sink): string {
  const missing = missingCategories(sink);
  const there = sink.exists === undefined ? 'not looked up' : sink.exists ? 'exists' : 'does not exist';
  return `${there}, ${missing.length === 0 ? 'audit events' : `without ${missing.join(', ')}`}`;
}
