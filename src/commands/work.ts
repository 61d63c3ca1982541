// Which use case does which stored work. The worker knows no more than this.
import type { JobKind, Lease } from '../ports.ts';
import type { Doors } from './doors.ts';
import { letGatePass, openReview } from './follow-up.ts';
import { runMirror } from './mirrors.ts';
import { considerEvent } from './registry-events.ts';
import { publishRequest } from './publish-request.ts';
import { runStep } from './run-request.ts';
import { sendDigest } from './send-digest.ts';
import { notifyRequester, remindDeciders } from './reminders.ts';
import { raiseAlarm, tellLinked, tellThreads } from './tell.ts';

type Handler = (lease: Lease, doors: Doors) => Promise<number | undefined | void>;

const handlers: Readonly<Record<JobKind, Handler>> = {
  step: runStep,
  publish: publishRequest,
  tell: tellThreads,
  remind: remindDeciders,
  alarm: raiseAlarm,
  review: openReview,
  grant: letGatePass,
  mirror: runMirror,
  notify: notifyRequester,
  digest: sendDigest,
  event: considerEvent,
  link: tellLinked,
  thin: (_lease, doors) => doors.ledger.thin(),
};

/** Does one job. A time (milliseconds) that it gives back means: nothing to do yet, look again then. */
export const doWork = (lease: Lease, doors: Doors): Promise<number | undefined | void> =>
  handlers[lease.kind](lease, doors);
