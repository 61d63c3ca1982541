// Words that strangers could put into tags, labels, reasons and names, each of which some chat would read as more than words.
import type { Card } from '../../src/cards/card.ts';
import { noticeCard } from '../../src/cards/refusal-card.ts';

export const pieces = [
  '<!channel>',
  '<!here|here>',
  '<!subteam^S01RELEASES>',
  '<@U01RUI>',
  '<#C01RELEASES|releases>',
  '<https://evil.example|Approve>',
  '<mailto:a@evil.example|mail>',
  'https://evil.example/login',
  '&lt;!everyone&gt;',
  '&amp;lt;@U1&amp;gt;',
  '<!date^1^{date}^https://evil.example|x>',
  '\u202e\u2066\u2069\u200f',
  '\u200b\u200d\u2060\ufeff',
  '`',
  '```',
  '*b* _i_ ~s~ >quote :tada:',
  '\ud83d',
  '\ude00',
  '\u{e0041}\u{e007f}',
  '\r\n\u2028\u0000\u001b[31m',
  '"}],"type":"mrkdwn',
  '[Approve](https://evil.example)',
  '![x](https://evil.example/pixel.png)',
  '<at>everyone</at>',
  '{{DATE(2017-02-14T06:08:39Z)}}',
  '${title}',
  'x'.repeat(5000),
] as const;

const inCard = 25;

/** So many words, `words` of them in each card, one in every place where a card shows words of others. */
export function* hostileCards(count: number): Generator<{ readonly card: Card; readonly words: number }> {
  const word = (n: number): string =>
    `${pieces[n % pieces.length]}${n}${pieces[(n * 7 + 3) % pieces.length]}${pieces[(n >> 4) % pieces.length]}`.slice(
      0,
      400,
    );
  for (let from = 0; from < count; from += inCard) {
    const words = Array.from({ length: Math.min(inCard, count - from) }, (_, n) => word(from + n));
    yield { card: cardOf(words), words: words.length };
  }
}

function cardOf([tag = '', name = '', reason = '', ...labels]: readonly string[]): Card {
  return {
    ...noticeCard(name, reason),
    blocks: [
      { kind: 'heading', text: name },
      { kind: 'image', label: name, reference: tag, digest: tag },
      { kind: 'facts', facts: labels.map((label) => ({ label, value: [{ kind: 'code', text: label }] })) },
      { kind: 'table', caption: name, columns: [{ title: tag }], rows: labels.map((label) => [label]) },
      { kind: 'context', text: reason },
      { kind: 'status', tone: 'bad', label: tag, text: reason },
      {
        kind: 'actions',
        actions: [
          {
            action: 'approve',
            label: tag,
            accessibilityLabel: reason,
            value: { v: 1, id: tag, nonce: name },
          },
        ],
      },
    ],
  };
}
