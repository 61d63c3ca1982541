import type { Request } from '../promotion/request.ts';
import { type Action, type Card, datetime } from './card.ts';
import { count, stateLabel } from './wording.ts';

/** A list of requests, newest first; the first five open ones can be opened by a button. */
export function requestsCard(requests: readonly Request[], filter: string): Card {
  const title =
    filter === 'mine' ? 'My requests' : filter === 'pending' ? 'Requests waiting for approval' : 'Requests';
  const open = requests.slice(0, 5).map(
    (request): Action => ({
      action: 'request',
      label: `Open ${request.id}`,
      accessibilityLabel: `Open ${request.id}, ${whatOf(request)}`,
      value: { v: 1, id: request.id, nonce: '' },
    }),
  );
  return {
    name: 'requests',
    title,
    summary: requests.length === 0 ? `${title}: none.` : `${title}: ${count(requests.length, 'request')}.`,
    blocks: [
      { kind: 'heading', text: title },
      ...(requests.length === 0
        ? [
            {
              kind: 'text',
              text: 'None. Ask for a promotion with: /acr promote IMAGE from STAGE to STAGE because REASON',
            } as const,
          ]
        : [
            {
              kind: 'table',
              caption: title,
              columns: [
                { title: 'Id' },
                { title: 'What', weight: 3 },
                { title: 'State', weight: 2 },
                { title: 'Asked by' },
                { title: 'When', weight: 2 },
              ],
              rows: requests.map((request) => [
                request.id,
                whatOf(request),
                stateLabel[request.state],
                request.requester,
                [datetime(request.createdAt)],
              ]),
            } as const,
            { kind: 'actions', actions: open } as const,
          ]),
    ],
  };
}

function whatOf({ subject }: Request): string {
  if (subject.kind === 'promotion') return `${subject.repository}:${subject.tag} → ${subject.toStage}`;
  return subject.kind === 'waiver'
    ? `waive ${subject.rule} on ${subject.scope}`
    : `review of ${subject.request}`;
}
