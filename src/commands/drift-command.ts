// drift: what changed in posture and settings since a day, and who changed it.
import { driftCard } from '../cards/drift-card.ts';
import { type KeptScore, scoreIn, weekly } from '../digest/digest.ts';
import { driftBetween } from '../digest/drift.ts';
import type { SettingChange } from '../ports.ts';
import type { Doors } from './doors.ts';
import { readEstate } from './estate.ts';
import { refuse } from './refuse.ts';
import type { Verb } from './verb.ts';

const day = 24 * 3_600_000;
const defaultDays = 7;
const maxDays = 84;

export const drift: Verb = {
  name: 'drift',
  pages: true,
  usage: 'drift [7d] [--page N]',
  summary: 'What changed in posture and settings since some days ago, and who changed it.',
  examples: ['drift', 'drift 14d'],
  words: 1,
  access: 'mapped',
  writes: false,
  run: async (call, doors) => {
    const days = daysOf(call.arguments.positional[0]);
    if (days === undefined)
      return refuse('usage', `Since when? Write days, at most ${maxDays}: /acr drift 14d`);
    const estate = await readEstate(doors);
    const now = doors.clock();
    const since = now - days * day;
    const scores = await doors.ledger.scores(now - 13 * 7 * day);
    const current = scores.findLast((score) => score.asOf === estate.scan.asOf) ?? scores.at(-1);
    const before = earlier(scores, since, estate.scan.asOf);
    const settings = await doors.reader.changes(since).catch(() => undefined);
    const latest: KeptScore = current ?? { asOf: estate.scan.asOf, findings: {} };
    const names = new Set(estate.registries.map((facts) => facts.name));
    const scoreBefore = before && scoreIn(before, names);
    const scoreNow = scoreIn(latest, names);
    return {
      kind: 'card',
      visibility: 'public',
      card: driftCard({
        since,
        ...(before && { comparedWith: before.asOf }),
        ...(scoreBefore !== undefined && { scoreBefore }),
        ...(scoreNow !== undefined && { scoreNow }),
        drifted: before ? driftBetween(before, latest) : [],
        settings: (settings ?? []).flatMap((change) => linesOf(change, doors, estate.registries)),
        ...(settings === undefined && {
          gap: 'The changes of settings could not be read; they are unknown, not none.',
        }),
        trend: weekly(scores, names, now),
        paging: call.paging,
      }),
    };
  },
};

/** `7d`, `7`; nothing is a week. */
function daysOf(text: string | undefined): number | undefined {
  if (text === undefined) return defaultDays;
  const days = Number(/^(\d{1,3})d?$/i.exec(text)?.[1] ?? Number.NaN);
  return days >= 1 && days <= maxDays ? days : undefined;
}

/** The last score at or before `since`, else the oldest one that is not the current one. */
function earlier(scores: readonly KeptScore[], since: number, current: number): KeptScore | undefined {
  return scores.findLast((score) => score.asOf <= since) ?? scores.find((score) => score.asOf < current);
}

/** One line a setting; people of the policy by their key. */
function linesOf(
  change: SettingChange,
  doors: Doors,
  registries: readonly { readonly id: string; readonly name: string }[],
) {
  const registry =
    registries.find((facts) => facts.id === change.registry)?.name ?? change.registry.split('/').at(-1) ?? '';
  const person = Object.entries(doors.policy().people).find(
    ([, each]) => each.entra?.objectId.toLowerCase() === change.by.toLowerCase(),
  );
  const by = person?.[0] ?? `${change.byType} ${change.by}`;
  return change.settings.map((setting) => ({ registry, at: change.at, by, ...setting }));
}
