// The approval machine: what a command does to a request. Pure: time, nonces and hashes come in, and what comes out are
// events for evolve.ts, or a refusal, or both (a late vote is refused and also expires the request).
import { breakGlass, cancel, hold, letPass, resume } from './brakes.ts';
import type { Decided } from './decided.ts';
import { end, nothing, refuse } from './decided.ts';
import { type Hash, judge, moved } from './judgement.ts';
import type { Command } from './machine.ts';
import { isTerminal, type Request } from './request.ts';
import { begin, mismatch, stepDone, stepFailed } from './steps.ts';
import { endDue, noticesDue } from './timing.ts';
import { vote } from './voting.ts';

/** Commands of people: what came too late is refused, not only passed over. */
const byPeople: ReadonlySet<Command['kind']> = new Set(['vote', 'hold', 'resume', 'break-glass']);

/** What `command` does to `request` (absent only for `ask`) at `now`, in milliseconds. */
export function decide(request: Request | undefined, command: Command, now: number, hash: Hash): Decided {
  if (!request) {
    return command.kind === 'ask'
      ? { events: [{ kind: 'asked', command }] }
      : refuse('not-found', 'There is no such request.');
  }
  const due = endDue(request, now);
  if (!due) return act(request, command, now, hash);
  const late: Decided = { events: [due] };
  return byPeople.has(command.kind) ? { ...late, refusal: { code: 'expired', text: due.text } } : late;
}

function act(request: Request, command: Command, now: number, hash: Hash): Decided {
  switch (command.kind) {
    case 'ask':
      return refuse('wrong-state', `${request.id} exists already.`);
    case 'judge':
      return canChange(request) && request.state !== 'held'
        ? { events: judge(request, command.judgement, now, hash).events }
        : nothing;
    case 'refuse':
      return canChange(request)
        ? end(request.state === 'resolving' ? 'refused' : 'superseded', command.code, command.text)
        : nothing;
    case 'vote':
      return vote(request, command, now, hash);
    case 'cancel':
      return cancel(request, command);
    case 'hold':
      return hold(request, command);
    case 'resume':
      return resume(request, command, now, hash);
    case 'break-glass':
      return breakGlass(request, command, now, hash);
    case 'let-pass':
      return letPass(request, command, now, hash);
    case 'tick':
      return { events: noticesDue(request, now) };
    case 'moved':
      return canChange(request) && request.evidence && request.evidence.digest !== command.sourceDigest
        ? { events: [moved(request.evidence.digest, command.sourceDigest)] }
        : nothing;
    case 'begin':
      return begin(request, command, now, hash);
    case 'step-done':
      return stepDone(request, command.step);
    case 'step-failed':
      return stepFailed(request, command, now);
    case 'mismatch':
      return canChange(request) && !request.evidence ? nothing : mismatch(request, command.digest);
  }
}

/** Before its import has begun. */
const canChange = (request: Request): boolean =>
  request.subject.kind === 'promotion' &&
  !isTerminal(request) &&
  request.state !== 'importing' &&
  request.state !== 'locking';
