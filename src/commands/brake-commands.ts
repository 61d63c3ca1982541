// hold, resume, breakglass, review, close: what people do to a request besides asking for it and voting on it.
import { breakGlassForm, reviewForm } from '../cards/forms.ts';
import { groupsOf, hasRight } from '../policy/lookup.ts';
import type { Policy } from '../policy/policy.ts';
import { isTerminal, type Request } from '../promotion/request.ts';
import type { Answer } from '../ports.ts';
import type { Doors } from './doors.ts';
import { judgeNow } from './judge-now.ts';
import { refuse } from './refuse.ts';
import { actorOf, decideOn, findRequest, voteOn } from './request-commands.ts';
import { viewRequest } from './request-view.ts';
import type { Call, Verb } from './verb.ts';
import { edgeOf } from './ways.ts';

export const hold: Verb = {
  name: 'hold',
  words: 1,
  usage: 'hold ID [because REASON]',
  summary: 'Stops a request before its import: nobody can vote, nothing is imported. Its clock runs on.',
  examples: ['hold P-7K3QX because "a fix is coming"'],
  access: 'mapped',
  writes: true,
  run: async (call, doors) => {
    const found = await findRequest(call, doors);
    if ('kind' in found) return found;
    const { because } = call.arguments;
    const person = call.person ?? '';
    return decideOn(call, doors, found, {
      kind: 'hold',
      person,
      may: mayHold(doors.policy(), found, person),
      ...(because && { reason: because }),
    });
  },
};

export const resume: Verb = {
  name: 'resume',
  words: 1,
  usage: 'resume ID',
  summary: 'Ends a hold: the request goes to where its votes and its evidence of now put it.',
  examples: ['resume P-7K3QX'],
  access: 'mapped',
  writes: true,
  run: async (call, doors) => {
    const found = await findRequest(call, doors);
    if ('kind' in found) return found;
    const { subject } = found;
    if (subject.kind !== 'promotion')
      return refuse('wrong-state', `${found.id} is no promotion: only those are held and resumed.`);
    const person = call.person ?? '';
    const may = mayHold(doors.policy(), found, person);
    const judged = await judgeNow(doors, found, subject);
    if (judged.kind !== 'judge') return decideOn(call, doors, found, judged);
    return decideOn(call, doors, found, { kind: 'resume', person, may, judgement: judged.judgement });
  },
};

export const breakGlass: Verb = {
  name: 'breakglass',
  words: 1,
  usage: 'breakglass ID ticket TICKET because REASON',
  summary:
    'In an emergency: passes quorum, windows, freezes and soak. Somebody else must review it afterwards.',
  examples: ['breakglass P-7K3QX ticket INC-4711 because "the shop is down"'],
  access: 'mapped',
  writes: true,
  run: async (call, doors) => {
    const found = await findRequest(call, doors);
    if ('kind' in found) return found;
    const { subject } = found;
    const glass = doors.policy().breakGlass;
    if (subject.kind !== 'promotion' || !glass?.stages.includes(subject.toStage))
      return refuse(
        'no-glass',
        `The policy has no break-glass for ${found.id}. See breakGlass in the policy.`,
      );
    const { reason, ticket } = reasonAndTicket(call);
    const person = call.person ?? '';
    const judged = await judgeNow(doors, found, subject);
    if (judged.kind !== 'judge') return decideOn(call, doors, found, judged);
    return decideOn(call, doors, found, {
      kind: 'break-glass',
      person,
      may: groupsOf(doors.policy(), person).includes(glass.group),
      reason,
      ticket,
      reviewWithin: glass.reviewWithin,
      judgement: judged.judgement,
    });
  },
};

