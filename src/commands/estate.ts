// The estate as the policy sees it: facts with their stages, verdicts, and what several commands ask of them.
import { fillingCard } from '../cards/filling-card.ts';
import { matchesGlob } from '../policy/glob.ts';
import type { Policy } from '../policy/policy.ts';
import { rulesOf } from '../policy/rules.ts';
import type { RegistryFacts, Scan } from '../posture/facts.ts';
import { findingsOf, judge, type Verdicts } from '../posture/judge.ts';
import type { Finding } from '../posture/outcome.ts';
import type { JudgeContext } from '../posture/rule.ts';
import { type Score, scoreOf } from '../posture/score.ts';
import { withStage } from '../posture/stage.ts';
import { applyWaivers, type Waiver } from '../posture/waivers.ts';
import type { Request } from '../promotion/request.ts';
import type { Answer, ScanOptions, ScanProgress } from '../ports.ts';
import type { Doors } from './doors.ts';
import { expectationsOf } from './expectations.ts';
import type { Call } from './verb.ts';
import { waiversInForce, waiversOf } from './waivers.ts';

export interface Estate {
  readonly scan: Scan;
  readonly registries: readonly RegistryFacts[];
  readonly verdicts: Verdicts;
  readonly context: JudgeContext;
  /** What could not be seen: of the scan, and registries of the policy that are not in it. */
  readonly gaps: readonly string[];
  score(indexes: readonly number[]): Score;
  findings(registry: number): readonly Finding[];
}

/**
 * What a use case says of the estate; while its registries are still being read, also of what is known by then. `view` may
 * be called several times.
 */
export async function answerFrom(
  call: Call,
  doors: Doors,
  options: { readonly fresh?: boolean },
  view: (estate: Estate) => Answer | Promise<Answer>,
): Promise<Answer> {
  const { offer } = call;
  const soFar = async (progress: ScanProgress): Promise<Answer> =>
    filling(await view(judgeScan(progress.scan(), doors.policy(), await readKnowledge(doors))), progress);
  const estate = await readEstate(doors, {
    ...options,
    ...(offer && { onProgress: (progress) => offer(progress, () => soFar(progress)) }),
  });
  return view(estate);
}

const filling = (answer: Answer, progress: ScanProgress): Answer =>
  answer.kind === 'card' || answer.kind === 'updated'
    ? { ...answer, card: fillingCard(answer.card, progress) }
    : answer;

/** Reads and judges the estate; each new scan leaves its score behind for the trend. */
export async function readEstate(
  doors: Doors,
  options: Pick<ScanOptions, 'fresh' | 'onProgress'> = {},
): Promise<Estate> {
  const policy = doors.policy();
  const scan = await doors.reader.scan({
    ...options,
    registries: Object.entries(policy.registries).map(([key, { id }]) => ({ key, id })),
    inUseTags: policy.posture.inUseTags,
  });
  const estate = judgeScan(scan, policy, await readKnowledge(doors));
  await doors.ledger.saveScore({
    asOf: estate.scan.asOf,
    score: estate.score(estate.registries.map((_, i) => i)).score ?? 0,
    findings: openFindings(estate),
    parts: scoreParts(estate),
  });
  return estate;
}

/** What judging needs beside scan and policy. */
export interface Knowledge {
  readonly now?: number;
  /** Requests that ended in a promotion. */
  readonly promoted?: readonly Request[];
  /** Waivers that were granted, and the hash that their values were bound with. */
  readonly waivers?: readonly Waiver[];
  readonly hash?: (text: string) => string;
}

/** All that was promoted: one that is left out would look like a push past the chain. And all that is waived. */
export const readKnowledge = async (doors: Pick<Doors, 'ledger' | 'clock' | 'ids'>): Promise<Knowledge> => ({
  now: doors.clock(),
  promoted: await doors.ledger.requests({ states: ['promoted'], limit: Number.MAX_SAFE_INTEGER }),
  waivers: (await waiversInForce(doors)).flatMap(waiversOf),
  hash: (text) => doors.ids.hash(text),
});

