import { type Card, code, datetime } from './card.ts';
import { clip, count } from './wording.ts';

export interface AuditLine {
  readonly seq: number;
  readonly at: number;
  readonly person: string;
  readonly channel: string;
  readonly action: string;
  /** More of it, in short; may be empty. */
  readonly detail: string;
  readonly subject: string;
  readonly hash: string;
}

/** Rows of the audit, oldest first. */
export function auditCard(about: string, lines: readonly AuditLine[]): Card {
  const [first] = lines;
  // Whoever asks about one thing needs no column that repeats it.
  const isOfOne = lines.every(({ subject }) => subject.toLowerCase() === about.toLowerCase());
  const title = about ? `Audit of ${isOfOne && first ? first.subject : about}` : 'Audit, the newest rows';
  return {
    name: 'audit',
    title,
    summary: `${title}: ${count(lines.length, 'row')}.`,
    blocks: [
      { kind: 'heading', text: title },
      {
        kind: 'table',
        caption: 'Oldest first',
        columns: [
          { title: 'Row', align: 'end', weight: 3 },
          { title: 'When', weight: 4 },
          { title: 'Who', weight: 5 },
          { title: 'What', weight: 5 },
          ...(isOfOne ? [] : [{ title: 'About', weight: 4 }]),
          { title: 'Hash', weight: 7 },
        ],
        rows: lines.map((line) => [
          String(line.seq),
          [datetime(line.at)],
          `${line.person} (${line.channel})`,
          line.detail ? `${line.action}: ${clip(line.detail, 120)}` : line.action,
          ...(isOfOne ? [] : [line.subject]),
          [code(line.hash.slice(0, 12))],
        ]),
      },
    ],
  };
}
