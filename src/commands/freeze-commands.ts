// freeze, unfreeze: no import into a stage begins, whatever its windows say. What has begun goes on.
import { noticeCard } from '../cards/refusal-card.ts';
import { closestName } from '../policy/closest.ts';
import { hasRight } from '../policy/lookup.ts';
import type { Answer } from '../ports.ts';
import type { Doors } from './doors.ts';
import { freeze as freezeStage, freezeOf, unfreeze as unfreezeStage } from './freezes.ts';
import { parseMoment } from './moments.ts';
import { refuse } from './refuse.ts';
import { actorOf } from './request-commands.ts';
import type { Call, Verb } from './verb.ts';

export const freeze: Verb = {
  name: 'freeze',
  words: 1,
  usage: 'freeze STAGE until TIME because REASON',
  summary: 'No import into the stage begins until then. TIME is 2027-01-04, 2027-01-04T18:00, 4h or 3d.',
  examples: ['freeze prod until 2027-01-04 because "year end"'],
  access: 'mapped',
  writes: true,
  run: async (call, doors) => {
    const stage = stageOf(call, doors);
    if (typeof stage !== 'string') return stage;
    const { timezone } = doors.policy();
    const text = call.arguments.words['until'];
    const why = call.arguments.because?.trim();
    if (!text || !why) return refuse('missing-argument', `Say all of it: /acr ${freeze.usage}`);
    const until = parseMoment(text, doors.clock(), timezone);
    if (until === undefined)
      return refuse(
        'malformed-date',
        `'${text.slice(0, 40)}' is no time ahead. Write 2027-01-04, 2027-01-04T18:00 (${timezone}), 4h or 3d.`,
      );
    await freezeStage(doors, actorOf(call), stage, { until, why: why.slice(0, 500) });
    return said(
      `${stage} is frozen`,
      `No import into ${stage} begins until ${local(until, timezone)} (${timezone}). Lift it with: /acr unfreeze ${stage}`,
    );
  },
};

export const unfreeze: Verb = {
  name: 'unfreeze',
  words: 1,
  usage: 'unfreeze STAGE [because REASON]',
  summary: 'Lifts a freeze. What waited for it goes on within a minute.',
  examples: ['unfreeze prod'],
  access: 'mapped',
  writes: true,
  run: async (call, doors) => {
    const stage = stageOf(call, doors);
    if (typeof stage !== 'string') return stage;
    if (!(await freezeOf(doors, stage)))
      return refuse(
        'not-frozen',
        `${stage} is not frozen. Its windows may be closed: acr-warden policy explain`,
      );
    await unfreezeStage(doors, actorOf(call), stage, (call.arguments.because ?? '').trim().slice(0, 500));
    return said(`${stage} is open again`, `What waited for the freeze of ${stage} goes on within a minute.`);
  },
};

/** The stage that is named, if the person may freeze it. */
function stageOf(call: Call, doors: Doors): string | Answer {
  const policy = doors.policy();
  const stage = call.arguments.positional[0]?.toLowerCase();
  const stages = policy.stages.join(', ');
  if (!stage) return refuse('missing-argument', `Which stage? There are: ${stages}.`);
  if (!hasRight(policy, call.person ?? '', 'freeze'))
    return refuse(
      'not-eligible',
      'Only the groups with the right to freeze do this. See them under rights in the policy.',
    );
  if (policy.stages.includes(stage)) return stage;
  const near = closestName(stage, policy.stages);
  return refuse(
    'unknown-stage',
    `There is no stage '${stage.slice(0, 40)}'. ${near ? `Did you mean ${near}?` : `There are: ${stages}.`}`,
  );
}

const local = (at: number, timeZone: string): string =>
  new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'short', timeZone }).format(at);

const said = (title: string, text: string): Answer => ({
  kind: 'card',
  card: noticeCard(title, text),
  visibility: 'public',
});
