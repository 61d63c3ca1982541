// The left half: a Slack workspace with its sidebar, messages, the app's Home, and the composer that knows `/acr`.
import type { SlackMessagePicture, SlackPicture } from '../../shapes.ts';
import { get, post } from '../api.ts';
import { type Composer, createComposer } from '../composer.ts';
import { h } from '../dom.ts';
import { createKeyedList } from '../keyed-list.ts';
import type { Panel } from '../panel.ts';
import { type Session, saveSession } from '../session.ts';
import { createSidebar, type PlaceGroup } from '../sidebar.ts';
import type { BlockContext, Option } from './context.ts';
import { createHome } from './home.ts';
import { drawMessage, inThreads } from './message.ts';
import { createModalHost } from './modal.ts';

export function createSlackPanel(session: Session): Panel {
  const role = (): string => session.me.role;
  const sidebar = createSidebar({
    label: 'Slack channels',
    heading: h('div', { class: 'workspace-name' }, session.setup.workspace, h('small', {}, 'Slack')),
    open: (place) => open(place),
  });
  const heading = h('header', { class: 'place' });
  const feed = feedElement();
  const home = createHome();
  const modal = createModalHost(role);
  const composer = slackComposer(session);
  let picture: SlackPicture = { channels: [], messages: [], names: {}, stacked: 0 };
  const context = (surface: BlockContext['surface'], place: object): BlockContext =>
    contextOf(role, picture.names, surface, place);
  const list = createKeyedList<SlackMessagePicture>(
    feed,
    (one) => one.ts,
    (one) => drawMessage(one, context('message', { channel: one.channel, ts: one.ts })),
  );

  const open = (place: string): void => {
    session.slackPlace = place;
    saveSession(session);
    list.clear();
    show();
    if (place === 'home') void post('slack/home', { as: role() });
  };
  const show = (): void => {
    const place = session.slackPlace;
    sidebar.show(role(), groupsOf(picture), place);
    heading.replaceChildren(...headingOf(place));
    feed.hidden = place === 'home';
    home.element.hidden = place !== 'home';
    composer.element.hidden = place === 'home';
    composer.label(place === 'dm' ? 'Message acr-warden, or /acr …' : `Message #${place}, or /acr …`);
    const channel = picture.channels.find((one) => (place === 'dm' ? one.isDm : one.name === place))?.id;
    list.show(inThreads(picture.messages.filter((one) => one.channel === channel)));
    home.show(picture.home, (viewId) => context('home', { viewId }));
    modal.show(picture.modal, picture.names);
  };
  const main = h('div', { class: 'main' }, heading, feed, home.element, composer.element);
  return {
    element: h('section', { class: 'pane slack', 'aria-label': 'Slack' }, sidebar.element, main),
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

function feedElement(): HTMLElement {
  return h('div', {
    class: 'feed',
    role: 'log',
    'aria-label': 'Slack messages',
    'data-empty': 'Nothing here yet. Type /acr status below.',
    tabindex: 0,
  });
}

function contextOf(
  role: () => string,
  names: BlockContext['names'],
  surface: BlockContext['surface'],
  place: object,
): BlockContext {
  const values = {};
  return {
    names,
    surface,
    values,
    errors: {},
    act: (choice) => post('slack/act', { as: role(), place, ...choice, values }),
    suggest: async (ids, text) => {
      const found = await post<{ options: Option[] }>('slack/suggest', { as: role(), place, ...ids, text });
      return found?.options ?? [];
    },
  };
}

/** `/acr ...` is a command; anything else is a message that the app does not hear. */
function slackComposer(session: Session): Composer {
  return createComposer({
    chat: 'slack',
    commands: session.setup.commands,
    commandPart: (text) =>
      text.startsWith('/') && '/acr '.startsWith(text) ? '' : /^\/acr (.*)$/.exec(text)?.[1],
    complete: (usage) => `/acr ${usage} `,
    send: (text) => {
      const place = { as: session.me.role, channel: session.slackPlace };
      const command = /^\/acr\b\s*(.*)$/s.exec(text);
      return command
        ? post('slack/command', { ...place, text: command[1] ?? '' })
        : post('slack/message', { ...place, text });
    },
  });
}

function headingOf(place: string): HTMLElement[] {
  if (place === 'home') return [h('h2', {}, 'acr-warden'), h('span', {}, 'Home')];
  if (place === 'dm') return [h('h2', {}, 'acr-warden'), h('span', {}, 'Direct message with the app')];
  return [h('h2', {}, `# ${place}`)];
}

function groupsOf({ channels, messages, home }: SlackPicture): PlaceGroup[] {
  const latest = (id: string | undefined): string => messages.findLast((one) => one.channel === id)?.ts ?? '';
  const named = channels.filter((one) => !one.isDm);
  const dm = channels.find((one) => one.isDm)?.id;
  return [
    {
      title: 'Channels',
      places: named.map(({ id, name }) => ({
        place: name,
        label: `# ${name}`,
        testId: `slack-channel-${name}`,
        latest: latest(id),
      })),
    },
    {
      title: 'Apps',
      places: [
        { place: 'dm', label: 'acr-warden', testId: 'slack-channel-dm', latest: latest(dm) },
        { place: 'home', label: 'App Home', testId: 'slack-home', latest: home ? 'published' : '' },
      ],
    },
  ];
}
