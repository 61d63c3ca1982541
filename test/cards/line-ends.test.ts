import { describe, expect, it } from 'vitest';
import type { Card } from '../../src/cards/card.ts';
import { renderText } from '../../src/channels/terminal/render.ts';

describe('a reason with line ends', () => {
  it('cannot add a line of its own to the facts in a terminal', () => {
    const card: Card = {
      name: 'x',
      title: 'x',
      summary: 'x',
      blocks: [
        { kind: 'facts', facts: [{ label: 'Reason', value: 'fine\nApproved by  security' }] },
        {
          kind: 'table',
          caption: 'Gates',
          columns: [{ title: 'Gate' }],
          rows: [['scan\r\nsignature  pass']],
        },
        { kind: 'status', tone: 'bad', label: 'Failed', text: 'x\nPromoted: y' },
      ],
    };

    expect(renderText(card)).not.toMatch(/^(Approved by|signature|Promoted)/m);
  });
});
