// Runs in the browser: draws samples with the workspace page's own hands, several to a sheet, and says what a designer would
// frown at and a program can measure.
import type { Json } from '../../src/sandbox/workspace/shapes.ts';
import { h } from '../../src/sandbox/workspace/page/dom.ts';
import { drawCard } from '../../src/sandbox/workspace/page/teams/card.ts';
import { drawPost } from '../../src/sandbox/workspace/page/teams/post.ts';
import { drawBlocks } from '../../src/sandbox/workspace/page/slack/blocks.ts';
import type { BlockContext } from '../../src/sandbox/workspace/page/slack/context.ts';
import { drawMessage } from '../../src/sandbox/workspace/page/slack/message.ts';
import { drawModal } from '../../src/sandbox/workspace/page/slack/modal.ts';
import { lookAt } from './look.ts';
import type { Sample } from './samples.ts';

const nothing = (): void => undefined;
const context = (errors: Readonly<Record<string, string>> = {}): BlockContext => ({
  names: {},
  surface: 'message',
  values: {},
  errors: { ...errors },
  act: async () => undefined,
  suggest: async () => [],
});
const handlers = { execute: async () => undefined, submit: async () => undefined, search: async () => [] };
const at = Date.UTC(2026, 10, 23, 13, 5);

function drawSlack({ kind, content, errors }: Sample): HTMLElement {
  if (kind === 'modal')
    return h(
      'dialog',
      { open: true, class: 'slack-dialog' },
      drawModal(content, context(errors), { submit: nothing, close: nothing }),
    );
  const blocks = content['blocks'] as Json[];
  if (kind === 'home') return h('div', { class: 'feed home blocks' }, ...drawBlocks(blocks, context()));
  const message = { channel: 'C', ts: String(at / 1000), user: 'acr-warden', bot: true, text: '' };
  return drawMessage({ ...message, blocks, isPrivate: false, edited: false }, context());
}

function drawTeams({ kind, title, heading, content }: Sample): HTMLElement {
  if (kind === 'modal')
    return h(
      'dialog',
      { open: true, class: 'teams-dialog' },
      h(
        'header',
        {},
        h('h2', {}, heading ?? title),
        h('button', { class: 'plain', 'aria-label': 'Close dialog' }, '×'),
      ),
      h('div', { class: 'dialog-body' }, drawCard(content, handlers)),
    );
  const post = { id: title, conversation: 'c', thread: title, from: 'ACR', fromBot: true, text: '' };
  return h(
    'div',
    { class: 'thread' },
    drawPost({ ...post, card: content, at, edited: false, isPrivate: false }, handlers),
  );
}

const columns = 3;
const tallest = 1800;

/** Draws the samples on as many sheets as they fill. */
function draw(chat: 'slack' | 'teams', samples: readonly Sample[]): void {
  document.body.replaceChildren();
  let heights: number[] = [];
  let places: HTMLElement[] = [];
  const begin = (): void => {
    places = Array.from({ length: Math.min(columns, samples.length) }, () => h('div', { class: 'column' }));
    heights = places.map(() => 0);
    document.body.append(h('section', { class: 'sheet' }, ...places));
  };
  begin();
  for (const sample of samples) {
    const drawn = chat === 'slack' ? drawSlack(sample) : drawTeams(sample);
    const figure = h(
      'figure',
      { class: 'sample' },
      h('figcaption', {}, sample.title),
      h('div', { class: `pane ${chat}` }, drawn),
    );
    const shortest = (): number => heights.indexOf(Math.min(...heights));
    places[shortest()]?.append(figure);
    const height = figure.offsetHeight;
    if (Math.min(...heights) > 0 && Math.min(...heights) + height > tallest) {
      begin();
      places[0]?.append(figure);
    }
    const column = shortest();
    heights[column] = (heights[column] ?? 0) + height;
  }
}

/** What is not well with the samples that are drawn, in the theme of now. */
const look = (): readonly string[] => [...document.querySelectorAll<HTMLElement>('.sample')].flatMap(lookAt);

Object.assign(globalThis, { draw, look });
