// TEN-11: traffic that the tier turns away. A cluster that restarts is the worst moment to learn the limit. Azure has no
// metric of throttled requests: this product's own reads, which share the limit with all others, are the measure.
import type { RegistryFacts, Usage } from '../facts.ts';
import { isPremium, seen } from '../rule.ts';
import { partRule } from '../shapes.ts';

/** Reads a minute of a registry. Source: Azure's measured throttles, 10,000 on Basic and Standard, 20,000 on Premium. */
const readsAMinute = (isTop: boolean): number => (isTop ? 20_000 : 10_000);
const minutesADay = 24 * 60;
/** An average at a tenth of the limit has peaks at the limit. */
const share = 0.1;

const isBusy = ({ pulls }: Usage, isTop: boolean): boolean =>
  pulls !== undefined && pulls / minutesADay > share * readsAMinute(isTop);

/** Absent where there was no walk. */
const throttledReads = ({ content }: RegistryFacts): number | undefined =>
  content?.read ? content.value.throttled : undefined;

export const throughput = partRule({
  id: 'TEN-11',
  title: 'The tier carries the traffic',
  impact: 'Medium',
  source: 'TEN',
  references: ['tenancy seed TEN-11; no scanner checks it'],
  guidance:
    'None of this product’s own reads of the registry was throttled in the last walk (Azure has no metric of it), and the average of pulls stays under a tenth of the tier’s limit.',
  what: 'the usages',
  part: (facts) => facts.usage,
  judge: (usage, facts) => {
    const throttled = throttledReads(facts);
    if ((throttled ?? 0) > 0 || isBusy(usage, isPremium(facts))) return 'fail';
    return throttled === undefined || usage.pulls === undefined ? 'unknown' : 'pass';
  },
  explain: (usage, facts, _context, outcome) => {
    const throttled = throttledReads(facts);
    return {
      reason:
        (throttled ?? 0) > 0
          ? 'The registry throttled reads of the last walk; it throttles others too.'
          : outcome === 'fail'
            ? 'The average of pulls is over a tenth of the tier’s limit; peaks will be throttled.'
            : outcome === 'unknown'
              ? `Not read: ${[...(throttled === undefined ? ['repositories, so nothing that could be throttled'] : []), ...(usage.pulls === undefined ? ['pulls'] : [])].join(', ')}.`
              : 'No read of the last walk was throttled, and pulls are few for the tier.',
      evidence: [
        seen(facts, 'own reads of the registry', 'throttled', throttledText(throttled)),
        seen(facts, 'Azure’s limits', 'reads a minute of the tier', readsAMinute(isPremium(facts))),
      ],
    };
  },
  remedy: (facts) => `az acr update --name ${facts.name} --sku Premium`,
});

/** Not the number: it changes by the minute, and with it every waiver. */
const throttledText = (throttled: number | undefined): string | undefined =>
  throttled === undefined ? undefined : throttled > 0 ? 'some' : 'none';
