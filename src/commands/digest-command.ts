// digest: now and preview, which digests a channel has, and by chat: subscribe, pause, resume, unsubscribe.
import { digestCard } from '../cards/digest-card.ts';
import { digestListCard } from '../cards/digest-list-card.ts';
import { noticeCard } from '../cards/refusal-card.ts';
import { hasRight } from '../policy/lookup.ts';
import type { DigestScope } from '../policy/policy.ts';
import type { Answer } from '../ports.ts';
import { digestContent } from './digest-content.ts';
import { type ChannelDigest, digestSchedules, nextRuns, readWish } from './digest-schedules.ts';
import type { Doors } from './doors.ts';
import { refuse, unknownName } from './refuse.ts';
import type { Call, Verb } from './verb.ts';

const everything: DigestScope = { stages: [], teams: [], registries: [] };
/** Digests that one channel can ask for. */
const mostOfChannel = 5;

type Part = (call: Call, doors: Doors) => Promise<Answer>;
const reads: Readonly<Record<string, Part>> = { preview, list };
/** For who has the right `digest`. */
const deeds: Readonly<Record<string, Part>> = { now, subscribe, unsubscribe, pause, resume };

export const digest: Verb = {
  name: 'digest',
  words: 9,
  usage:
    'digest now | preview | list | subscribe RHYTHM TIME [ZONE] [SCOPE] | pause | resume | unsubscribe [NAME]',
  summary: 'The compliance digest: look at it, send it to this channel now, or have it come by itself.',
  examples: [
    'digest preview',
    'digest now',
    'digest list',
    'digest subscribe weekly mon 09:00 Europe/Berlin prod',
    'digest pause',
  ],
  access: 'mapped',
  writes: Object.keys(deeds),
  flags: { 'skip-if-unchanged': { type: 'boolean' } },
  run: async (call, doors) => {
    const part = call.arguments.positional[0]?.toLowerCase() ?? 'preview';
    const read = reads[part];
    if (read) return read(call, doors);
    const deed = deeds[part];
    if (!deed) return unknownName('digest command', part, [...Object.keys(reads), ...Object.keys(deeds)]);
    if (hasRight(doors.policy(), call.person ?? '', 'digest')) return deed(call, doors);
    const groups = doors.policy().rights.digest?.join(', ') ?? 'nobody';
    return refuse(
      'not-eligible',
      `Only ${groups} may send digests to a channel or change which come. Look at one yourself with: /acr digest preview`,
    );
  },
};

async function preview(call: Call, doors: Doors): Promise<Answer> {
  return { kind: 'card', card: digestCard(await contentHere(call, doors)), visibility: 'private' };
}

async function now(call: Call, doors: Doors): Promise<Answer> {
  const content = await contentHere(call, doors);
  await audit(call, doors, 'digest-now', content.name);
  return { kind: 'card', card: digestCard(content), visibility: 'public' };
}

/** The digest that comes to this channel, else the policy's first, else one of everything; since the last one here. */
async function contentHere(call: Call, doors: Doors) {
  const all = await digestSchedules(doors);
  const { name, scope } = all.find(({ to }) => to === call.place.id) ??
    all[0] ?? { name: 'digest', scope: everything };
  return digestContent(doors, { name, scope }, { name, to: call.place.id, periodEnd: doors.clock() });
}

async function list(call: Call, doors: Doors): Promise<Answer> {
  const clock = doors.clock();
  const schedules = await digestSchedules(doors);
  const notes = await Promise.all(schedules.map(({ name, to }) => doors.ledger.lastDigestNote(name, to)));
  const card = digestListCard(
    schedules.map((each, at) => ({
      name: each.name,
      where: each.to === call.place.id ? 'here' : each.to,
      about: aboutText(each.scope),
      next: nextRuns(each, clock, 3),
      ...(each.paused !== undefined && { paused: each.paused }),
      ...(notes[at] !== undefined && { note: notes[at] }),
    })),
  );
  return { kind: 'card', card, visibility: 'private' };
}

const aboutText = ({ stages, teams, registries }: DigestScope): string =>
  [...stages, ...teams, ...registries].join(', ') || 'everything';

