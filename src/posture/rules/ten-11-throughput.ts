// TEN-11: pulls that the tier turned away. A cluster that restarts is the worst moment to learn the limit.
import type { Usage } from '../facts.ts';
import { isPremium, seen } from '../rule.ts';
import { partRule } from '../shapes.ts';

/** Reads a minute of a registry. Source: Azure's measured throttles, 10,000 on Basic and Standard, 20,000 on Premium. */
const readsAMinute = (isTop: boolean): number => (isTop ? 20_000 : 10_000);
const minutesADay = 24 * 60;
/** An average at a tenth of the limit has peaks at the limit. */
const share = 0.1;

const isBusy = ({ pulls }: Usage, isTop: boolean): boolean =>
  pulls !== undefined && pulls / minutesADay > share * readsAMinute(isTop);

export const throughput = partRule({
  id: 'TEN-11',
  title: 'The tier carries the traffic',
  impact: 'Medium',
  source: 'TEN',
  references: ['tenancy seed TEN-11; no scanner checks it'],
  guidance:
    'No request of the last day was throttled, and the average of pulls stays under a tenth of the tier’s limit.',
  what: 'the usages',
  part: (facts) => facts.usage,
  judge: (usage, facts) => {
    if ((usage.throttled ?? 0) > 0 || isBusy(usage, isPremium(facts))) return 'fail';
    return usage.throttled === undefined || usage.pulls === undefined ? 'unknown' : 'pass';
  },
  explain: (usage, facts, _context, outcome) => ({
    reason:
      (usage.throttled ?? 0) > 0
        ? 'Requests of the last day were throttled.'
        : outcome === 'fail'
          ? 'The average of pulls is over a tenth of the tier’s limit; peaks will be throttled.'
          : outcome === 'unknown'
            ? `Not read: ${[...(usage.throttled === undefined ? ['throttled requests'] : []), ...(usage.pulls === undefined ? ['pulls'] : [])].join(', ')}.`
            : 'Nothing was throttled.',
    evidence: [
      seen(facts, 'Azure Monitor metrics', 'throttled', throttledText(usage)),
      seen(facts, 'Azure Monitor metrics', 'reads a minute of the tier', readsAMinute(isPremium(facts))),
    ],
  }),
  remedy: (facts) => `az acr update --name ${facts.name} --sku Premium`,
});

/** Not the number: it changes by the minute, and with it every waiver. */
const throttledText = ({ throttled }: Usage): string | undefined =>
  throttled === undefined ? undefined : throttled > 0 ? 'some' : 'none';
