// The strip that shows the stand-in Azure's registries: repositories, tags, short digests and locks. What changed since
// the last look is marked and told in words, so that one sees an import and a lock happen.
import type { RegistryPicture, TagPicture } from '../shapes.ts';
import { get, post } from './api.ts';
import { timeOf } from './clock.ts';
import { h } from './dom.ts';
import { createKeyedList } from './keyed-list.ts';

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
  const filter = h('input', {
    class: 'filter',
    type: 'search',
    placeholder: 'Filter, such as shop/web',
    'aria-label': 'Filter the repositories',
    'data-testid': 'registry-filter',
    oninput: () => draw(),
  });
  const details = h(
    'details',
    { open: true },
    h('summary', {}, h('b', {}, 'Registries'), h('span', {}, 'what the stand-in Azure holds now')),
    h('div', { class: 'strip-body' }, body, news),
  );
  const element = h(
    'section',
    { class: 'strip', 'aria-label': 'Registries', 'data-testid': 'registries' },
    details,
    filter,
  );
  const changes = createChanges((text) => {
    news.prepend(h('li', {}, h('time', {}, timeOf(new Date())), text));
    while (news.children.length > mostNews) news.lastChild?.remove();
  });
  const list = createKeyedList<Shown>(body, (one) => one.name, drawRegistry);
  let registries: readonly RegistryPicture[] = [];

  const draw = (): void => {
    const shown = registries.map((one) => shownOf(one, filter.value.trim(), changes.isMarked));
    list.show(shown.filter((one) => one.repositories.length > 0));
  };
  const refresh = async (): Promise<void> => {
    registries = await get<RegistryPicture[]>('registries');
    element.hidden = registries.length === 0;
    const changed = changes.look(registries);
    draw();
    if (!changed) return;
    reveal(body);
    setTimeout(draw, markedMs + 100);
  };
  return { element, refresh };
}

interface Changes {
  /** Compares with the last look and tells what differs; true if anything does. */
  readonly look: (registries: readonly RegistryPicture[]) => boolean;
  readonly isMarked: (key: string) => boolean;
}

function createChanges(tell: (text: string) => void): Changes {
  const before = new Map<string, TagPicture>();
  const marked = new Map<string, number>();
  const compare = (key: string, tag: TagPicture, isFirst: boolean): boolean => {
    const change = isFirst ? undefined : changeOf(before.get(key), tag);
    before.set(key, tag);
    if (!change) return false;
    marked.set(key, Date.now());
    tell(`${key} ${change}`);
    return true;
  };
  return {
    isMarked: (key) => Date.now() - (marked.get(key) ?? 0) < markedMs,
    look: (registries) => {
      const isFirst = before.size === 0;
      const tags = registries.flatMap(({ name, repositories }) =>
        repositories.flatMap((one) => one.tags.map((tag) => ({ key: keyOf(name, one.name, tag.name), tag }))),
      );
      return tags.filter(({ key, tag }) => compare(key, tag, isFirst)).length > 0;
    },
  };
}

/** What is drawn of a registry: the repositories that pass the filter, and which of their tags are marked. */
interface Shown {
  readonly name: string;
  readonly stage: string;
  readonly repositories: readonly {
    readonly name: string;
    readonly tags: readonly (TagPicture & { isChanged: boolean })[];
  }[];
}

function shownOf(
  { name, stage, repositories }: RegistryPicture,
  filter: string,
  isMarked: (key: string) => boolean,
): Shown {
  const wanted = repositories.filter(
    (one) => one.name.includes(filter) || one.tags.some((tag) => tag.digest.includes(filter)),
  );
  const shown = wanted.map((one) => ({
    name: one.name,
    tags: one.tags.map((tag) => ({ ...tag, isChanged: isMarked(keyOf(name, one.name, tag.name)) })),
  }));
  return { name, stage, repositories: shown };
}

/** Scrolls the strip, and nothing else of the page, to a tag that changed. */
function reveal(body: HTMLElement): void {
  const tag = body.querySelector<HTMLElement>('.tag.changed');
  const registry = tag?.closest<HTMLElement>('.registry');
  if (!tag || !registry) return;
  body.scrollLeft = registry.offsetLeft - body.offsetLeft - 20;
  registry.scrollTop = tag.offsetTop - registry.offsetTop - 60;
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

function drawRegistry(registry: Shown): HTMLElement {
  return h(
    'section',
    {
      class: 'registry',
      'data-testid': `registry-${registry.name}`,
      'aria-label': `Registry ${registry.name}`,
    },
    h(
      'h3',
      {},
      registry.name,
      registry.stage && h('span', { class: 'stage' }, registry.stage),
      h(
        'button',
        {
          type: 'button',
          class: 'push',
          title: 'Push a fresh image past the bot, and watch what it says',
          'aria-label': `Push a fresh image into ${registry.name} past the bot`,
          'data-testid': `push-${registry.name}`,
          onclick: () => pushPast(registry),
        },
        'Push past the bot',
      ),
    ),
    ...registry.repositories.map((repository) =>
      h(
        'div',
        { class: 'repository' },
        h('div', { class: 'repository-name' }, repository.name),
        ...repository.tags.map((tag) => drawTag(tag, tag.isChanged)),
      ),
    ),
  );
}

/** Into the last repository that is shown (the first ones are base images of the CI), under a tag that was never there. */
async function pushPast({ name, repositories }: Shown): Promise<void> {
  const last = repositories.at(-1);
  if (!last) return;
  const tag = `v0.0.${Math.floor(Date.now() / 1000) % 1_000_000}`;
  await post('registries/push', { registry: name, repository: last.name, tag });
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
