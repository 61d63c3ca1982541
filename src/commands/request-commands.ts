// requests, request, approve, reject, cancel: the core decides, whichever chat it came from.
import { rejectForm } from '../cards/forms.ts';
import { requestsCard } from '../cards/requests-card.ts';
import { hasRight } from '../policy/lookup.ts';
import { closestName } from '../policy/closest.ts';
import { decide } from '../promotion/decide.ts';
import type { Command } from '../promotion/machine.ts';
import { excludedFrom } from '../promotion/quorum.ts';
import type { Request, StateName } from '../promotion/request.ts';
import type { Actor, Answer } from '../ports.ts';
import { apply } from './decisions.ts';
import type { Doors } from './doors.ts';
import { judgeNow } from './judge-now.ts';
import { refuse, readAction } from './refuse.ts';
import { viewRequest } from './request-view.ts';
import type { Call, Verb } from './verb.ts';
import { decidersOf } from './voters.ts';

const filters: Readonly<Record<string, readonly StateName[] | undefined>> = {
  all: undefined,
  mine: undefined,
  pending: ['resolving', 'blocked', 'pending', 'held'],
  waiting: ['approved', 'waiting', 'importing', 'locking'],
  decide: ['pending'],
};

/** Requests that can be turned to; older ones are in the audit. */
const mostListed = 500;

export const requests: Verb = {
  name: 'requests',
  words: 1,
  pages: true,
  usage: 'requests [mine, decide, pending, waiting, all] [--page N]',
  summary: 'Requests, newest first.',
  examples: ['requests', 'requests mine', 'requests decide'],
  access: 'mapped',
  writes: false,
  run: async (call, doors) => {
    const filter = call.arguments.positional[0]?.toLowerCase() ?? 'all';
    if (!Object.hasOwn(filters, filter))
      return refuse(
        'unknown-filter',
        `There is no list '${filter.slice(0, 40)}'. Must be one of: ${Object.keys(filters).join(', ')}.`,
      );
    const states = filters[filter];
    const found = await doors.ledger.requests({
      limit: mostListed,
      ...(states && { states }),
      ...(filter === 'mine' && { requester: call.person ?? '' }),
    });
    const listed =
      filter === 'decide' ? found.filter((each) => waitsFor(doors, call.person ?? '', each)) : found;
    return { kind: 'card', card: requestsCard(listed, filter, call.paging), visibility: 'private' };
  },
};

/** Whether this person can decide it and has not. */
function waitsFor(doors: Doors, person: string, asked: Request): boolean {
  const groups = decidersOf(doors.policy(), asked).groups(person);
  const isDecider = (asked.quorum?.rules ?? []).some((rule) => groups.includes(rule.group));
  const isDone = asked.votes.some((vote) => vote.person === person);
  return isDecider && !isDone && !excludedFrom(asked).includes(person);
}

export const request: Verb = {
  name: 'request',
  words: 1,
  usage: 'request ID',
  summary: 'One request in full.',
  examples: ['request P-7K3QX'],
  access: 'mapped',
  writes: false,
  run: async (call, doors) => {
    const found = await findRequest(call, doors);
    return 'kind' in found
      ? found
      : { kind: 'card', card: await viewRequest(doors, found), visibility: 'private' };
  },
};

export const approve: Verb = {
  name: 'approve',
  words: 1,
  usage: 'approve ID',
  summary: 'Approves a request; the same as the button.',
  examples: ['approve P-7K3QX'],
  access: 'mapped',
  writes: true,
  run: (call, doors) => vote(call, doors, 'approve'),
};

export const reject: Verb = {
  name: 'reject',
  words: 1,
  usage: 'reject ID because REASON',
  summary: 'Rejects a request for good, with a reason.',
  examples: ['reject P-7K3QX because "the CVE is not fixed"'],
  access: 'mapped',
  writes: true,
  run: (call, doors) => vote(call, doors, 'reject'),
};

export const cancel: Verb = {
  name: 'cancel',
  words: 1,
  usage: 'cancel ID [because REASON]',
  summary: 'Takes a request back, before its import begins.',
  examples: ['cancel P-7K3QX'],
  access: 'mapped',
  writes: true,
  run: async (call, doors) => {
    const found = await findRequest(call, doors);
    if ('kind' in found) return found;
    const person = call.person ?? '';
    const { because } = call.arguments;
    return decideOn(call, doors, found, {
      kind: 'cancel',
      person,
      admin: hasRight(doors.policy(), person, 'admin'),
      ...(because && { reason: because }),
    });
  },
};

