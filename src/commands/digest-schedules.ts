// Which digests go where and when: the policy's, those that people asked for by chat, and what they paused.
import { closestName } from '../policy/closest.ts';
import type { DigestScope, Policy } from '../policy/policy.ts';
import { parseCron, slotsBetween } from '../schedule/cron.ts';
import type { Doors } from './doors.ts';

/** A digest of one channel. */
export interface ChannelDigest {
  readonly name: string;
  readonly to: string;
  readonly cron: string;
  readonly timezone: string;
  readonly scope: DigestScope;
  readonly skipIfUnchanged: boolean;
  /** Why nothing is sent until it is resumed. */
  readonly paused?: string;
  /** Asked for by chat, and so ended by chat. */
  readonly byChat: boolean;
}

/** All of them; the policy's name wins over one of chat in the same channel. */
export async function digestSchedules({
  policy,
  ledger,
}: Pick<Doors, 'policy' | 'ledger'>): Promise<readonly ChannelDigest[]> {
  const set = await ledger.digestSettings();
  const paused = (name: string, to: string) => {
    const why = set.find((each) => each.name === name && each.to === to)?.paused;
    return why === undefined ? {} : { paused: why };
  };
  const ofPolicy = policy().digests.flatMap(({ to: places, ...digest }) =>
    places.map((to) => ({ ...digest, to, byChat: false, ...paused(digest.name, to) })),
  );
  const ofChat = set.flatMap(({ name, to, schedule }) =>
    schedule && !ofPolicy.some((each) => each.name === name && each.to === to)
      ? [{ name, to, ...schedule, byChat: true, ...paused(name, to) }]
      : [],
  );
  return [...ofPolicy, ...ofChat];
}

/** What the ticker looks at. */
export const dueDigests = async (
  doors: Pick<Doors, 'policy' | 'ledger'>,
): Promise<readonly ChannelDigest[]> =>
  (await digestSchedules(doors)).filter(({ paused }) => paused === undefined);

const day = 24 * 3_600_000;

/** The next `count` times, in milliseconds; fewer where a schedule comes less often than that in a year. */
export function nextRuns(
  { cron, timezone }: Pick<ChannelDigest, 'cron' | 'timezone'>,
  now: number,
  count: number,
): readonly number[] {
  const fields = parseCron(cron);
  for (const days of [8, 40]) {
    const found = slotsBetween(fields, timezone, now, now + days * day);
    if (found.length >= count) return found.slice(0, count);
  }
  return slotsBetween(fields, timezone, now, now + 399 * day).slice(0, count);
}

export interface Wish {
  readonly name: string;
  readonly cron: string;
  readonly timezone: string;
  readonly scope: DigestScope;
}

const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const example = 'For example: /acr digest subscribe weekly mon 09:00 Europe/Berlin prod';

/** `weekly mon 09:00 Europe/Berlin prod shop-team`: a rhythm, a zone (the policy's where none is named), what it is about. */
export function readWish(words: readonly string[], policy: Policy): Wish | { readonly problem: string } {
  const [rhythm = '', ...rest] = words.map((word) => word.toLowerCase());
  const weekday = rhythm === 'weekly' ? days.indexOf((rest.shift() ?? '').slice(0, 3)) : undefined;
  if (!['daily', 'weekdays', 'weekly'].includes(rhythm) || weekday === -1)
    return { problem: `Say how often: daily, weekdays, or weekly and a day. ${example}` };
  const time = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(rest.shift() ?? '');
  if (!time) return { problem: `Say at what time of day, such as 09:00. ${example}` };
  const [hour, minute] = [Number(time[1]), Number(time[2])];
  // Zones are written in mixed case, and so is what follows the rhythm.
  const named = words.slice(words.length - rest.length);
  const zone = named[0]?.includes('/') || named[0]?.toUpperCase() === 'UTC' ? named.shift() : undefined;
  const timezone = zone === undefined ? policy.timezone : zoneOf(zone);
  if (timezone === undefined)
    return { problem: `There is no time zone '${zone?.slice(0, 60)}'. Write it as Europe/Berlin.` };
  const scope = readScope(named, policy);
  if ('problem' in scope) return scope;
  const when = `${rhythm}${weekday === undefined ? '' : `-${days[weekday]}`}-${time[0].replace(':', '')}`;
  return {
    name: [when, ...named.map((each) => each.toLowerCase())].join('-').slice(0, 80),
    cron: `${minute} ${hour} * * ${rhythm === 'daily' ? '*' : rhythm === 'weekdays' ? 'MON-FRI' : weekday}`,
    timezone,
    scope,
  };
}

function zoneOf(name: string): string | undefined {
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name).timeZoneId;
  } catch {
    return undefined;
  }
}

function readScope(names: readonly string[], policy: Policy): DigestScope | { readonly problem: string } {
  const teams = [...new Set(Object.values(policy.registries).flatMap((registry) => registry.team ?? []))];
  const known = { stages: policy.stages, teams, registries: Object.keys(policy.registries) };
  const all = Object.values(known).flat();
  const odd = names.find((name) => !all.includes(name.toLowerCase()));
  if (odd !== undefined) {
    const near = closestName(odd, all);
    const cure = near ? `Did you mean '${near}'?` : `There are: ${[...new Set(all)].join(', ')}.`;
    return { problem: `There is no stage, team or registry '${odd.slice(0, 80)}'. ${cure}` };
  }
  const wanted = names.map((name) => name.toLowerCase());
  const of = (kind: keyof typeof known) => wanted.filter((name) => known[kind].includes(name));
  const stages = of('stages');
  const taken = new Set([...stages, ...of('teams')]);
  return {
    stages,
    teams: of('teams').filter((name) => !stages.includes(name)),
    registries: of('registries').filter((name) => !taken.has(name)),
  };
}
