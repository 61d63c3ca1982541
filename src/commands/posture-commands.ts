// status, check, registries, show: the reads of the posture.
import { checkCard, kqlCard, rulesCard } from '../cards/check-card.ts';
import { registriesCard, registryCard } from '../cards/registry-cards.ts';
import { statusCard } from '../cards/status-card.ts';
import type { Policy } from '../policy/policy.ts';
import { queryOf, rulesOf } from '../policy/rules.ts';
import { findRule } from '../posture/catalogue.ts';
import { explain } from '../posture/judge.ts';
import type { Rule } from '../posture/rule.ts';
import type { Answer } from '../ports.ts';
import type { Doors } from './doors.ts';
import { answerFrom, type Estate, knownNames, selectRegistries } from './estate.ts';
import { commandOf } from './paging.ts';
import { refuse, unknownName } from './refuse.ts';
import type { Call, Verb } from './verb.ts';

const week = 7 * 24 * 3_600_000;

export const status: Verb = {
  name: 'status',
  words: 1,
  pages: true,
  usage: 'status [registry, stage or team] [--page N]',
  summary: 'The posture: score, what fails, what is unknown.',
  examples: ['status', 'status prod', 'status shop-team', 'status page 2'],
  access: 'mapped',
  writes: false,
  run: (call, doors) => showStatus(call, doors, false),
};

/** Behind the button of the status card: scans anew and changes that card. */
export const refresh: Verb = {
  name: 'refresh',
  words: 1,
  pages: true,
  usage: 'refresh [registry, stage or team]',
  summary: 'Scan again and show the posture.',
  examples: ['refresh prod'],
  access: 'mapped',
  writes: false,
  run: (call, doors) => {
    const command = commandOf(status.name, call.arguments);
    return showStatus({ ...call, paging: { ...call.paging, command } }, doors, true);
  },
};

async function showStatus(call: Call, doors: Doors, fresh: boolean): Promise<Answer> {
  const policy = doors.policy();
  const asked = call.arguments.positional[0];
  return answerFrom(call, doors, { fresh }, async (estate) => {
    const indexes = selectRegistries(estate, policy, asked);
    if (!indexes) return unknownName('registry, stage or team', asked ?? '', knownNames(estate, policy));
    const card = statusCard({
      scope: scopeText(asked, policy.organisation, policy.stages),
      asked: asked ?? '',
      total: estate.score(indexes),
      ...(await scoreBefore(doors, asked)),
      registries: indexes.map((i) => lineOf(estate, i)),
      failing: indexes.flatMap((i) => estate.findings(i).filter((finding) => finding.outcome === 'fail')),
      gaps: estate.gaps,
      asOf: estate.scan.asOf,
      now: doors.clock(),
      paging: call.paging,
    });
    return fresh && call.clicked ? { kind: 'updated', card } : { kind: 'card', card, visibility: 'public' };
  });
}

function scopeText(asked: string | undefined, organisation: string, stages: readonly string[]): string {
  if (!asked) return organisation;
  return stages.includes(asked.toLowerCase()) ? `stage ${asked.toLowerCase()}` : asked;
}

/** The organisation's score of about a week ago. */
async function scoreBefore(doors: Doors, asked: string | undefined): Promise<{ before?: number }> {
  if (asked) return {};
  const now = doors.clock();
  const row = (await doors.ledger.scores(now - 2 * week))
    .filter((score) => score.asOf <= now - week + 24 * 3_600_000)
    .at(-1);
  return row ? { before: row.score } : {};
}

const lineOf = (estate: Estate, i: number) => ({
  name: estate.registries[i]?.name ?? '',
  stage: estate.registries[i]?.stage,
  score: estate.score([i]),
});