/** The form behind the button "Reject ...". */
export async function openRejectForm(call: Call, doors: Doors): Promise<Answer> {
  const found = await findRequest(call, doors);
  if ('kind' in found) return found;
  if (found.state !== 'pending' || (call.nonce && call.nonce !== found.nonce)) {
    return {
      kind: 'updated',
      card: await viewRequest(doors, found),
      note: `${found.id} is ${found.state}: there is nothing to reject on this card.`,
    };
  }
  return { kind: 'form', form: rejectForm(found.id, found.nonce) };
}

async function vote(call: Call, doors: Doors, decision: 'approve' | 'reject'): Promise<Answer> {
  const found = await findRequest(call, doors);
  return 'kind' in found ? found : voteOn(call, doors, found, decision);
}

/** Rights, tag and evidence are looked up now: a card shows what was, a vote counts on what is. */
export async function voteOn(
  call: Call,
  doors: Doors,
  found: Request,
  decision: 'approve' | 'reject',
): Promise<Answer> {
  const person = call.person ?? '';
  const { subject } = found;
  const deciders = decidersOf(doors.policy(), found);
  const { because } = call.arguments;
  const ballot: Extract<Command, { kind: 'vote' }> = {
    kind: 'vote',
    person,
    decision,
    channel: call.account.channel,
    groups: deciders.groups(person),
    terms: deciders.terms ?? { gates: {} },
    ...(call.nonce && { nonce: call.nonce }),
    ...(because && { reason: because }),
  };
  if (subject.kind !== 'promotion' || !wantsEvidence(doors, found, ballot))
    return decideOn(call, doors, found, ballot);
  const judged = await judgeNow(doors, found, subject);
  if (judged.kind !== 'judge') return decideOn(call, doors, found, judged);
  return decideOn(call, doors, found, { ...ballot, judgement: judged.judgement });
}

/** A vote that cannot count whatever the evidence says, and a rejection, cost Azure nothing. */
function wantsEvidence(doors: Doors, found: Request, ballot: Extract<Command, { kind: 'vote' }>): boolean {
  if (found.state !== 'pending' || ballot.decision === 'reject') return false;
  const { refusal } = decide(found, ballot, doors.clock(), doors.ids.hash);
  return refusal?.code === 'wrong-state';
}

export const actorOf = (call: Call): Actor => ({
  person: call.person ?? '',
  channel: call.account.channel,
  account: call.account.user,
});

/** States that a click finds by looking again, and codes of what it may find: the card it was on shows what is. */
const showsCard = ['stale-card', 'wrong-state', 'expired', 'source-moved', 'evidence-changed'];

/** Does the command, and answers with the card as it is now, or with why not. */
export async function decideOn(call: Call, doors: Doors, found: Request, command: Command): Promise<Answer> {
  const actor = actorOf(call);
  const outcome = await apply(doors, found.id, command, actor);
  const current = outcome.request ?? found;
  const { refusal } = outcome;
  if (!refusal)
    return {
      kind: 'updated',
      card: await viewRequest(doors, current),
      // What looking again found, instead of what was asked for.
      ...(['moved', 'mismatch', 'refuse'].includes(command.kind) && { note: current.end?.text ?? '' }),
    };
  await doors.ledger.audit({
    at: doors.clock(),
    actor,
    action: `refused-${command.kind}`,
    subject: found.id,
    facts: { code: refusal.code },
  });
  if (showsCard.includes(refusal.code) && call.clicked) {
    return { kind: 'updated', card: await viewRequest(doors, current), note: refusal.text };
  }
  return refuse(refusal.code, refusal.text, refusal.code === 'reason-needed' ? { field: 'reason' } : {});
}

/** The request that is named, in any case; several words for the same id are not guessed between. */
export async function findRequest(call: Call, doors: Doors): Promise<Request | Answer> {
  const id = call.arguments.positional[0]?.toUpperCase();
  if (!id)
    return refuse('missing-argument', 'Which request? See them with: /acr requests', {
      suggestions: [readAction('requests', 'Show requests')],
    });
  const found = await doors.ledger.request(id);
  if (found) return found;
  const recent = (await doors.ledger.requests({ limit: 50 })).map((each) => each.id);
  const near = closestName(id, recent);
  return refuse(
    'unknown-request',
    `There is no request '${id.slice(0, 40)}'.${near ? ` Did you mean ${near}?` : ' See them with: /acr requests'}`,
    {
      suggestions: near
        ? [readAction('request', `Open ${near}`, near)]
        : [readAction('requests', 'Show requests')],
    },
  );
}
