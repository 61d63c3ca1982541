// What a digest says of its period, read from the estate and the ledger: since the last one of this channel, to now.
import { composeDigest, type DigestContent, type DigestInput, watchedRules } from '../digest/digest.ts';
import type { DigestScope } from '../policy/policy.ts';
import type { DigestSlot } from '../ports.ts';
import type { Doors } from './doors.ts';
import { type Estate, readEstate } from './estate.ts';
import { waiversInForce } from './waivers.ts';

const week = 7 * 24 * 3_600_000;
/** Scores older than the trend, so that its first week has one. */
const history = 13 * week;

/** A first digest of a channel is about a week. */
export async function digestContent(
  doors: Doors,
  { name, scope }: { readonly name: string; readonly scope: DigestScope },
  slot: DigestSlot,
): Promise<DigestContent> {
  const { ledger } = doors;
  const { periodEnd } = slot;
  const periodStart = (await ledger.digestBefore(slot)) ?? periodEnd - week;
  const estate = await readEstate(doors);
  const indexes = indexesOf(doors, estate, scope);
  const kept = await ledger.scores(Math.min(periodEnd - history, periodStart - week));
  const now = kept.findLast((row) => row.asOf === estate.scan.asOf) ?? kept.at(-1);
  const { head, problem } = await ledger.verifyAudit();
  const names = new Set(indexes.map((i) => estate.registries[i]?.name ?? ''));
  return composeDigest({
    name,
    organisation: doors.policy().organisation,
    periodStart,
    periodEnd,
    registries: names,
    now: { asOf: estate.scan.asOf, findings: now?.findings ?? {}, ...(now?.parts && { parts: now.parts }) },
    history: kept.filter((row) => row.asOf < estate.scan.asOf),
    requests: (await ledger.requests({ limit: 5000 })).filter(isIn(doors, estate, indexes)),
    watched: watchedIn(estate, indexes),
    storage: storageOf(estate, indexes),
    waivers: (await waiversInForce(doors)).map(({ subject: { rule, scope: of, until } }) => ({
      rule,
      scope: of,
      until,
    })),
    gaps: estate.gaps,
    ...(head && { auditHead: head }),
    ...(problem && { auditProblem: problem }),
  });
}

function indexesOf(
  doors: Doors,
  estate: Estate,
  { stages, teams, registries }: DigestScope,
): readonly number[] {
  const ids = registries.map((key) => doors.policy().registries[key]?.id.toLowerCase());
  return estate.registries.flatMap((facts, i) => {
    const inStage = stages.length === 0 || stages.includes(facts.stage ?? '');
    const inTeam = teams.length === 0 || teams.includes(facts.team ?? '');
    return inStage && inTeam && (ids.length === 0 || ids.includes(facts.id)) ? [i] : [];
  });
}

/** Promotions into one of these registries. */
function isIn(doors: Doors, estate: Estate, indexes: readonly number[]) {
  const ids = new Set(indexes.map((i) => estate.registries[i]?.id));
  const { registries } = doors.policy();
  return ({ subject }: DigestInput['requests'][number]): boolean =>
    subject.kind === 'promotion' && ids.has(registries[subject.target]?.id.toLowerCase() ?? '');
}

/** What fails before what could not be seen. */
function watchedIn(estate: Estate, indexes: readonly number[]): DigestInput['watched'] {
  const found = indexes.flatMap((i) => estate.findings(i)).filter(({ rule }) => watchedRules.has(rule));
  return (['fail', 'unknown'] as const).flatMap((wanted) =>
    found
      .filter(({ outcome }) => outcome === wanted)
      .map(({ registry, rule, reason = '' }) => ({ registry, rule, reason })),
  );
}

const storageOf = (estate: Estate, indexes: readonly number[]): DigestInput['storage'] =>
  indexes.flatMap((i) => {
    const facts = estate.registries[i];
    return facts?.usage?.read ? [{ registry: facts.name, ...facts.usage.value }] : [];
  });