/** The ticket is named by word, or at the end of the reason: both are how people write it. */
function reasonAndTicket({ arguments: { because = '', words } }: Call): { reason: string; ticket: string } {
  const trailing = /^([\s\S]*?)\s*\bticket\s+(\S+)\s*$/i.exec(because);
  const named = words['ticket'];
  const [reason = '', ticket = ''] =
    named !== undefined || !trailing ? [because, named] : [trailing[1], trailing[2]];
  return { reason: reason.slice(0, 500), ticket: ticket.slice(0, 100) };
}

export const review: Verb = {
  name: 'review',
  words: 1,
  usage: 'review ID because WHAT-YOU-FOUND',
  summary: 'Ends the review of a break-glass. ID is the request, or the review itself.',
  examples: ['review P-7K3QX because "the fix was right, the soak is made up for"'],
  access: 'mapped',
  writes: true,
  run: async (call, doors) => {
    const named = await findRequest(call, doors);
    if ('kind' in named) return named;
    const found = named.subject.kind === 'review' ? named : await reviewOf(doors, named.id);
    if (!found)
      return refuse('nothing-to-review', `${named.id} has no review: nobody broke the glass for it.`);
    if (!call.arguments.because?.trim())
      return refuse('reason-needed', `Say what you found: /acr review ${named.id} because ...`, {
        field: 'reason',
      });
    return voteOn(call, doors, found, 'approve');
  },
};

export const close: Verb = {
  name: 'close',
  words: 1,
  usage: 'close ID because REASON',
  summary: 'Says that an alarm of a request was looked at. Its state stays what it is.',
  examples: ['close P-7K3QX because "the tag was removed and the pipeline mended"'],
  access: 'mapped',
  writes: true,
  run: async (call, doors) => {
    const found = await findRequest(call, doors);
    if ('kind' in found) return found;
    const person = call.person ?? '';
    if (!hasRight(doors.policy(), person, 'admin'))
      return refuse('not-eligible', 'Only admins of the policy close alarms. See who: /acr whoami');
    if (found.alarm === undefined) return refuse('nothing-to-close', `${found.id} has no alarm.`);
    const why = call.arguments.because?.trim();
    if (!why) return refuse('reason-needed', `Say why: /acr close ${found.id} because ...`);
    await doors.ledger.audit({
      at: doors.clock(),
      actor: actorOf(call),
      action: 'alarm-closed',
      subject: found.id,
      facts: { why: why.slice(0, 500) },
    });
    await doors.ledger.enqueue({
      key: `publish:${found.id}:closed:${doors.clock()}`,
      kind: 'publish',
      payload: { id: found.id, version: found.version },
      runAt: doors.clock(),
    });
    doors.wake();
    return { kind: 'updated', card: await viewRequest(doors, found) };
  },
};

/** The forms behind the buttons "Break glass ..." and "Reviewed ...". */
export async function openBrakeForm(
  call: Call,
  doors: Doors,
  form: 'breakglass' | 'review',
): Promise<Answer> {
  const found = await findRequest(call, doors);
  if ('kind' in found) return found;
  if (isTerminal(found) || (call.nonce && call.nonce !== found.nonce))
    return {
      kind: 'updated',
      card: await viewRequest(doors, found),
      note: `${found.id} is ${found.state}: this card was old.`,
    };
  return {
    kind: 'form',
    form: form === 'review' ? reviewForm(found.id, found.nonce) : breakGlassForm(found.id, found.nonce),
  };
}

async function reviewOf(doors: Doors, id: string): Promise<Request | undefined> {
  const open = await doors.ledger.requests({ states: ['pending', 'granted', 'rejected'], limit: 10_000 });
  return open.find((each) => each.subject.kind === 'review' && each.subject.request === id);
}

/** An approver of its way, or an admin; the requester may in any case. */
function mayHold(policy: Policy, { subject }: Request, person: string): boolean {
  if (hasRight(policy, person, 'admin')) return true;
  const edge = subject.kind === 'promotion' ? edgeOf(policy, subject) : undefined;
  const groups = groupsOf(policy, person);
  return edge?.approvals?.rules.some((rule) => groups.includes(rule.group)) ?? false;
}
