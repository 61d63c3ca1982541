// The saga's hands: does the one effect that is due for a request and tells the machine what came of it. Everything here
// may be repeated: each step first looks whether it is done already.
import type { Command } from '../promotion/machine.ts';
import { endsAt, type Request, type SagaStep, type Subject } from '../promotion/request.ts';
import { nextEffect } from '../promotion/saga.ts';
import type { Lease } from '../ports.ts';
import { apply, beginImport, type Outcome, product } from './decisions.ts';
import type { Doors } from './doors.ts';
import { closedFor } from './freezes.ts';
import { judgeNow } from './judge-now.ts';
import { stepIncident, steps } from './saga-steps.ts';
import { edgeOf, refOf } from './ways.ts';

type Promotion = Extract<Subject, { kind: 'promotion' }>;

/** How often a request that waits looks whether its stage is open: a freeze can be lifted at any time. Milliseconds. */
const lookAgainAfter = 60_000;

/**
 * The job `step`: one effect of one version. An older version has nothing left to do: the newer one has its own job.
 * Gives the time at which to look again, where there is nothing to do yet.
 */
export async function runStep(lease: Lease, doors: Doors): Promise<number | undefined> {
  const request = await doors.ledger.request(String(lease.payload['id']));
  if (!request || request.version !== lease.payload['version']) return undefined;
  const again = await notBefore(doors, request);
  if (again === undefined) {
    const command = await doEffect(doors, request).catch((error: unknown) => giveUp(doors, request, error));
    const changed = command && (await tell(doors, request, command)).changed;
    // A blocked request whose evidence is as it was has no new version: the same job looks again.
    return changed || !command || request.state !== 'blocked'
      ? undefined
      : doors.clock() + lookAgainAfter * 5;
  }
  // What is due meanwhile happens here, whether or not there was anything to do.
  const { changed } = await apply(doors, request.id, { kind: 'tick' }, product);
  return changed ? undefined : again;
}

/** When to look again at a request for which nothing is to be done now. */
async function notBefore(doors: Doors, request: Request): Promise<number | undefined> {
  const effect = nextEffect(request);
  const now = doors.clock();
  if (effect?.kind === 'await') return Math.max(effect.until, now + 1000);
  if (effect?.kind === 'judge' && effect.at > now) return effect.at;
  const { subject } = request;
  if (request.state !== 'waiting' || subject.kind !== 'promotion' || request.glass) return undefined;
  const closed = await closedFor(doors, subject.toStage);
  if (!closed || closed.why !== request.waits?.why || closed.until !== request.waits.until) return undefined;
  return Math.min(closed.until ?? Number.POSITIVE_INFINITY, endsAt(request), now + lookAgainAfter);
}

/**
 * What could not be read stops nothing for ever: a refusal of Azure's ends a request that is being resolved, anything
 * else is tried again until the request's own time is over.
 */
async function giveUp(doors: Doors, request: Request, error: unknown): Promise<Command | undefined> {
  const { name, code, message, retry } = error as Partial<Error> & { code?: string; retry?: boolean };
  if (request.state === 'resolving' && name === 'AzureError' && retry === false)
    return { kind: 'refuse', code: code ?? 'azure', text: message ?? '' };
  const { changed } = await apply(doors, request.id, { kind: 'tick' }, product);
  if (!changed) throw error;
  return undefined;
}

/** What was judged again between the approval and the import begins the import. */
function tell(doors: Doors, request: Request, command: Command): Promise<Outcome> {
  const { id, subject } = request;
  if (command.kind !== 'judge' || nextEffect(request)?.kind !== 'begin' || subject.kind !== 'promotion')
    return apply(doors, id, command, product);
  return beginImport(doors, id, { stage: subject.toStage, judgement: command.judgement });
}

async function doEffect(doors: Doors, request: Request): Promise<Command | undefined> {
  const effect = nextEffect(request);
  const { subject } = request;
  if (!effect || subject.kind !== 'promotion') return undefined;
  switch (effect.kind) {
    case 'await':
      return { kind: 'tick' };
    case 'judge':
    // An approval is of what was seen: before the import it is looked at again.
    case 'begin':
      return judgeNow(doors, request, subject);
    case 'step':
      return takeStep(doors, request, subject, effect.step);
  }
}

async function takeStep(
  doors: Doors,
  request: Request,
  subject: Promotion,
  step: SagaStep,
): Promise<Command> {
  const policy = doors.policy();
  const edge = edgeOf(policy, subject);
  const digest = request.evidence?.digest;
  if (!edge || !digest) {
    const text = `The policy no longer has the way '${subject.edge}', so nothing is imported on it.`;
    return { kind: 'step-failed', step, retry: false, code: 'edge-gone', text };
  }
  try {
    return await steps[step]({
      doors,
      request,
      subject,
      identity: edge.identity,
      source: refOf(policy, subject.source),
      target: refOf(policy, subject.target),
      digest,
    });
  } catch (error) {
    return stepIncident(doors, request, step, error);
  }
}
