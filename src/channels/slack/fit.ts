// Slack takes 50 blocks a message. A card with more keeps all it says: what is text is put together, buttons stand at
// the end.
import { limits } from './limits.ts';
import { inlineElements, type Json, richText, section, textElements } from './rich-text.ts';

/** The blocks, at most 50, with everything they say. */
export function fitBlocks(blocks: readonly Json[]): Json[] {
  if (blocks.length <= limits.blocksInMessage) return [...blocks];
  const light = merge(blocks.filter((block) => block['type'] !== 'divider'));
  if (light.length <= limits.blocksInMessage) return light;
  const buttons = light.filter((block) => block['type'] === 'actions');
  const others = light.filter((block) => block['type'] !== 'actions');
  const texts = merge(others.map(asText));
  return [...texts, ...mergeActions(buttons)].slice(0, limits.blocksInMessage);
}

const partsOf = (block: Json): readonly Json[] => block['elements'] as readonly Json[];

/** Neighbours that are rich text become one block. */
function merge(blocks: readonly Json[]): Json[] {
  const merged: Json[] = [];
  let parts: Json[] = [];
  for (const block of blocks) {
    if (block['type'] === 'rich_text') {
      parts.push(...partsOf(block));
      continue;
    }
    merged.push(...richText(parts), block);
    parts = [];
  }
  return [...merged, ...richText(parts)];
}

/** Headings and small print as rich text; data blocks stay as they are. */
function asText(block: Json): Json {
  if (block['type'] === 'header') {
    const text = String((block['text'] as Json)['text']);
    return { type: 'rich_text', elements: [section(...textElements(text, { bold: true }))] };
  }
  if (block['type'] !== 'context') return block;
  const elements = partsOf(block).flatMap((element) =>
    element['type'] === 'mrkdwn' ? dateOf(String(element['text'])) : textElements(String(element['text'])),
  );
  return { type: 'rich_text', elements: [section(...elements)] };
}

/** The date token of a context line, back as a date. */
function dateOf(token: string): readonly Json[] {
  const seconds = Number(/^<!date\^(-?\d+)/.exec(token)?.[1] ?? 0);
  return inlineElements([{ kind: 'time', at: seconds * 1000, style: 'datetime' }]);
}

function mergeActions(blocks: readonly Json[]): Json[] {
  const buttons = blocks.flatMap(partsOf);
  const merged: Json[] = [];
  for (let from = 0; from < buttons.length; from += limits.actionsElements)
    merged.push({ type: 'actions', elements: buttons.slice(from, from + limits.actionsElements) });
  return merged;
}