/** Without knowledge of the ledger, whether a digest was promoted is unknown. */
export function judgeScan(scan: Scan, policy: Policy, known: Knowledge = {}): Estate {
  const rules = {
    stages: policy.stages,
    registries: policy.registries,
    patterns: policy.posture.stagePatterns,
    matches: matchesGlob,
  };
  const registries = scan.registries.map((facts) => withStage(facts, rules));
  const { now = scan.asOf, promoted } = known;
  const expected = expectationsOf({ policy, scan, registries, now, ...(promoted && { promoted }) });
  const context = { stages: policy.stages, expected };
  const judged = judge(registries, context, rulesOf(policy));
  const { waivers = [], hash } = known;
  const verdicts = hash ? applyWaivers(judged, context, waivers, now, hash).verdicts : judged;
  return {
    scan,
    registries,
    verdicts,
    context,
    gaps: [...scan.gaps, ...unseen(policy, registries)],
    score: (indexes) => scoreOf(verdicts, indexes),
    findings: (registry) => findingsOf(verdicts, registry, context),
  };
}

/** Resource Graph gives no error for what its reader may not see: it leaves it out. */
function unseen(policy: Policy, registries: readonly RegistryFacts[]): readonly string[] {
  const seen = new Set(registries.map((facts) => facts.id));
  // The last stage first: a card may show a few only.
  const order = (stage: string) => -policy.stages.indexOf(stage);
  return Object.entries(policy.registries)
    .filter(([, registry]) => !seen.has(registry.id.toLowerCase()))
    .sort(([, a], [, b]) => order(a.stage) - order(b.stage))
    .map(([key]) => `the registry '${key}' of the policy was not seen: is the bot's identity Reader there?`);
}

/** registry -> passed and applicable weight: the score of any part of the estate can be had from it later. */
const scoreParts = (estate: Estate): Readonly<Record<string, readonly [number, number]>> =>
  Object.fromEntries(
    estate.registries.map((facts, i) => {
      const { passed, applicable } = estate.score([i]);
      return [facts.name, [passed, applicable] as const];
    }),
  );

/** registry -> rule -> outcome, for what is not fine. */
function openFindings(estate: Estate): Readonly<Record<string, Readonly<Record<string, string>>>> {
  return Object.fromEntries(
    estate.registries.map((facts, i) => [
      facts.name,
      Object.fromEntries(
        estate.verdicts.rules.flatMap((rule, r) => {
          const outcome = estate.verdicts.outcome(i, r);
          return outcome === 'fail' || outcome === 'unknown' ? [[rule.id, outcome] as const] : [];
        }),
      ),
    ]),
  );
}

/** Indexes of the registries of a stage, a team or a name; everything without a name; `undefined` if nothing is called so. */
export function selectRegistries(
  estate: Estate,
  policy: Policy,
  name: string | undefined,
): readonly number[] | undefined {
  const all = estate.registries.map((_, i) => i);
  if (name === undefined) return all;
  const wanted = name.toLowerCase();
  const by = (matches: (facts: RegistryFacts) => boolean) =>
    all.filter((i) => matches(estate.registries[i] as RegistryFacts));
  const key = Object.entries(policy.registries)
    .find(([registryKey]) => registryKey === wanted)?.[1]
    .id.toLowerCase();
  const found = [
    by((facts) => facts.name.toLowerCase() === wanted || facts.id === key),
    by((facts) => facts.stage === wanted),
    by((facts) => facts.team === wanted),
  ].find((indexes) => indexes.length > 0);
  const isKnown = policy.stages.includes(wanted) || key !== undefined;
  return found ?? (isKnown ? [] : undefined);
}

/** Everything `selectRegistries` knows by name, for "did you mean". */
export const knownNames = (estate: Estate, policy: Policy): readonly string[] => [
  ...policy.stages,
  ...estate.registries.map((facts) => facts.name),
  ...Object.keys(policy.registries),
  ...Object.values(policy.registries).flatMap((registry) => registry.team ?? []),
];
