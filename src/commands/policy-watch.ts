// What follows a change of the policy's file: it is written into the audit, and the admins hear of it, also where it is
// refused and the one of before stays in force.
import { alarmCard, noticeCard } from '../cards/refusal-card.ts';
import type { Doors } from './doors.ts';
import { recordPolicy, recordRefusal } from './policy-history.ts';
import { channelOf, quietly } from './tell.ts';

/** Changes that are shown in chat; the audit has all of them. */
const mostShown = 10;

export async function policyChanged(doors: Doors, problems: readonly string[]): Promise<void> {
  if (problems.length > 0) {
    doors.log.error('the policy file is refused, the one of before stays in force', { problems });
    await recordRefusal(doors, problems);
    const text = `The policy file was changed and is refused; the one of before stays in force. ${problems.slice(0, 3).join(' ')}`;
    return tellAdmins(doors, alarmCard('Policy refused', text));
  }
  const changes = await recordPolicy(doors);
  if (changes.length === 0) return;
  doors.log.info('a new policy is in force', { changes: changes.length });
  const more = changes.length > mostShown ? ` and ${changes.length - mostShown} more` : '';
  const text = `${changes.slice(0, mostShown).join('; ')}${more}. The audit has it whole: /acr audit policy`;
  await tellAdmins(doors, noticeCard('A new policy is in force', text));
}

async function tellAdmins(doors: Doors, card: ReturnType<typeof noticeCard>): Promise<void> {
  const key = `policy:${doors.policy().hash}:${doors.clock()}`;
  for (const place of doors.policy().channels.admins)
    await quietly(doors, place, async () => doors.messengers.get(channelOf(place))?.post(place, card, key));
}
