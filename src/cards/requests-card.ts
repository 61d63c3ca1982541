import type { Request } from '../promotion/request.ts';
import { type Action, type Card, datetime, plain } from './card.ts';
import { captionOn, type Paging, rowsOn, turnBlocks, turnOf } from './pages.ts';
import { subjectText } from './subject-text.ts';
import { count, stateLabel } from './wording.ts';

const rowsOnPage = 20;
const titles: Readonly<Record<string, string>> = {
  mine: 'My requests',
  decide: 'Waiting for you',
  pending: 'Requests waiting for approval',
};

/** A list of requests, newest first; the first of a page can be opened by a button. */
export function requestsCard(requests: readonly Request[], filter: string, paging: Paging): Card {
  const title = (Object.hasOwn(titles, filter) && titles[filter]) || 'Requests';
  const turn = turnOf(paging, [requests.length, rowsOnPage]);
  const shown = rowsOn(turn, requests, rowsOnPage);
  const open = shown.slice(0, 5).map(
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
              text:
                filter === 'decide'
                  ? 'Nothing waits for you.'
                  : 'None. Ask for a promotion with: /acr promote IMAGE from STAGE to STAGE because REASON',
            } as const,
          ]
        : [
            {
              kind: 'table',
              caption: captionOn(turn, 'Newest first', requests.length, rowsOnPage),
              columns: [
                { title: 'Id', weight: 3 },
                { title: 'What', weight: 6, isClear: true },
                { title: 'State', weight: 5, isClear: true },
                { title: 'Asked by', weight: 5, isClear: true },
              ],
              rows: shown.map((request) => [
                request.id,
                whatOf(request),
                stateLabel[request.state],
                [plain(`${request.requester}, `), datetime(request.createdAt)],
              ]),
            } as const,
            ...turnBlocks(turn),
            { kind: 'actions', actions: open } as const,
          ]),
    ],
  };
}

const whatOf = ({ subject }: Request): string =>
  subject.kind === 'promotion' && !subject.rollback
    ? `${subject.repository}:${subject.tag} → ${subject.toStage}`
    : subjectText(subject).summary;
