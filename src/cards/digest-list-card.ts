// Which digests are scheduled, where to, and their next runs.
import { type Card, datetime, type Inline, type Line, plain } from './card.ts';
import { count } from './wording.ts';

export interface ScheduledDigest {
  readonly name: string;
  readonly where: string;
  readonly about: string;
  /** Milliseconds. */
  readonly next: readonly number[];
  readonly paused?: string;
  /** Of the last one. */
  readonly note?: string;
}

export function digestListCard(digests: readonly ScheduledDigest[]): Card {
  const title = 'Scheduled digests';
  const none = 'None. In a channel: /acr digest subscribe weekly mon 09:00 Europe/Berlin prod';
  const table = {
    kind: 'table',
    caption: count(digests.length, 'digest'),
    columns: [
      { title: 'Digest' },
      { title: 'To' },
      { title: 'About' },
      { title: 'Next three runs', weight: 2 },
    ],
    rows: digests.map((each): readonly Line[] => [
      each.name,
      each.where,
      each.about,
      [
        ...(each.paused === undefined ? timesOf(each.next) : [plain(`paused: ${each.paused}`)]),
        ...(each.note === undefined ? [] : [plain(` · the last one ${each.note}`)]),
      ],
    ]),
  } as const;
  return {
    name: 'digest-list',
    title,
    summary: digests.length === 0 ? none : `${title}: ${digests.map(({ name }) => name).join(', ')}`,
    blocks: [{ kind: 'heading', text: title }, digests.length === 0 ? { kind: 'text', text: none } : table],
  };
}

const timesOf = (times: readonly number[]): readonly Inline[] =>
  times.flatMap((at, i) => (i === 0 ? [datetime(at)] : [plain(', '), datetime(at)]));
