import type { Request, Subject } from '../promotion/request.ts';
import type { Block, Card, Line } from './card.ts';
import { captionOn, type Paging, rowsOn, turnBlocks, turnOf } from './pages.ts';
import { clip, count } from './wording.ts';

type Waiver = Extract<Subject, { kind: 'waiver' }>;

const rowsOnPage = 15;

/** Waivers in force, the ones that end first on top, and what is asked for. */
export function waiversCard(
  granted: readonly { readonly request: Request; readonly subject: Waiver }[],
  asked: readonly Request[],
  now: number,
  paging: Paging,
): Card {
  const sorted = [...granted].sort((a, b) => a.subject.until - b.subject.until);
  const soon = sorted.filter(({ subject }) => subject.until - now < 14 * 24 * 3_600_000).length;
  const summary =
    granted.length === 0
      ? 'No waivers are in force.'
      : `${count(granted.length, 'waiver')} in force, ${soon} ending within two weeks.`;
  const blocks: Block[] = [
    { kind: 'heading', text: 'Waivers' },
    {
      kind: 'status',
      tone: soon > 0 ? 'warning' : 'neutral',
      label: soon > 0 ? 'Ending soon' : granted.length > 0 ? 'In force' : 'None',
      text: summary,
    },
  ];
  const turn = turnOf(paging, [sorted.length, rowsOnPage]);
  if (sorted.length > 0) {
    blocks.push({
      kind: 'table',
      caption: captionOn(turn, 'First to end first', sorted.length, rowsOnPage),
      columns: [
        { title: 'Rule' },
        { title: 'On', weight: 2 },
        { title: 'Until', weight: 2 },
        { title: 'By', weight: 2 },
        { title: 'Why', weight: 3 },
      ],
      rows: rowsOn(turn, sorted, rowsOnPage).map(({ request, subject }): readonly Line[] => [
        subject.rule,
        subject.scope,
        [{ kind: 'time', at: subject.until, style: 'date' }],
        request.votes.find((vote) => vote.decision === 'approve')?.person ?? '',
        clip(request.reason, 200),
      ]),
    });
  }
  if (asked.length > 0)
    blocks.push({ kind: 'text', text: `Asked for: ${asked.map((request) => request.id).join(', ')}` });
  blocks.push(...turnBlocks(turn), {
    kind: 'context',
    text: 'A waiver ends by itself when the value it was granted for changes.',
  });
  return { name: 'waivers', title: 'Waivers', summary, blocks };
}
