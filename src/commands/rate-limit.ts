// How many commands an account may give in a minute. In memory: it guards this process.
import type { Account } from '../ports.ts';
import type { Doors } from './doors.ts';

/** Whether an account has used up its commands of the minute. */
export function createRateLimit(doors: Doors): (account: Account) => boolean {
  const recent = new Map<string, readonly number[]>();
  return (account) => {
    const now = doors.clock();
    const key = `${account.channel}:${account.tenant}/${account.user}`;
    const times = (recent.get(key) ?? []).filter((time) => time > now - 60_000);
    if (recent.size > 10_000) recent.clear();
    if (times.length >= doors.policy().limits.commandsPerMinute) return true;
    recent.set(key, [...times, now]);
    return false;
  };
}
