// What the product does by itself: the stored work, the digests, the mirrors, and watching its policy.
import { dueDigests } from './commands/digest-schedules.ts';
import { mirrorRuns } from './commands/mirrors.ts';
import { recordPolicy } from './commands/policy-history.ts';
import { policyChanged } from './commands/policy-watch.ts';
import type { Product } from './product.ts';
import { startRecurring } from './schedule/recurring.ts';
import { startTicker } from './schedule/ticker.ts';

/** Begins it. `close` ends the clocks at once and waits for the work that is under way. */
export async function startBackground(
  product: Product,
): Promise<{ stopClocks(): void; close(): Promise<void> }> {
  const { doors, policy } = product;
  await recordPolicy(doors);
  const worker = product.startWork();
  const { ledger, clock, log } = doors;
  const ticker = await startTicker({
    schedules: () => dueDigests(doors),
    ledger,
    clock,
    log,
    wake: worker.wake,
  });
  const [began] = await ledger.auditRows({ subject: 'policy' });
  const recurring = await startRecurring({
    ...doors,
    work: () => mirrorRuns(doors.policy()),
    since: began?.at ?? clock(),
  });
  const unwatch = policy.watch((problems) => {
    policyChanged(doors, problems).catch((error: unknown) => {
      log.error('a change of the policy could not be told', { error: String(error) });
    });
  });
  return {
    stopClocks: () => {
      ticker.close();
      recurring.close();
      unwatch();
    },
    close: () => worker.close(),
  };
}
