// digest now, preview, list; and the sending of a digest that is due.
import { digestCard } from '../cards/digest-card.ts';
import type { Card } from '../cards/card.ts';
import { noticeCard } from '../cards/refusal-card.ts';
import { composeDigest, type DigestContent, isUnchanged } from '../digest/digest.ts';
import { hasRight } from '../policy/lookup.ts';
import type { DigestSchedule } from '../policy/policy.ts';
import { type Answer, DeliveryError, type DigestSlot, type Lease } from '../ports.ts';
import { product } from './decisions.ts';
import type { Doors } from './doors.ts';
import { readEstate } from './estate.ts';
import { channelOf } from './tell.ts';
import { refuse, unknownName } from './refuse.ts';
import type { Call, Verb } from './verb.ts';

const week = 7 * 24 * 3_600_000;
const parts = ['now', 'preview', 'list'] as const;

export const digest: Verb = {
  name: 'digest',
  words: 1,
  usage: 'digest now | digest preview | digest list',
  summary: 'The compliance digest: send it to this channel, look at it, see what is scheduled.',
  examples: ['digest preview', 'digest now', 'digest list'],
  access: 'mapped',
  writes: false,
  run: async (call, doors) => {
    const part = call.arguments.positional[0]?.toLowerCase() ?? 'preview';
    if (part === 'list') return listDigests(doors);
    if (part !== 'now' && part !== 'preview') return unknownName('digest command', part, parts);
    const schedule = scheduleFor(doors, call);
    const content = await contentOf(doors, schedule, doors.clock() - week, doors.clock());
    if (part === 'preview') return { kind: 'card', card: digestCard(content), visibility: 'private' };
    const person = call.person ?? '';
    if (!hasRight(doors.policy(), person, 'digest')) {
      const groups = doors.policy().rights.digest?.join(', ') ?? 'nobody';
      return refuse(
        'not-eligible',
        `Only ${groups} may send the digest to a channel. Look at it yourself with: /acr digest preview`,
      );
    }
    await doors.ledger.audit({
      at: doors.clock(),
      actor: { person, channel: call.account.channel, account: call.account.user },
      action: 'digest-now',
      subject: schedule.name,
      facts: { place: call.place.id },
    });
    return { kind: 'card', card: digestCard(content), visibility: 'public' };
  },
};

/** The digest of the policy that goes to this place, else the first, else one of everything. */
function scheduleFor(doors: Doors, call: Call): Pick<DigestSchedule, 'name' | 'scope'> {
  const { digests } = doors.policy();
  return (
    digests.find((each) => each.to.includes(call.place.id)) ??
    digests[0] ?? { name: 'digest', scope: { stages: [], teams: [] } }
  );
}

async function listDigests(doors: Doors): Promise<Answer> {
  const { digests } = doors.policy();
  const lines = digests.map(
    (each) => `${each.name}: ${each.cron} ${each.timezone}, to ${each.to.join(', ')}`,
  );
  return {
    kind: 'card',
    card: noticeCard('Scheduled digests', lines.join('; ') || 'None. Name them under digests in the policy.'),
    visibility: 'private',
  };
}

async function contentOf(
  doors: Doors,
  schedule: Pick<DigestSchedule, 'name' | 'scope'>,
  periodStart: number,
  periodEnd: number,
): Promise<DigestContent> {
  const policy = doors.policy();
  const estate = await readEstate(doors);
  const { stages, teams } = schedule.scope;
  const indexes = estate.registries.flatMap((facts, i) => {
    const inStage = stages.length === 0 || stages.includes(facts.stage ?? '');
    const inTeam = teams.length === 0 || teams.includes(facts.team ?? '');
    return inStage && inTeam ? [i] : [];
  });
  const history = await doors.ledger.scores(periodEnd - 13 * week);
  const now = history.findLast((row) => row.asOf === estate.scan.asOf) ?? history.at(-1);
  const requests = await doors.ledger.requests({ limit: 500 });
  const { head, problem } = await doors.ledger.verifyAudit();
  return composeDigest({
    name: schedule.name,
    organisation: policy.organisation,
    periodStart,
    periodEnd,
    registries: new Set(indexes.map((i) => estate.registries[i]?.name ?? '')),
    now: { asOf: estate.scan.asOf, findings: now?.findings ?? {}, ...(now?.parts && { parts: now.parts }) },
    history: history.filter((row) => row.asOf < estate.scan.asOf),
    requests,
    gaps: estate.gaps,
    ...(head && { auditHead: head }),
    ...(problem && { auditProblem: problem }),
  });
}

/** The job `digest`: sends one slot that was claimed. Posted once: the message is keyed by its slot. */
export async function sendDigest(lease: Lease, doors: Doors): Promise<void> {
  const slot = lease.payload['slot'] as DigestSlot;
  const schedule = doors.policy().digests.find((each) => each.name === slot.name);
  const messenger = doors.messengers.get(channelOf(slot.to));
  if (!messenger) doors.log.warn('a digest is due to a channel that is not configured', { to: slot.to });
  const unsent = (await doors.ledger.unsentDigests()).some(
    (each) => each.name === slot.name && each.to === slot.to && each.periodEnd === slot.periodEnd,
  );
  if (!schedule || !messenger || !unsent) return;
  const content = await contentOf(doors, schedule, slot.periodEnd - week, slot.periodEnd);
  const at = doors.clock();
  if (schedule.skipIfUnchanged && isUnchanged(content)) {
    await doors.ledger.digestSent(
      slot,
      { channel: messenger.channel, place: slot.to, message: 'unchanged' },
      at,
    );
    return;
  }
  const card: Card = digestCard(content);
  const key = `digest:${slot.name}:${slot.periodEnd}:${slot.to}`;
  const ref = await messenger.post(slot.to, card, key).catch((error: unknown) => {
    // What may pass is tried again; a place that is gone or a card that is not taken is noted once.
    if (!(error instanceof DeliveryError) || error.problem === 'transient') throw error;
    doors.log.error('a digest could not be delivered', { to: slot.to, error: error.message });
    return undefined;
  });
  const message = ref?.message ?? 'undeliverable';
  await doors.ledger.digestSent(slot, { channel: messenger.channel, place: slot.to, message }, at);
  await doors.ledger.audit({
    at,
    actor: product,
    action: ref ? 'digest-sent' : 'digest-undeliverable',
    subject: slot.name,
    facts: { to: slot.to, periodEnd: slot.periodEnd, message },
  });
}
