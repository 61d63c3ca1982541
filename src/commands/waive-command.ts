// waive: asks that a failing rule be accepted until a day. waivers: what was accepted, and until when.
import { noticeCard } from '../cards/refusal-card.ts';
import { waiversCard } from '../cards/waivers-card.ts';
import { rulesOf } from '../policy/rules.ts';
import { findRule } from '../posture/catalogue.ts';
import { explain } from '../posture/judge.ts';
import { longestWaiver, valueHash } from '../posture/waivers.ts';
import type { Answer } from '../ports.ts';
import { ask } from './decisions.ts';
import type { Doors } from './doors.ts';
import { type Estate, knownNames, readEstate, selectRegistries } from './estate.ts';
import { refuse, unknownName } from './refuse.ts';
import type { Call, Verb } from './verb.ts';
import { waiverQuorum } from './voters.ts';
import { waiveGate } from './waive-gate.ts';
import { type WaiverSubject, waiversInForce } from './waivers.ts';

const day = 24 * 3_600_000;

export const waive: Verb = {
  name: 'waive',
  usage: 'waive RULE REGISTRY-or-STAGE until DATE because REASON, or: waive gate GATE ID because REASON',
  summary:
    'Asks that a failing rule be accepted until a day, or a gate of a request; the waiver group grants it.',
  examples: ['waive CR-3 contosoprodus until 2027-03-31 because the second region is being built'],
  words: 3,
  access: 'mapped',
  writes: true,
  run: async (call, doors) => {
    const [id, scope, extra] = call.arguments.positional;
    if (id?.toLowerCase() === 'gate') return waiveGate(call, doors);
    const until = call.arguments.words['until'];
    const reason = call.arguments.because?.trim();
    if (!id || !scope || extra !== undefined || !until || !reason)
      return refuse('missing-argument', `Say all of it: /acr ${waive.usage}`);
    const policy = doors.policy();
    const rules = rulesOf(policy);
    const rule = findRule(id, rules);
    if (!rule)
      return unknownName(
        'rule',
        id,
        rules.map((known) => known.id),
      );
    if (!policy.rights.waive?.length)
      return refuse('nobody-may', 'Nobody may grant waivers. Name groups under rights.waive in the policy.');
    const ends = parseEnd(until, doors.clock());
    if (ends === undefined)
      return refuse(
        'malformed-date',
        `'${until.slice(0, 40)}' is not a day from tomorrow to 180 days ahead. Write 2027-03-31 or 90d.`,
      );
    const estate = await readEstate(doors);
    const indexes = selectRegistries(estate, policy, scope);
    if (!indexes) return unknownName('registry or stage', scope, knownNames(estate, policy));
    const values = failingValues(doors, estate, indexes, estate.verdicts.rules.indexOf(rule));
    if (Object.keys(values).length === 0)
      return refuse(
        'nothing-to-waive',
        `${rule.id} does not fail on ${scope}, so there is nothing to waive. Look: /acr check ${rule.id} ${scope}`,
      );
    return askFor(call, doors, { kind: 'waiver', rule: rule.id, scope, until: ends, values }, reason);
  },
};

export const waivers: Verb = {
  name: 'waivers',
  pages: true,
  usage: 'waivers [--page N]',
  summary: 'The waivers in force: rule, registry or stage, until when, by whom.',
  examples: ['waivers'],
  words: 0,
  access: 'mapped',
  writes: false,
  run: async (call, doors) => {
    const granted = await waiversInForce(doors);
    const asked = (await doors.ledger.requests({ states: ['pending'] })).filter(
      (request) => request.subject.kind === 'waiver',
    );
    return {
      kind: 'card',
      card: waiversCard(granted, asked, doors.clock(), call.paging),
      visibility: 'public',
    };
  },
};

/** `90d` or a day, whose end (UTC) it is; nothing if it is past, or more than 180 days ahead. */
function parseEnd(text: string, now: number): number | undefined {
  const days = /^(\d{1,3})d$/i.exec(text)?.[1];
  const at = days === undefined ? endOfDay(text) : now + Number(days) * day;
  return at !== undefined && at > now && at <= now + longestWaiver + day ? at : undefined;
}

function endOfDay(text: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  try {
    return Temporal.PlainDate.from(text).add({ days: 1 }).toZonedDateTime('UTC').epochMilliseconds - 1;
  } catch {
    return undefined;
  }
}

/** Registry id -> hash of what the rule saw there, for the registries that fail it. */
function failingValues(
  doors: Doors,
  estate: Estate,
  indexes: readonly number[],
  rule: number,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    indexes.flatMap((i) => {
      const id = estate.registries[i]?.id;
      if (!id || estate.verdicts.outcome(i, rule) !== 'fail') return [];
      return [
        [
          id,
          valueHash(explain(estate.verdicts, i, rule, estate.context), (text) => doors.ids.hash(text)),
        ] as const,
      ];
    }),
  );
}

async function askFor(call: Call, doors: Doors, subject: WaiverSubject, reason: string): Promise<Answer> {
  const person = call.person ?? '';
  const count = Object.keys(subject.values).length;
  const asked = await ask(
    doors,
    {
      subject,
      requester: person,
      reason: reason.slice(0, 500),
      policy: doors.policy().hash,
      expiresIn: 7 * day,
      nonce: doors.ids.token(),
      terms: { quorum: waiverQuorum, gates: {} },
      ...(call.place.id !== 'terminal' && { askedIn: call.place.id }),
    },
    { person, channel: call.account.channel, account: call.account.user },
  );
  if ('kind' in asked) return asked;
  const text = `${subject.rule} on ${subject.scope} (${count} ${count === 1 ? 'registry' : 'registries'}) is asked to be waived as ${asked.id}. The security channels see it.`;
  return { kind: 'card', card: noticeCard(`Asked: ${asked.id}`, text), visibility: 'private' };
}
