// The buttons of a request: only those that can do something in its state. Who may press them is judged when it is done.
import type { Request } from '../promotion/request.ts';
import type { Action, Block } from './card.ts';
import type { RequestView } from './request-facts.ts';

export function requestActions(view: RequestView, what: string): readonly Block[] {
  const { request } = view;
  const mayPress = pressers(view);
  const make = (action: string, label: string, more: Partial<Action> = {}): Action => ({
    action,
    label,
    accessibilityLabel: `${label.replace(/ …$/, '')} ${request.id}, ${what}`,
    value: { v: 1, id: request.id, nonce: request.nonce },
    ...(mayPress[action] && { for: mayPress[action] }),
    ...more,
  });
  const actions = actionsOf(view, make);
  return actions.length > 0 ? [{ kind: 'actions', actions }] : [];
}

/** People for whom a button does something; none are named where not all are known. */
function pressers({ request, people }: RequestView): Readonly<Record<string, readonly string[]>> {
  if (!people) return {};
  const { deciders, admins, glass } = people;
  const own = [request.requester, ...admins];
  return {
    approve: deciders,
    'form:reject': deciders,
    'form:review': deciders,
    hold: [...own, ...deciders],
    resume: [...own, ...deciders],
    cancel: own,
    'form:breakglass': glass,
  };
}

type Make = (action: string, label: string, more?: Partial<Action>) => Action;

function actionsOf({ request, hasGlass }: RequestView, make: Make): readonly Action[] {
  const cancel = make('cancel', 'Cancel', {
    confirm: {
      title: 'Cancel the request?',
      text: `${request.id} ends. It can be asked for again.`,
      confirm: 'Cancel it',
      deny: 'Keep it',
    },
  });
  const approve = make('approve', 'Approve', { style: 'primary' });
  const reject = make('form:reject', 'Reject …', { style: 'danger' });
  const hold = make('hold', 'Hold');
  const glass = hasGlass && !request.glass ? [make('form:breakglass', 'Break glass …')] : [];
  if (request.subject.kind === 'review')
    return request.state === 'pending'
      ? [make('form:review', 'Reviewed …', { style: 'primary' }), reject]
      : [];
  const isPromotion = request.subject.kind === 'promotion';
  switch (request.state) {
    case 'pending':
      return isPromotion ? [approve, reject, hold, cancel, ...glass] : [approve, reject, cancel];
    case 'blocked':
      return [hold, cancel, ...glass];
    case 'held':
      return [make('resume', 'Resume'), cancel];
    case 'approved':
    case 'waiting':
      return [hold, cancel, ...glass];
    case 'superseded':
    case 'expired':
    case 'failed':
      return askAgain(request, make);
    case 'resolving':
    case 'importing':
    case 'locking':
    case 'promoted':
    case 'granted':
    case 'refused':
    case 'rejected':
    case 'cancelled':
    case 'quarantined':
      return [];
  }
}

/** Opens the form, filled in. A rollback is asked for by its own words. */
function askAgain({ subject }: Request, make: Make): readonly Action[] {
  if (subject.kind !== 'promotion' || subject.rollback) return [];
  const { fromStage, toStage, repository, tag } = subject;
  const id = `${fromStage}>${toStage} ${repository}:${tag}`;
  return [make('form:promote', 'Ask again …', { value: { v: 1, id, nonce: '' } })];
}
