// A request that nobody asked for: what its card would show, without state and buttons.
import type { GateResult } from '../promotion/request.ts';
import type { Card } from './card.ts';
import { requestCard } from './request-card.ts';
import type { RequestView } from './request-facts.ts';

/** `stops`: the gates that would block it. */
export function dryRunCard(view: RequestView, stops: readonly GateResult[]): Card {
  const card = requestCard(view);
  const title = stops.length > 0 ? 'Dry run: it would be blocked' : 'Dry run: it could be asked for';
  const why = stops.map((gate) => `${gate.gate}: ${gate.detail}`).join(' ');
  return {
    ...card,
    name: 'dry-run',
    title,
    summary: `${title}. ${why}`.trim(),
    blocks: [
      {
        kind: 'status',
        tone: stops.length > 0 ? 'bad' : 'good',
        label: stops.length > 0 ? 'It would be blocked' : 'It could be asked for',
        text:
          stops.length > 0
            ? `Stopped by ${stops.map(({ gate }) => gate).join(', ')}; the table of gates says what each saw.`
            : 'Nothing was stored and nobody was asked.',
      },
      ...card.blocks.filter((block) => block.kind !== 'actions' && block.kind !== 'status'),
    ],
  };
}
