// Slack's mrkdwn as DOM nodes: bold, italics, strike, code, quotes, links, mentions, dates. Text is unescaped once
// (&amp; &lt; &gt;) after the markup is found, as Slack does, so that an escaped `<` never becomes markup.
import { slackDate } from '../clock.ts';
import { h } from '../dom.ts';

type Names = Readonly<Record<string, string>>;

const inline =
  /```([\s\S]+?)```|`([^`\n]+)`|<([^<>\n]+)>|(?<![\w*])\*(?=\S)([^*\n]*?\S)\*(?![\w*])|(?<![\w_])_(?=\S)([^_\n]*?\S)_(?![\w_])|(?<![\w~])~(?=\S)([^~\n]*?\S)~(?![\w~])|:([a-z0-9_+-]+):/g;

/** The text as nodes; `>` at the start of a line is a quote. */
export function mrkdwn(text: string, names: Names): Node[] {
  const nodes: Node[] = [];
  for (const part of text.split(/(^(?:&gt;|>) ?.*(?:\n(?:&gt;|>) ?.*)*\n?)/m)) {
    if (part === '') continue;
    const isQuote = /^(?:&gt;|>)/.test(part);
    if (!isQuote) nodes.push(...spans(part, names));
    else nodes.push(h('blockquote', {}, ...spans(part.replace(/^(?:&gt;|>) ?/gm, '').trimEnd(), names)));
  }
  return nodes;
}

function spans(text: string, names: Names): Node[] {
  const nodes: Node[] = [];
  let from = 0;
  for (const match of text.matchAll(inline)) {
    if (match.index > from) nodes.push(plain(text.slice(from, match.index)));
    nodes.push(markup(match, names));
    from = match.index + match[0].length;
  }
  if (from < text.length) nodes.push(plain(text.slice(from)));
  return nodes;
}

function markup(match: RegExpMatchArray, names: Names): Node {
  const [whole, fence, code, angle, bold, italic, strike, emoji] = match;
  if (fence !== undefined) return h('pre', {}, unescaped(fence.replace(/^\n/, '')));
  if (code !== undefined) return h('code', {}, unescaped(code));
  if (angle !== undefined) return reference(angle, names);
  if (bold !== undefined) return h('b', {}, ...spans(bold, names));
  if (italic !== undefined) return h('i', {}, ...spans(italic, names));
  if (strike !== undefined) return h('s', {}, ...spans(strike, names));
  return plain(emojiOf(emoji ?? '') ?? whole);
}

/** The inside of `<...>`: a link, a mention or a date. */
function reference(inside: string, names: Names): Node {
  const [target = '', label] = inside.split(/\|(.*)/s);
  if (target.startsWith('@')) return mention(`@${label ?? names[target.slice(1)] ?? target.slice(1)}`);
  if (target.startsWith('#')) return mention(`#${label ?? names[target.slice(1)] ?? target.slice(1)}`);
  if (target.startsWith('!subteam^'))
    return mention(`@${label ?? names[target.slice(9)] ?? target.slice(9)}`);
  if (target.startsWith('!date^')) return dateNode(target, label);
  if (target.startsWith('!')) return mention(`@${label ?? target.slice(1)}`);
  return link(unescaped(target), unescaped(label ?? target));
}

export function mention(text: string): HTMLElement {
  return h('span', { class: 'mention' }, text);
}

/** A link that leaves the page; only web and mail addresses become links. */
export function link(url: string, text: string): Node {
  if (!/^(https?:|mailto:)/i.test(url)) return document.createTextNode(text);
  return h('a', { href: url, target: '_blank', rel: 'noopener noreferrer' }, text);
}

function dateNode(target: string, fallback: string | undefined): Node {
  const [, seconds = '', pattern = ''] = target.split('^');
  const at = new Date(Number(seconds) * 1000);
  const text = Number.isNaN(at.getTime()) ? (fallback ?? '') : slackDate(at, pattern);
  return h('time', { title: at.toString() }, text);
}

const emojis: Record<string, string> = {
  white_check_mark: '✅',
  heavy_check_mark: '✔',
  x: '❌',
  warning: '⚠️',
  lock: '🔒',
  unlock: '🔓',
  hourglass: '⌛',
  hourglass_flowing_sand: '⏳',
  rocket: '🚀',
  package: '📦',
  shield: '🛡',
  bell: '🔔',
  no_entry: '⛔',
  information_source: 'ℹ️',
  arrow_up: '⬆',
  arrow_down: '⬇',
  large_green_circle: '🟢',
  red_circle: '🔴',
};

export function emojiOf(name: string): string | undefined {
  return emojis[name];
}

function plain(text: string): Text {
  return document.createTextNode(unescaped(text));
}

function unescaped(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