export const check: Verb = {
  name: 'check',
  words: 2,
  pages: true,
  usage: 'check RULE [registry, stage or team] [--kql] [--page N] | check --list',
  summary: 'One rule: what it asks for, who fails it and why, what to do; --kql prints its query.',
  examples: ['check CR-3', 'check CR-8 prod', 'check CR-3 --kql'],
  access: 'mapped',
  writes: false,
  flags: { list: { type: 'boolean' }, kql: { type: 'boolean' } },
  run: async (call, doors) => {
    const [id, scope] = call.arguments.positional;
    const policy = doors.policy();
    const rules = rulesOf(policy);
    if (call.arguments.flags['list'])
      return { kind: 'card', card: rulesCard(rules, call.paging), visibility: 'private' };
    if (!id) {
      return refuse(
        'missing-argument',
        `Which rule? ${rules[0]?.id} to ${rules.at(-1)?.id}. For example: /acr check CR-3`,
      );
    }
    const rule = findRule(id, rules);
    if (!rule)
      return unknownName(
        'rule',
        id,
        rules.map((known) => known.id),
      );
    if (call.arguments.flags['kql']) return showKql(rule, policy);
    return answerFrom(call, doors, {}, (estate) => {
      const indexes = selectRegistries(estate, policy, scope);
      if (!indexes) return unknownName('registry, stage or team', scope ?? '', knownNames(estate, policy));
      const which = estate.verdicts.rules.indexOf(rule);
      const findings = indexes.map((i) => explain(estate.verdicts, i, which, estate.context));
      const failing = indexes.find((i) => estate.verdicts.outcome(i, which) === 'fail');
      const facts = failing === undefined ? undefined : estate.registries[failing];
      return {
        kind: 'card',
        card: checkCard(rule, findings, facts && rule.remedy(facts), estate.scan.asOf, call.paging),
        visibility: call.clicked ? 'private' : 'public',
      };
    });
  },
};

/** The rule's query, with what the policy asks in it, to be pasted into Azure's own explorer. */
function showKql(rule: Rule, policy: Policy): Answer {
  const kql = queryOf(rule, policy);
  return 'query' in kql
    ? { kind: 'card', card: kqlCard(rule, kql.query), visibility: 'private' }
    : refuse('no-kql', `${rule.id} has no query: it ${kql.none}. See it with: /acr check ${rule.id}`);
}

export const registries: Verb = {
  name: 'registries',
  words: 0,
  pages: true,
  usage: 'registries [--page N]',
  summary: 'The list of registries with stage, tier and score.',
  examples: ['registries'],
  access: 'mapped',
  writes: false,
  run: (call, doors) =>
    answerFrom(call, doors, {}, (estate) => {
      const lines = estate.registries.map((facts, i) => ({ ...lineOf(estate, i), facts }));
      const order = [...doors.policy().stages].reverse();
      lines.sort(
        (a, b) => order.indexOf(a.stage ?? '') - order.indexOf(b.stage ?? '') || a.name.localeCompare(b.name),
      );
      return { kind: 'card', card: registriesCard(lines, call.paging), visibility: 'public' };
    }),
};

export const show: Verb = {
  name: 'show',
  words: 1,
  pages: true,
  usage: 'show REGISTRY [--page N]',
  summary: 'One registry in full: facts and findings.',
  examples: ['show contosoprod'],
  access: 'mapped',
  writes: false,
  run: async (call, doors) => {
    const [name] = call.arguments.positional;
    if (!name) return refuse('missing-argument', 'Which registry? See them with: /acr registries');
    return answerFrom(call, doors, {}, (estate) => showRegistry(call, doors, estate, name));
  },
};

async function showRegistry(call: Call, doors: Doors, estate: Estate, name: string): Promise<Answer> {
  const policy = doors.policy();
  const indexes = selectRegistries(estate, policy, name);
  const index = indexes?.length === 1 ? indexes[0] : undefined;
  const facts = index === undefined ? undefined : estate.registries[index];
  if (index === undefined || !facts) {
    if (indexes && indexes.length > 1)
      return refuse(
        'ambiguous-registry',
        `'${name}' is ${indexes.length} registries: ${indexes.map((i) => estate.registries[i]?.name).join(', ')}. Name one.`,
      );
    return unknownName(
      'registry',
      name,
      estate.registries.map((known) => known.name),
    );
  }
  const key = Object.entries(policy.registries).find(
    ([, registry]) => registry.id.toLowerCase() === facts.id,
  );
  // Only registries of the policy are read themselves; a failure costs the number, not the card.
  const repositories =
    key && (await doors.reader.repositories({ key: key[0], id: key[1].id }).catch(() => undefined));
  const card = registryCard(
    facts,
    estate.score([index]),
    estate.findings(index),
    repositories?.length,
    call.paging,
  );
  return { kind: 'card', card, visibility: call.clicked ? 'private' : 'public' };
}
