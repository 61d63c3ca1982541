// Places of Slack as the rest of the product names them: `slack:TEAM/CHANNEL`.
import type { Account, Place } from '../../ports.ts';
import { DeliveryError } from '../../ports.ts';

export const placeId = (team: string, channel: string): string => `slack:${team}/${channel}`;

/** A channel of Slack; direct messages have ids that start with D. */
export const placeOf = (team: string, channel: string): Place => ({
  id: placeId(team, channel),
  kind: channel.startsWith('D') ? 'personal' : 'channel',
});

/** Slack's channel id of a place. Throws DeliveryError for a place of another channel. */
export function channelOf(place: string): string {
  const found = /^slack:[^/]+\/(.+)$/.exec(place)?.[1];
  if (!found) throw new DeliveryError('refused', `'${place}' is no place of Slack: slack:TEAM/CHANNEL`);
  return found;
}

/** Slack's team id of a place. */
export const teamOf = (place: string): string => /^slack:([^/]+)\//.exec(place)?.[1] ?? '';

export const accountOf = (team: string, user: string): Account => ({ channel: 'slack', tenant: team, user });
