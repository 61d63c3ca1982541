// The strip that shows the stand-in Azure's registries: repositories, tags, short digests and locks. What changed since
// the last look is marked and told in words, so that one sees an import and a lock happen.
import type { RegistryPicture, TagPicture } from '../shapes.ts';
import { get } from './api.ts';
import { timeOf } from './clock.ts';
import { h } from './dom.ts';

export interface Strip {
  readonly element: HTMLElement;
  readonly refresh: () => Promise<void>;
}

/** A change stays marked this long, in milliseconds. */
const markedMs = 12_000;
const mostNews = 6;

export function createStrip(): Strip {
  const body = h('div', { class: 'registries' });
  const news = h('ol', {
    class: 'news',
    role: 'log',
    'aria-label': 'Changes in the registries',
    'data-testid': 'registry-news',
  });
  const before = new Map<string, TagPicture>();
  const marked = new Map<string, number>();
  let isFirst = true;
  const element = h(
    'details',
    { class: 'strip', open: true, 'data-testid': 'registries' },
    h('summary', {}, h('b', {}, 'Registries'), h('span', {}, 'what the stand-in Azure holds now')),
    h('div', { class: 'strip-body' }, body, news),
  );

  const tell = (text: string): void => {
    news.prepend(h('li', {}, h('time', {}, timeOf(new Date())), text));
    while (news.children.length > mostNews) news.lastChild?.remove();
  };
  const compare = (key: string, tag: TagPicture): void => {
    const old = before.get(key);
    before.set(key, tag);
    const change = isFirst ? undefined : changeOf(old, tag);
    if (!change) return;
    marked.set(key, Date.now());
    tell(`${key} ${change}`);
  };
  const refresh = async (): Promise<void> => {
    const registries = await get<RegistryPicture[]>('registries');
    element.hidden = registries.length === 0;
    for (const registry of registries)
      for (const repository of registry.repositories)
        for (const tag of repository.tags) compare(keyOf(registry.name, repository.name, tag.name), tag);
    isFirst = registries.length === 0;
    draw(registries);
  };
  const draw = (registries: readonly RegistryPicture[]): void => {
    const isMarked = (key: string): boolean => Date.now() - (marked.get(key) ?? 0) < markedMs;
    body.replaceChildren(...registries.map((one) => drawRegistry(one, isMarked)));
    if ([...marked.keys()].some(isMarked)) setTimeout(() => draw(registries), markedMs);
  };
  return { element, refresh };
}

const keyOf = (registry: string, repository: string, tag: string): string =>
  `${registry}/${repository}:${tag}`;
const short = (digest: string): string => digest.replace('sha256:', '').slice(0, 12);
const lockWords = { locked: 'locked', partly: 'partly locked', open: 'unlocked' } as const;

function changeOf(old: TagPicture | undefined, now: TagPicture): string | undefined {
  if (!old) return `arrived (${short(now.digest)}, ${lockWords[now.lock]})`;
  if (old.digest !== now.digest) return `moved from ${short(old.digest)} to ${short(now.digest)}`;
  return old.lock === now.lock ? undefined : `is now ${lockWords[now.lock]}`;
}

function drawRegistry(registry: RegistryPicture, isMarked: (key: string) => boolean): HTMLElement {
  return h(
    'section',
    {
      class: 'registry',
      'data-testid': `registry-${registry.name}`,
      'aria-label': `Registry ${registry.name}`,
    },
    h('h3', {}, registry.name, registry.stage && h('span', { class: 'stage' }, registry.stage)),
    ...registry.repositories.map((repository) =>
      h(
        'div',
        { class: 'repository' },
        h('div', { class: 'repository-name' }, repository.name),
        ...repository.tags.map((tag) =>
          drawTag(tag, isMarked(keyOf(registry.name, repository.name, tag.name))),
        ),
      ),
    ),
  );
}

function drawTag(tag: TagPicture, isChanged: boolean): HTMLElement {
  return h(
    'div',
    { class: isChanged ? 'tag changed' : 'tag' },
    h('span', { class: 'tag-name' }, tag.name),
    h('code', { title: tag.digest }, short(tag.digest)),
    h(
      'span',
      { class: `lock ${tag.lock}` },
      h('span', { 'aria-hidden': 'true' }, tag.lock === 'open' ? '◇' : '◆'),
      ` ${lockWords[tag.lock]}`,
    ),
  );
}
