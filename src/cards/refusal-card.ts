import type { Action, Block, Card, Tone } from './card.ts';
import { withShortDigests } from './wording.ts';

/** A refusal: what is not done, why, and what to do instead. `suggestions` are safe to click (reads only). */
export function refusalCard(
  text: string,
  suggestions: readonly Action[] = [],
  details: readonly string[] = [],
): Card {
  const blocks: Block[] = [{ kind: 'status', tone: 'warning', label: 'Not done', text }];
  for (const detail of details) blocks.push({ kind: 'text', text: detail });
  if (suggestions.length > 0) blocks.push({ kind: 'actions', actions: suggestions });
  return { name: 'refusal', title: 'Not done', summary: text, blocks };
}

/** A short statement that something was done or taken on. */
export function noticeCard(title: string, text: string, tone: Tone = 'good'): Card {
  return {
    name: 'notice',
    title,
    summary: text,
    blocks: [{ kind: 'status', tone, label: title, text }],
  };
}

/** Somebody has to look at something now. */
export function alarmCard(title: string, text: string): Card {
  const short = withShortDigests(text);
  return {
    name: 'alarm',
    title,
    summary: short,
    blocks: [
      { kind: 'heading', text: title },
      { kind: 'status', tone: 'bad', label: 'Look at it', text: short },
    ],
  };
}

/** What happened to a request, as lines in the thread of its card. */
export const threadCard = (lines: readonly string[]): Card => ({
  name: 'line',
  title: lines[0] ?? '',
  summary: lines.join(' '),
  blocks: lines.map((text) => ({ kind: 'text', text })),
});
