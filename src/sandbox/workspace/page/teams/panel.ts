// The right half: a Teams team with its channels, posts with replies under them, the personal chat with the app, and the
// composer that knows `@ACR` and slash commands.
import type { TeamsPicture, TeamsPost } from '../../shapes.ts';
import { get, post } from '../api.ts';
import { type Composer, createComposer } from '../composer.ts';
import { h } from '../dom.ts';
import { createKeyedList, type KeyedList } from '../keyed-list.ts';
import type { Panel } from '../panel.ts';
import { type Session, saveSession } from '../session.ts';
import { createSidebar, type PlaceGroup } from '../sidebar.ts';
import { botName, drawPost, handlersOf, type Where } from './post.ts';

export function createTeamsPanel(session: Session): Panel {
  const sidebar = createSidebar({
    label: 'Teams channels',
    heading: h('div', { class: 'workspace-name' }, 'Teams', h('small', {}, session.setup.team)),
    open: (place) => open(place),
  });
  const heading = h('header', { class: 'place' });
  const where: Where = () => ({ as: session.me.role, conversation: session.teamsPlace });
  const answering = createAnswering();
  const feed = createFeed(where, (id) => {
    answering.start(id);
    composer.fill(`@${botName} `);
  });
  const composer = teamsComposer(session, where, answering);
  let picture: TeamsPicture = { conversations: [], posts: [] };

  const open = (place: string): void => {
    session.teamsPlace = place;
    saveSession(session);
    answering.end();
    feed.clear();
    show();
    void post('teams/open', where());
  };
  const show = (): void => {
    const place = session.teamsPlace;
    const isPersonal = place === 'personal';
    sidebar.show(session.me.role, groupsOf(picture), place);
    heading.replaceChildren(
      h('h2', {}, isPersonal ? botName : place),
      h('span', {}, isPersonal ? 'Chat' : session.setup.team),
    );
    composer.label(isPersonal ? 'Type a command' : `Start a post: @${botName} status, or /status`);
    const here = picture.conversations.find((one) =>
      isPersonal ? one.kind === 'personal' : one.name === place,
    )?.id;
    feed.show(
      picture.posts.filter((one) => one.conversation === here),
      isPersonal,
    );
  };
  const main = h('div', { class: 'main' }, heading, feed.element, answering.element, composer.element);
  return {
    element: h('section', { class: 'pane teams', 'aria-label': 'Microsoft Teams' }, sidebar.element, main),
    refresh: async () => {
      picture = await get<TeamsPicture>(`teams?as=${session.me.role}`);
      show();
      await post('teams/open', where());
    },
    reset: feed.clear,
    fill: (command) => composer.fill(`@${botName} ${command}`),
  };
}

/** Which thread the composer answers in. */
interface Answering {
  readonly element: HTMLElement;
  readonly start: (thread: string) => void;
  readonly end: () => void;
  readonly thread: () => string | undefined;
}

function createAnswering(): Answering {
  let thread: string | undefined;
  const set = (id: string | undefined): void => {
    thread = id;
    element.hidden = id === undefined;
  };
  const stop = h(
    'button',
    { class: 'plain', 'aria-label': 'Stop replying', onclick: () => set(undefined) },
    '×',
  );
  const element = h('div', { class: 'answering', hidden: true }, 'Replying in thread ', stop);
  return { element, start: set, end: () => set(undefined), thread: () => thread };
}

interface Feed {
  readonly element: HTMLElement;
  /** Posts with their replies; in a personal chat one list. */
  readonly show: (posts: readonly TeamsPost[], isPersonal: boolean) => void;
  readonly clear: () => void;
}

function createFeed(where: Where, reply: (thread: string) => void): Feed {
  const element = h('div', {
    class: 'feed',
    role: 'log',
    'aria-label': 'Teams messages',
    'data-empty': `Nothing here yet. Type @${botName} status below.`,
    tabindex: 0,
  });
  const inner = new Map<string, KeyedList<TeamsPost>>();
  const thread = (id: string): HTMLElement => {
    const posts = h('div', { class: 'posts' });
    const draw = (one: TeamsPost): HTMLElement => drawPost(one, handlersOf(one, where));
    inner.set(
      id,
      createKeyedList<TeamsPost>(posts, (one) => one.id, draw),
    );
    const button = h('button', { class: 'reply-button', onclick: () => reply(id) }, 'Reply');
    return h('div', { class: 'thread' }, posts, id !== chat && button);
  };
  const threads = createKeyedList<string>(element, (id) => id, thread);
  return {
    element,
    clear: () => threads.clear(),
    show: (posts, isPersonal) => {
      const follows = element.scrollHeight - element.scrollTop - element.clientHeight < 80;
      const ids = isPersonal
        ? [chat].filter(() => posts.length > 0)
        : [...new Set(posts.map((one) => one.thread))];
      threads.show(ids);
      for (const id of ids) inner.get(id)?.show(posts.filter((one) => isPersonal || one.thread === id));
      if (follows) element.scrollTop = element.scrollHeight;
    },
  };
}

/** The one thread of a personal chat. */
const chat = 'chat';

/** `@ACR ...` reaches the app; `/...` does so privately; anything else in a channel is between people. */
function teamsComposer(session: Session, where: Where, answering: Answering): Composer {
  const part = /^(?:@ACR |\/(?:acr )?)(.*)$/i;
  return createComposer({
    chat: 'teams',
    commands: session.setup.commands,
    commandPart: (text) =>
      part.exec(text)?.[1] ?? (text !== '' && '@acr '.startsWith(text.toLowerCase()) ? '' : undefined),
    complete: (usage) => `@${botName} ${usage} `,
    send: async (text) => {
      const mentioned = /^@ACR\b\s*(.*)$/is.exec(text);
      const thread = answering.thread();
      answering.end();
      const body = { ...where(), text: mentioned?.[1] ?? text, mention: mentioned !== null };
      await post('teams/message', { ...body, ...(thread ? { thread } : {}) });
    },
  });
}

function groupsOf({ conversations, posts }: TeamsPicture): PlaceGroup[] {
  const latest = (id: string): string => posts.findLast((one) => one.conversation === id)?.id ?? '';
  const placesOf = (kind: 'channel' | 'personal') =>
    conversations
      .filter((one) => one.kind === kind)
      .map(({ id, name }) => {
        const place = kind === 'personal' ? 'personal' : name;
        return { place, label: name, testId: `teams-channel-${place}`, latest: latest(id) };
      });
  return [
    { title: 'Channels', places: placesOf('channel') },
    { title: 'Chat', places: placesOf('personal') },
  ];
}
