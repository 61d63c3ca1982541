// rich_text blocks and the standard Markdown of markdown blocks.
import type { Json } from '../../shapes.ts';
import { slackDate } from '../clock.ts';
import { h } from '../dom.ts';
import { object, objects, words } from '../json.ts';
import { emojiOf, link, mention } from './mrkdwn.ts';

type Names = Readonly<Record<string, string>>;

export function richText(block: Json, names: Names): HTMLElement {
  return h('div', { class: 'rich-text' }, ...objects(block['elements']).map((one) => part(one, names)));
}

function part(element: Json, names: Names): HTMLElement {
  const inner = (): Node[] => objects(element['elements']).map((one) => inline(one, names));
  switch (element['type']) {
    case 'rich_text_list': {
      const items = objects(element['elements']).map((one) => h('li', {}, part(one, names)));
      const style = `margin-left:${Number(element['indent'] ?? 0) * 24}px`;
      return element['style'] === 'ordered'
        ? h('ol', { style, start: Number(element['offset'] ?? 0) + 1 }, ...items)
        : h('ul', { style }, ...items);
    }
    case 'rich_text_preformatted':
      return h('pre', {}, ...inner());
    case 'rich_text_quote':
      return h('blockquote', {}, ...inner());
    default:
      return h('div', {}, ...inner());
  }
}

function inline(element: Json, names: Names): Node {
  return styled(content(element, names), object(element['style']));
}

function content(element: Json, names: Names): Node {
  const name = (key: string): string => names[words(element[key])] ?? words(element[key]);
  switch (element['type']) {
    case 'link':
      return link(words(element['url']), words(element['text']) || words(element['url']));
    case 'user':
      return mention(`@${name('user_id')}`);
    case 'usergroup':
      return mention(`@${name('usergroup_id')}`);
    case 'channel':
      return mention(`#${name('channel_id')}`);
    case 'broadcast':
      return mention(`@${words(element['range'])}`);
    case 'emoji':
      return document.createTextNode(emojiOf(words(element['name'])) ?? `:${words(element['name'])}:`);
    case 'date':
      return h(
        'time',
        {},
        slackDate(new Date(Number(element['timestamp']) * 1000), words(element['format'])),
      );
    default:
      return document.createTextNode(words(element['text']));
  }
}

function styled(node: Node, style: Json): Node {
  const tags = { bold: 'b', italic: 'i', strike: 's', underline: 'u', code: 'code' } as const;
  return Object.entries(tags).reduce<Node>(
    (inside, [name, tag]) => (style[name] === true ? h(tag, {}, inside) : inside),
    node,
  );
}

/** The standard Markdown of a markdown block: headings, lists, code, bold, italics, links. */
export function markdown(text: string): HTMLElement {
  const place = h('div', { class: 'markdown' });
  for (const chunk of text.split(/```\w*\n?([\s\S]*?)```/g).entries()) {
    const [index, part] = chunk;
    if (index % 2 === 1) place.append(h('pre', {}, part));
    else
      place.append(
        ...part
          .split(/\n/)
          .filter((line) => line.trim() !== '')
          .map(markdownLine),
      );
  }
  return place;
}

function markdownLine(line: string): HTMLElement {
  const heading = /^(#{1,6})\s+(.*)$/.exec(line);
  if (heading) return h('h4', {}, ...markdownSpans(heading[2] ?? ''));
  const item = /^\s*(?:[-*+]|(\d+)\.)\s+(.*)$/.exec(line);
  if (item)
    return h(
      'div',
      { class: 'item' },
      h('span', {}, item[1] ? `${item[1]}.` : '•'),
      h('span', {}, ...markdownSpans(item[2] ?? '')),
    );
  return h('p', {}, ...markdownSpans(line));
}

/** Bold, italics, code and links of standard Markdown. */
export function markdownSpans(text: string): Node[] {
  const nodes: Node[] = [];
  let from = 0;
  for (const match of text.matchAll(
    /`([^`]+)`|\*\*([^*]+)\*\*|(?<!\w)[*_]([^*_]+)[*_](?!\w)|\[([^\]]+)\]\(([^)\s]+)\)/g,
  )) {
    nodes.push(document.createTextNode(text.slice(from, match.index)));
    const [, code, bold, italic, label, url] = match;
    if (code !== undefined) nodes.push(h('code', {}, code));
    else if (bold !== undefined) nodes.push(h('b', {}, ...markdownSpans(bold)));
    else if (italic !== undefined) nodes.push(h('i', {}, italic));
    else nodes.push(link(url ?? '', label ?? ''));
    from = match.index + match[0].length;
  }
  return [...nodes, document.createTextNode(text.slice(from))];
}
