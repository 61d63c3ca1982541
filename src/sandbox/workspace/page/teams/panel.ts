// The right half: a Teams team with its channels, posts with replies under them, the personal chat with the app, and the
// composer that knows `@ACR` and slash commands.
import type { Json, TeamsPicture, TeamsPost } from '../../shapes.ts';
import { get, post } from '../api.ts';
import { timeOf } from '../clock.ts';
import { createComposer } from '../composer.ts';
import { avatar, h } from '../dom.ts';
import { createKeyedList, type KeyedList } from '../keyed-list.ts';
import { saveSession, type Session } from '../session.ts';
import type { Panel } from '../slack/panel.ts';
import { markdownSpans } from '../slack/rich-text.ts';
import { toast } from '../toast.ts';
import { type CardHandlers, drawCard } from './card.ts';
import { type DialogOutcome, showDialog } from './dialog.ts';

const botName = 'ACR';

export function createTeamsPanel(session: Session): Panel {
  const sidebar = h('nav', { class: 'sidebar', 'aria-label': 'Teams channels' });
  const heading = h('header', { class: 'place' });
  const feed = h('div', {
    class: 'feed',
    role: 'log',
    'aria-label': 'Teams messages',
    'data-empty': 'Nothing here yet. Type @ACR status below.',
    tabindex: 0,
  });
  const answering = h('div', { class: 'answering', hidden: true });
  let picture: TeamsPicture = { conversations: [], posts: [] };
  let thread: string | undefined;
  const inner = new Map<string, KeyedList<TeamsPost>>();

  const where = (): string => session.teamsPlace;
  const body = (): { as: string; conversation: string } => ({ as: session.me.role, conversation: where() });
  const answer = (id: string | undefined): void => {
    thread = id;
    answering.hidden = id === undefined;
    answering.replaceChildren(
      'Replying in thread ',
      h('button', { class: 'plain', 'aria-label': 'Stop replying', onclick: () => answer(undefined) }, '×'),
    );
    if (id) composer.fill(`@${botName} `);
  };
  const threads = createKeyedList<string>(
    feed,
    (id) => id,
    (id) => {
      const place = h('div', { class: 'posts' });
      inner.set(
        id,
        createKeyedList<TeamsPost>(
          place,
          (one) => one.id,
          (one) => drawPost(one, handlersOf(one, body)),
        ),
      );
      const reply = h('button', { class: 'reply-button', onclick: () => answer(id) }, 'Reply');
      return h('div', { class: 'thread' }, place, where() !== 'personal' && reply);
    },
  );
  const composer = createComposer({
    chat: 'teams',
    commands: session.setup.commands,
    commandPart: (text) =>
      /^(?:@ACR |\/(?:acr )?)(.*)$/i.exec(text)?.[1] ??
      (text !== '' && '@acr '.startsWith(text.toLowerCase()) ? '' : undefined),
    complete: (usage) => `@${botName} ${usage} `,
    send: async (text) => {
      const mentioned = /^@ACR\b\s*(.*)$/is.exec(text);
      const rest = mentioned?.[1] ?? text;
      const target = thread;
      answer(undefined);
      await post('teams/message', {
        ...body(),
        text: rest,
        mention: mentioned !== null,
        ...(target ? { thread: target } : {}),
      });
    },
  });
  const open = (place: string): void => {
    session.teamsPlace = place;
    saveSession(session);
    answer(undefined);
    threads.clear();
    show();
    void post('teams/open', body());
  };
  const show = (): void => {
    sidebar.replaceChildren(...sidebarItems(session, picture, open));
    const personal = where() === 'personal';
    heading.replaceChildren(
      h('h2', {}, personal ? botName : where()),
      h('span', {}, personal ? 'Chat' : session.setup.team),
    );
    composer.label(personal ? 'Type a command' : `Start a post: @${botName} status, or /status`);
    const here = picture.conversations.find((one) =>
      personal ? one.kind === 'personal' : one.name === where(),
    )?.id;
    const posts = picture.posts.filter((one) => one.conversation === here);
    const ids = personal ? ['chat'] : [...new Set(posts.map((one) => one.thread))];
    threads.show(ids);
    const follows = feed.scrollHeight - feed.scrollTop - feed.clientHeight < 80;
    for (const id of ids) inner.get(id)?.show(posts.filter((one) => personal || one.thread === id));
    if (follows) feed.scrollTop = feed.scrollHeight;
  };
  return {
    element: h(
      'section',
      { class: 'pane teams', 'aria-label': 'Microsoft Teams' },
      sidebar,
      h('div', { class: 'main' }, heading, feed, answering, composer.element),
    ),
    refresh: async () => {
      picture = await get<TeamsPicture>(`teams?as=${session.me.role}`);
      show();
      await post('teams/open', body());
    },
    reset: () => threads.clear(),
    fill: (command) => composer.fill(`@${botName} ${command}`),
  };
}

