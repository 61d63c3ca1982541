// What is known of an answer while registries are still being read: its card without buttons, which would act on half of it,
// and the progress at its end, where a chat shows what is newest.
import type { Block, Card, Step } from './card.ts';

/** Whether the registries were asked for their settings; repositories read, of those known by now; whose turn it is. */
export interface ReadingProgress {
  readonly settled: boolean;
  readonly done: number;
  readonly total: number;
  readonly registry?: string;
}

export function fillingCard(card: Card, progress: ReadingProgress): Card {
  const blocks = card.blocks.filter(({ kind }) => kind !== 'actions' && kind !== 'inputs');
  const plan: Block = { kind: 'progress', title: 'Still reading: this card fills', steps: stepsOf(progress) };
  return {
    ...card,
    summary: `Still reading: ${readText(progress)}. So far: ${card.summary}`,
    blocks: [...blocks, plan],
  };
}

const stepsOf = (progress: ReadingProgress): readonly Step[] => [
  { title: 'The registries, from Resource Graph', state: 'done' },
  { title: 'The settings of each registry', state: progress.settled ? 'done' : 'active' },
  { title: 'The repositories and their images', state: 'active', detail: readText(progress) },
];

/** `repositories read: 120 of 300, now in contosoprod`. */
export const readText = ({ done, total, registry }: ReadingProgress): string =>
  total === 0
    ? 'listing the repositories'
    : `repositories read: ${done} of ${total}${registry ? `, now in ${registry}` : ''}`;
