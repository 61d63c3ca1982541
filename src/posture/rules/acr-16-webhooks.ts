// ACR-16: webhooks tell what was pushed, and often carry a secret in a header.
import type { Webhook } from '../facts.ts';
import { seen } from '../rule.ts';
import { listText, partRule } from '../shapes.ts';
import { every, outcomeOf, type Truth } from '../truth.ts';

const isSafe = (hook: Webhook): Truth =>
  !hook.enabled ? true : hook.scheme === undefined ? undefined : hook.scheme.toLowerCase() === 'https';

export const webhooks = partRule({
  id: 'ACR-16',
  title: 'Webhooks use https',
  impact: 'Medium',
  source: 'ACR',
  references: ['CKV2_30'],
  guidance: 'Every webhook that is on calls an https address.',
  what: 'the webhooks',
  part: (facts) => facts.webhooks,
  judge: (hooks) => outcomeOf(every(hooks, isSafe, undefined)),
  explain: (hooks, facts, _context, outcome) => {
    const odd = hooks.filter((hook) => isSafe(hook) !== true);
    const names = listText(odd.map((hook) => hook.name));
    return {
      reason:
        odd.length === 0
          ? hooks.length === 0
            ? 'There are no webhooks.'
            : 'All use https.'
          : outcome === 'unknown'
            ? `The address of these could not be read: ${names}.`
            : `Not https: ${names}.`,
      evidence: odd.map((hook) => seen(facts, 'webhook configuration', `webhooks/${hook.name}`, hook.scheme)),
    };
  },
  remedy: (facts) => `az acr webhook update --registry ${facts.name} --name WEBHOOK --uri https://ADDRESS`,
});
