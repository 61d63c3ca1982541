// What happens to a request because time passes: its end, and the reminders before it. Judged with the `now` of the
// decision, so that a vote one millisecond late does not count.
import type { Event } from './machine.ts';
import { endsAt, type Request, type StateName } from './request.ts';

/** Within this the evidence must be there, in milliseconds. */
const resolveWithin = 60_000;
/** Reminders, as shares of the time from asking to expiry. */
const reminders = [0.25, 0.5, 0.8];

/** States that wait for somebody, and so not for ever. */
const waitingStates: ReadonlySet<StateName> = new Set<StateName>([
  'blocked',
  'pending',
  'held',
  'approved',
  'waiting',
]);

type End = Extract<Event, { kind: 'ended' }>;
const end = (state: End['state'], code: string, text: string): End => ({ kind: 'ended', state, code, text });

/** The end that is due. An import that began goes on whatever the time, and a review stays open until it is done. */
export function endDue(request: Request, now: number): End | undefined {
  if (request.subject.kind === 'review') return undefined;
  if (request.state === 'resolving')
    return now < request.createdAt + resolveWithin
      ? undefined
      : end('refused', 'resolve-timeout', 'The evidence could not be collected within a minute. Ask again.');
  if (!waitingStates.has(request.state) || now < endsAt(request)) return undefined;
  return request.approvedAt === undefined
    ? end('expired', 'not-approved-in-time', 'Nobody approved it in time. Ask again.')
    : end('expired', 'approval-lapsed', 'The approval was not used in time. Ask again.');
}

/** Reminders, the escalation and the alarm of an overdue review that are due; each comes once. */
export function noticesDue(request: Request, now: number): readonly Event[] {
  if (request.state !== 'pending') return [];
  const { subject, alarm, escalation, escalatedAt, reminded = 0 } = request;
  const events: Event[] = [];
  const count = reminderTimes(request).filter((time) => time <= now).length;
  if (count > reminded) events.push({ kind: 'reminded', count });
  if (escalation && escalatedAt === undefined && now >= request.createdAt + escalation.after)
    events.push({ kind: 'escalated', to: escalation.to });
  if (subject.kind === 'review' && alarm === undefined && now >= request.expiresAt)
    events.push({
      kind: 'alarmed',
      text: `Nobody has reviewed the break-glass of ${subject.request} in time.`,
    });
  return events;
}

/** When time changes something next, in milliseconds. */
export function nextMoment(request: Request): number {
  const { createdAt, expiresAt, escalation, escalatedAt, reminded = 0, subject, alarm } = request;
  const notices =
    request.state !== 'pending'
      ? []
      : [
          ...reminderTimes(request).slice(reminded),
          ...(escalation && escalatedAt === undefined ? [createdAt + escalation.after] : []),
        ];
  if (subject.kind !== 'review') return Math.min(endsAt(request), ...notices);
  return Math.min(...notices, alarm === undefined ? expiresAt : Number.POSITIVE_INFINITY);
}

const reminderTimes = ({ createdAt, expiresAt }: Request): readonly number[] =>
  reminders.map((share) => createdAt + Math.round(share * (expiresAt - createdAt)));
