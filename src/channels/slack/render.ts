// The neutral card as Block Kit. Pure: the same card is always the same blocks. Untrusted words stand in rich text and
// plain text only, and nothing here can grow past Slack's limits.
import type { Action, Block, Card, Line, Tone } from '../../cards/card.ts';
import { pieces } from '../../cards/card.ts';
import { cleanLine } from '../../cards/clean.ts';
import { clip } from '../../cards/wording.ts';
import { chartBlocks, progressBlocks, type Room, tableBlocks } from './data-blocks.ts';
import { fitBlocks } from './fit.ts';
import { twinLines } from './text-twin.ts';
import { limits } from './limits.ts';
import {
  dateFormat,
  inlineElements,
  type Json,
  plainText,
  richText,
  section,
  textElements,
  utc,
} from './rich-text.ts';

export { renderModal } from './modal.ts';

export interface RenderedMessage {
  /** All the card says, the summary first: notifications and screen readers. Escaped for mrkdwn. */
  readonly text: string;
  readonly blocks: object[];
}

export type Surface = 'message' | 'home';

/**
 * A card as `text` and `blocks` of a message, or of the Home, which takes a table and no charts. `native: false` draws tables,
 * charts and progress as text, for a workspace that answers `invalid_blocks` to the newer blocks.
 */
export function renderMessage(
  card: Card,
  { native = true, surface = 'message' }: { readonly native?: boolean; readonly surface?: Surface } = {},
): RenderedMessage {
  const blocks = blocksOf(card, native ? nativeRoom[surface] : noRoom);
  return {
    text: textOf(card),
    blocks: fitBlocks(blocks.length > 0 ? blocks : textBlock(card.summary || card.title || '–')),
  };
}

const noRoom: Room = { tables: 0, charts: 0, plans: 0 };
const nativeRoom: Readonly<Record<Surface, Room>> = {
  message: { tables: limits.tablesInMessage, charts: limits.chartsInMessage, plans: limits.plansInMessage },
  home: { ...noRoom, tables: limits.tablesInMessage },
};

function blocksOf(card: Card, given: Room): readonly Json[] {
  const room = { ...given };
  const used = new Map<string, number>();
  return card.blocks.flatMap((block) => renderBlock(block, room, used));
}

/** The summary, and below it each line of the card that it does not say already. */
function textOf(card: Card): string {
  const summary = cleanLine(card.summary || card.title).trim() || '–';
  const said = `${cleanLine(card.title)}\n${summary}`;
  const more = twinLines(blocksOf(card, noRoom)).filter(
    (line) => !said.includes(line.replace(sign, '').trim()),
  );
  return clip([summary, ...more].map(escapeText).join('\n'), limits.chatText).replace(/&[a-z]*…$/, '…');
}

const sign = /^[•✓!✗–] /;

/** Text for mrkdwn places: `&`, `<` and `>` are the only characters Slack reads as control. */
const escapeText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

function renderBlock(block: Block, room: Room, used: Map<string, number>): readonly Json[] {
  switch (block.kind) {
    case 'heading':
      return [{ type: 'header', text: plainText(block.text, limits.header) }];
    case 'text':
      return textBlock(block.text, block.tone);
    case 'facts':
      return richText(
        block.facts.map((fact) =>
          section(...textElements(`${fact.label}: `, { bold: true }), ...inlineElements(fact.value)),
        ),
      );
    case 'table':
      return tableBlocks(block, room);
    case 'chart':
      return chartBlocks(block, room);
    case 'progress':
      return progressBlocks(block, room);
    case 'status':
      return richText([
        section(
          ...textElements(`${signs[block.tone]} `),
          ...textElements(block.label, { bold: true }),
          ...textElements(block.text ? `\n${block.text}` : ''),
        ),
      ]);
    case 'image':
      return richText([imageSection(block)]);
    case 'actions':
      return actionBlocks(block.actions, used);
    case 'inputs':
      return actionBlocks([formButton(block)], used);
    case 'context':
      return contextBlock(block.text);
    case 'divider':
      return [{ type: 'divider' }];
  }
}