async function subscribe(call: Call, doors: Doors): Promise<Answer> {
  const { place, arguments: given } = call;
  if (place.kind !== 'channel' || place.id === 'terminal')
    return refuse('not-here', 'A digest comes to a channel. Ask for it there, where the bot is a member.');
  const wish = readWish(given.positional.slice(1), doors.policy());
  if ('problem' in wish) return refuse('bad-schedule', wish.problem);
  const { name, ...schedule } = wish;
  const here = (await digestSchedules(doors)).filter(({ to }) => to === place.id);
  if (here.some((each) => each.name === name && !each.byChat))
    return refuse(
      'bad-schedule',
      `The policy has a digest '${name}' for this channel. See: /acr digest list`,
    );
  if (here.filter((each) => each.byChat && each.name !== name).length >= mostOfChannel)
    return refuse(
      'limit-digests',
      `This channel has ${mostOfChannel} digests by chat. End one first: /acr digest unsubscribe NAME`,
    );
  const skipIfUnchanged = given.flags['skip-if-unchanged'] === true;
  await doors.ledger.setDigest({
    name,
    to: place.id,
    schedule: { ...schedule, skipIfUnchanged },
    by: call.person ?? '',
  });
  await begin(doors, { name, to: place.id });
  await audit(call, doors, 'digest-subscribed', name);
  const next = nextRuns(schedule, doors.clock(), 1)[0] ?? 0;
  const at = Temporal.Instant.fromEpochMilliseconds(next).toZonedDateTimeISO(schedule.timezone);
  const when = `${at.toPlainDate().toString()} ${at.toPlainTime().toString().slice(0, 5)} ${schedule.timezone}`;
  const text = `It comes here first on ${when}, about ${aboutText(schedule.scope)}. End it with: /acr digest unsubscribe ${name}`;
  return { kind: 'card', card: noticeCard(`Subscribed: ${name}`, text), visibility: 'public' };
}

/** Nothing before now is due: neither of a new digest, nor of one that was paused. */
async function begin(doors: Doors, about: { readonly name: string; readonly to: string }): Promise<void> {
  const at = doors.clock();
  const slot = { ...about, periodEnd: at };
  if (await doors.ledger.claimDigest(slot))
    await doors.ledger.digestSent(slot, { channel: 'terminal', place: about.to, message: 'begin' }, at);
}

async function unsubscribe(call: Call, doors: Doors): Promise<Answer> {
  const chosen = await choose(call, doors, 'unsubscribe');
  if ('kind' in chosen) return chosen;
  const { name, to, byChat } = chosen;
  if (!byChat)
    return refuse(
      'of-the-policy',
      `'${name}' stands in the policy. Pause it here with: /acr digest pause ${name}`,
    );
  await doors.ledger.unsetDigest(name, to);
  await audit(call, doors, 'digest-unsubscribed', name);
  return said(`Ended: ${name}`, 'It comes here no more.');
}

async function pause(call: Call, doors: Doors): Promise<Answer> {
  const chosen = await choose(call, doors, 'pause');
  if ('kind' in chosen) return chosen;
  const { name, to } = chosen;
  const why = call.arguments.because?.trim().slice(0, 200) || `by ${call.person}`;
  await doors.ledger.setDigest({ ...setting(chosen), name, to, paused: why, by: call.person ?? '' });
  await audit(call, doors, 'digest-paused', name);
  return said(`Paused: ${name}`, `It comes here again after: /acr digest resume ${name}`);
}

async function resume(call: Call, doors: Doors): Promise<Answer> {
  const chosen = await choose(call, doors, 'resume');
  if ('kind' in chosen) return chosen;
  const { name, to, paused } = chosen;
  if (paused === undefined)
    return said(`Not paused: ${name}`, 'It comes as scheduled. See: /acr digest list');
  await begin(doors, { name, to });
  if (chosen.byChat) await doors.ledger.setDigest({ ...setting(chosen), name, to, by: call.person ?? '' });
  else await doors.ledger.unsetDigest(name, to);
  await audit(call, doors, 'digest-resumed', name);
  return said(`Resumed: ${name}`, 'It comes as scheduled. See: /acr digest list');
}

function setting({ byChat, cron, timezone, scope, skipIfUnchanged }: ChannelDigest) {
  return byChat ? { schedule: { cron, timezone, scope, skipIfUnchanged } } : {};
}

/** The digest of this channel that is meant: the one that is named, or the only one. */
async function choose(call: Call, doors: Doors, what: string): Promise<ChannelDigest | Answer> {
  const here = (await digestSchedules(doors)).filter(({ to }) => to === call.place.id);
  const name = call.arguments.positional[1]?.toLowerCase();
  const names = here.map((each) => each.name);
  if (here.length === 0)
    return refuse('no-digest', 'No digest comes to this channel. See where they go: /acr digest list');
  if (name === undefined && here.length > 1)
    return refuse('missing-argument', `Which one? /acr digest ${what} ${names.join(' or ')}`);
  const found = name === undefined ? here[0] : here.find((each) => each.name.toLowerCase() === name);
  return found ?? unknownName('digest', name ?? '', names);
}

const said = (title: string, text: string): Answer => ({
  kind: 'card',
  card: noticeCard(title, text),
  visibility: 'public',
});

const audit = (call: Call, doors: Doors, action: string, subject: string): Promise<void> =>
  doors.ledger.audit({
    at: doors.clock(),
    actor: { person: call.person ?? '', channel: call.account.channel, account: call.account.user },
    action,
    subject,
    facts: { place: call.place.id },
  });
