// The left half: a Slack workspace with its sidebar, messages, the app's Home, and the composer that knows `/acr`.
import type { Json, SlackMessagePicture, SlackPicture } from '../../shapes.ts';
import { get, post } from '../api.ts';
import { timeOf } from '../clock.ts';
import { createComposer } from '../composer.ts';
import { avatar, h } from '../dom.ts';
import { objects } from '../json.ts';
import { createKeyedList } from '../keyed-list.ts';
import { type Session, saveSession } from '../session.ts';
import { drawBlocks } from './blocks.ts';
import type { BlockContext, Option } from './context.ts';
import { createModalHost } from './modal.ts';
import { mrkdwn } from './mrkdwn.ts';

export interface Panel {
  readonly element: HTMLElement;
  /** Asks the server for the picture and shows it. */
  readonly refresh: () => Promise<void>;
  /** Forgets what was drawn, for another person. */
  readonly reset: () => void;
  readonly fill: (command: string) => void;
}

export function createSlackPanel(session: Session): Panel {
  const role = (): string => session.me.role;
  const sidebar = h('nav', { class: 'sidebar', 'aria-label': 'Slack channels' });
  const heading = h('header', { class: 'place' });
  const feed = h('div', {
    class: 'feed',
    role: 'log',
    'aria-label': 'Slack messages',
    'data-empty': 'Nothing here yet. Type /acr status below.',
    tabindex: 0,
  });
  const home = h('div', { class: 'feed home blocks', hidden: true, 'data-testid': 'slack-home-view' });
  const modal = createModalHost(role);
  let picture: SlackPicture = { channels: [], messages: [], names: {}, stacked: 0 };
  const list = createKeyedList<SlackMessagePicture>(
    feed,
    (one) => one.ts,
    (one) => message(one, contextOf(one), picture.names),
  );

  const contextOf = ({ channel, ts }: SlackMessagePicture): BlockContext =>
    context('message', { channel, ts });
  const context = (surface: BlockContext['surface'], place: object): BlockContext => {
    const values = {};
    return {
      names: picture.names,
      surface,
      values,
      errors: {},
      act: (choice) => post('slack/act', { as: role(), place, ...choice, values }),
      suggest: async (ids, text) =>
        (await post<{ options: Option[] }>('slack/suggest', { as: role(), place, ...ids, text }))?.options ??
        [],
    };
  };
  const composer = createComposer({
    chat: 'slack',
    commands: session.setup.commands,
    commandPart: (text) =>
      text.startsWith('/') && '/acr '.startsWith(text) ? '' : /^\/acr (.*)$/.exec(text)?.[1],
    complete: (usage) => `/acr ${usage} `,
    send: (text) => {
      const channel = session.slackPlace === 'home' ? 'dm' : session.slackPlace;
      const command = /^\/acr\b\s*(.*)$/s.exec(text);
      return command
        ? post('slack/command', { as: role(), channel, text: command[1] ?? '' })
        : post('slack/message', { as: role(), channel, text });
    },
  });
  const open = (place: string): void => {
    session.slackPlace = place;
    saveSession(session);
    list.clear();
    show();
    if (place === 'home') void post('slack/home', { as: role() });
  };
  const show = (): void => {
    const place = session.slackPlace;
    sidebar.replaceChildren(...sidebarItems(session, picture, open));
    const isHome = place === 'home';
    heading.replaceChildren(
      h('h2', {}, isHome || place === 'dm' ? 'acr-warden' : `# ${place}`),
      h('span', {}, isHome ? 'Home' : place === 'dm' ? 'Direct message with the app' : ''),
    );
    feed.hidden = isHome;
    home.hidden = !isHome;
    composer.element.hidden = isHome;
    composer.label(place === 'dm' ? 'Message acr-warden, or /acr …' : `Message #${place}, or /acr …`);
    const channel = picture.channels.find((one) => (place === 'dm' ? one.isDm : one.name === place))?.id;
    list.show(inThreads(picture.messages.filter((one) => one.channel === channel)));
    const view = picture.home;
    if (isHome)
      home.replaceChildren(
        ...(view
          ? drawBlocks(objects(view['blocks']), context('home', { viewId: view['id'] as string }))
          : [emptyHome()]),
      );
    modal.show(picture.modal, picture.names);
  };
  return {
    element: h(
      'section',
      { class: 'pane slack', 'aria-label': 'Slack' },
      sidebar,
      h('div', { class: 'main' }, heading, feed, home, composer.element),
    ),
    refresh: async () => {
      picture = await get<SlackPicture>(`slack?as=${role()}`);
      show();
    },
    reset: () => list.clear(),
    fill: (command) => {
      if (session.slackPlace === 'home') open('releases');
      composer.fill(`/acr ${command}`);
    },
  };
}

function emptyHome(): HTMLElement {
  return h('p', { class: 'empty' }, 'The app has not published a Home yet.');
}

function sidebarItems(session: Session, picture: SlackPicture, open: (place: string) => void): HTMLElement[] {
  const item = (place: string, label: string, testId: string): HTMLElement =>
    h(
      'button',
      {
        class: session.slackPlace === place ? 'place-item active' : 'place-item',
        'aria-current': session.slackPlace === place ? 'page' : undefined,
        'data-testid': testId,
        onclick: () => open(place),
      },
      label,
    );
  const channels = picture.channels.filter((one) => !one.isDm);
  return [
    h('div', { class: 'workspace-name' }, session.setup.workspace, h('small', {}, 'Slack')),
    h('h3', {}, 'Channels'),
    ...channels.map((one) => item(one.name, `# ${one.name}`, `slack-channel-${one.name}`)),
    h('h3', {}, 'Apps'),
    item('dm', 'acr-warden', 'slack-channel-dm'),
    item('home', 'App Home', 'slack-home'),
  ];
}

/** Replies follow the message they answer. */
function inThreads(messages: readonly SlackMessagePicture[]): SlackMessagePicture[] {
  const isReply = (one: SlackMessagePicture): boolean =>
    one.threadTs !== undefined && one.threadTs !== one.ts;
  const known = new Set(messages.map((one) => one.ts));
  const roots = messages.filter((one) => !isReply(one) || !known.has(one.threadTs ?? ''));
  return roots.flatMap((root) => [
    root,
    ...messages.filter((one) => one !== root && isReply(one) && one.threadTs === root.ts),
  ]);
}

function message(
  one: SlackMessagePicture,
  context: BlockContext,
  names: Readonly<Record<string, string>>,
): HTMLElement {
  const name = names[one.user] ?? one.user;
  const blocks: readonly Json[] = one.blocks;
  const isReply = one.threadTs !== undefined && one.threadTs !== one.ts;
  const classes = ['message', isReply && 'reply', one.isPrivate && 'private'].filter(
    (part) => part !== false,
  );
  return h(
    'article',
    { class: classes.join(' '), 'data-testid': 'slack-message', 'data-ts': one.ts },
    avatar(name, one.bot),
    h(
      'div',
      { class: 'body' },
      one.isPrivate && h('div', { class: 'only-you' }, 'Only visible to you'),
      h(
        'div',
        { class: 'by' },
        h('b', {}, name),
        one.bot && h('span', { class: 'badge' }, 'APP'),
        h('time', {}, timeOf(new Date(Number(one.ts) * 1000))),
      ),
      h(
        'div',
        { class: 'blocks' },
        ...(blocks.length > 0 ? drawBlocks(blocks, context) : [h('div', {}, ...mrkdwn(one.text, names))]),
      ),
      one.edited && h('small', { class: 'edited' }, '(edited)'),
    ),
  );
}