function sidebarItems(session: Session, picture: TeamsPicture, open: (place: string) => void): HTMLElement[] {
  const item = (place: string, label: string, testId: string): HTMLElement =>
    h(
      'button',
      {
        class: session.teamsPlace === place ? 'place-item active' : 'place-item',
        'aria-current': session.teamsPlace === place ? 'page' : undefined,
        'data-testid': testId,
        onclick: () => open(place),
      },
      label,
    );
  const channels = picture.conversations.filter((one) => one.kind === 'channel');
  return [
    h('div', { class: 'workspace-name' }, 'Teams', h('small', {}, session.setup.team)),
    h('h3', {}, 'Channels'),
    ...channels.map((one) => item(one.name, one.name, `teams-channel-${one.name}`)),
    h('h3', {}, 'Chat'),
    item('personal', botName, 'teams-channel-personal'),
  ];
}

type Body = () => { as: string; conversation: string };

/** What the buttons of a post's card do. */
function handlersOf({ id }: TeamsPost, body: Body): CardHandlers {
  const search: CardHandlers['search'] = async (dataset, text) =>
    (
      await post<{ choices: { title: string; value: string }[] }>('teams/search', {
        ...body(),
        id,
        dataset,
        text,
      })
    )?.choices ?? [];
  const inDialog: CardHandlers = {
    search,
    execute: (action) => inDialog.submit(action),
    submit: async (data) => {
      const result = await post<{ dialog: DialogOutcome }>('teams/dialog', { ...body(), id, data });
      showDialog(result?.dialog, inDialog);
    },
  };
  return {
    search,
    execute: (action) => execute(id, action, body),
    submit: async (data) => {
      const result = await post<{ dialog?: DialogOutcome }>('teams/submit', { ...body(), id, data });
      if (result?.dialog) showDialog(result.dialog, inDialog);
    },
  };
}

async function execute(id: string, action: Json, body: Body): Promise<void> {
  const result = await post<{ outcome: { kind: string; text?: string } }>('teams/execute', {
    ...body(),
    id,
    data: action,
  });
  const { kind, text } = result?.outcome ?? {};
  if (text) toast(text, kind === 'error' ? 'error' : 'note');
}

function drawPost(one: TeamsPost, handlers: CardHandlers): HTMLElement {
  const text = one.text.replace(/<at>([^<]*)<\/at>/g, '@$1');
  const isReply = one.thread !== one.id;
  return h(
    'article',
    {
      class: ['post', isReply && 'reply', one.fromBot && 'bot'].filter((part) => part !== false).join(' '),
      'data-testid': 'teams-message',
      'data-id': one.id,
    },
    avatar(one.fromBot ? botName : one.from, one.fromBot),
    h(
      'div',
      { class: 'body' },
      h(
        'div',
        { class: 'by' },
        h('b', {}, one.from),
        one.fromBot && h('span', { class: 'badge' }, 'App'),
        h('time', {}, timeOf(new Date(one.at))),
        one.edited && h('small', {}, 'Edited'),
        one.isPrivate && h('small', { class: 'only-you' }, 'Only you can see this message'),
      ),
      text !== '' &&
        h(
          'div',
          { class: 'post-text' },
          ...text.split('\n').map((line) => h('p', {}, ...mentions(line, one.fromBot))),
        ),
      one.card && drawCard(one.card, handlers),
    ),
  );
}

/** A person's text is shown as typed, with its mention; the bot's text is Markdown. */
function mentions(line: string, isMarkdown: boolean): Node[] {
  if (isMarkdown) return markdownSpans(line);
  const rest = line.startsWith(`@${botName}`) ? line.slice(botName.length + 1) : line;
  return [
    ...(rest === line ? [] : [h('span', { class: 'mention' }, botName)]),
    document.createTextNode(rest),
  ];
}
