// rollback: an older digest that is in the stage already becomes the last promoted again. Asked for and approved like any
// promotion; nothing is imported, its locks are verified.
import { askFor } from './promote-command.ts';
import { planRollback } from './promotion-plan.ts';
import { refuse } from './refuse.ts';
import type { Verb } from './verb.ts';

export const rollback: Verb = {
  name: 'rollback',
  words: 1,
  usage: 'rollback IMAGE in STAGE because REASON',
  summary: 'Asks that an older tag, which the stage holds already, becomes the last promoted again.',
  examples: ['rollback shop/web:v1.4.1 in prod because "v1.4.2 leaks memory"'],
  access: 'mapped',
  writes: true,
  flags: { target: { type: 'string' } },
  run: async (call, doors) => {
    const { positional, words, because, flags } = call.arguments;
    const [image] = positional;
    const stage = words['in']?.toLowerCase();
    const reason = because?.trim();
    if (!image || !stage || !reason)
      return refuse('missing-argument', `Say all of it: /acr ${rollback.usage}`);
    const wanted = typeof flags['target'] === 'string' ? flags['target'] : undefined;
    const planned = await planRollback(doors, call.person, { image, stage, from: words['from'], wanted });
    return 'kind' in planned ? planned : askFor(call, doors, planned, reason);
  },
};
