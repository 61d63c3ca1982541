import { describe, expect, it } from 'vitest';
import { renderText } from '../../../src/channels/terminal/render.ts';
import { rendererContract } from '../renderer-contract.ts';

// oxlint-disable-next-line no-control-regex -- these are what must not reach a terminal
const steering = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

rendererContract({
  name: 'the terminal',
  render: (card) => renderText(card),
  wordsOf: String,
  problemsOf: (rendered) => (steering.test(String(rendered)) ? ['a character that steers the terminal'] : []),
  hasCharts: false,
  hasButtons: false,
  hasCommands: true,
});

describe('the terminal', () => {
  it('says what buttons would do as commands, and leaves forms and refresh out', () => {
    const action = (name: string, id: string) =>
      ({ action: name, label: name, accessibilityLabel: name, value: { v: 1, id, nonce: '' } }) as const;
    const card = {
      name: 'x',
      title: 'x',
      summary: 'x',
      blocks: [
        {
          kind: 'actions',
          actions: [action('check', 'CR-3'), action('form:reject', 'P-1'), action('refresh', '')],
        },
      ],
    } as const;

    expect(renderText(card)).toBe('Next: acr-warden check CR-3');
  });
});