/** A sign beside the word, so that no state is told by colour alone. */
const signs: Readonly<Record<Tone, string>> = { neutral: '•', good: '✓', warning: '!', bad: '✗', muted: '–' };

function textBlock(line: Line, tone?: Tone): readonly Json[] {
  const elements = inlineElements(line);
  if (elements.length === 0) return [];
  const sign = tone && tone !== 'neutral' && tone !== 'muted' ? textElements(`${signs[tone]} `) : [];
  return richText([section(...sign, ...elements)]);
}

function imageSection(image: Extract<Block, { kind: 'image' }>): Json {
  return section(
    ...textElements(`${image.label}: `, { bold: true }),
    ...textElements(image.reference, { code: true }),
    ...(image.digest ? [...textElements('\n'), ...textElements(image.digest, { code: true })] : []),
  );
}

function contextBlock(line: Line): readonly Json[] {
  const all = pieces(line);
  const simple = all.every((piece) => piece.kind !== 'link') && all.length <= limits.contextElements;
  if (!simple) return textBlock(line);
  const elements = all.flatMap((piece): readonly Json[] => {
    if (piece.kind === 'time') return [dateToken(piece.at, piece.style)];
    const text = 'text' in piece ? cleanLine(piece.text).trim() : '';
    return text === '' ? [] : [plainText(text, limits.text)];
  });
  return elements.length > 0 ? [{ type: 'context', elements }] : [];
}

/** The one mrkdwn this renderer writes: a date token of numbers of ours, which nobody else's words can reach. */
const dateToken = (at: number, style: 'date' | 'datetime'): Json => ({
  type: 'mrkdwn',
  text: `<!date^${Math.floor(at / 1000)}^${dateFormat[style]}|${utc(at, style)}>`,
});

const formButton = ({ form }: Extract<Block, { kind: 'inputs' }>): Action => ({
  action: `form:${form.name}`,
  label: `${form.title} …`,
  accessibilityLabel: `${form.title}: opens a form`,
  style: 'primary',
  value: form.value,
});

function actionBlocks(actions: readonly Action[], used: Map<string, number>): readonly Json[] {
  const buttons = actions.flatMap((action) => button(action, used));
  const blocks: Json[] = [];
  for (let from = 0; from < buttons.length; from += limits.actionsElements)
    blocks.push({ type: 'actions', elements: buttons.slice(from, from + limits.actionsElements) });
  return blocks;
}

/** No button where its value would not fit: half an id must never be clicked. */
function button(action: Action, used: Map<string, number>): readonly Json[] {
  const { v, id, nonce } = action.value;
  const value = JSON.stringify({ v, id, nonce });
  if (value.length > limits.buttonValue) return [];
  const { confirm } = action;
  return [
    {
      type: 'button',
      action_id: actionId(action.action, used),
      text: plainText(action.label, limits.buttonText),
      accessibility_label: plainText(action.accessibilityLabel, limits.accessibilityLabel)['text'],
      value,
      ...(action.style && { style: action.style }),
      ...(confirm && {
        confirm: {
          title: plainText(confirm.title, limits.confirmTitle),
          text: plainText(confirm.text, limits.confirmText),
          confirm: plainText(confirm.confirm, limits.confirmButton),
          deny: plainText(confirm.deny, limits.confirmButton),
        },
      }),
    },
  ];
}

/** The action's name; a name that a message has twice gets a number, because ids must differ. */
function actionId(action: string, used: Map<string, number>): string {
  const name = clip(action, 200);
  const count = (used.get(name) ?? 0) + 1;
  used.set(name, count);
  return count === 1 ? name : `${name}#${count}`;
}

/** The action's name of a button's action id. */
export const actionName = (id: string): string => id.replace(/#\d+$/, '');
