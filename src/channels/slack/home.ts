// The app's Home, a person's own board: what they can begin with, what waits for them, what they asked for, and how their
// registries stand.
import type { App } from '@slack/bolt';
import type { Action, Card } from '../../cards/card.ts';
import type { Dispatch, Log } from '../../ports.ts';
import { sendCard, type Workspaces } from './api.ts';
import type { Ladder } from './identity.ts';
import { isJson, type Json, type Origin, text } from './incoming.ts';
import { accountOf, placeOf } from './place.ts';
import { renderMessage } from './render.ts';

interface Home {
  readonly dispatch: Dispatch;
  readonly ladder: Ladder;
  readonly workspaces: Workspaces;
  readonly log: Log;
}

/** What is read for it, the quick ones first: each is drawn as soon as it is known. */
const sections = ['requests decide', 'requests mine', 'status'] as const;

const button = (action: string, label: string): Action => ({
  action,
  label,
  accessibilityLabel: label,
  value: { v: 1, id: '', nonce: '' },
});
/** What stands on top for whoever may read. */
export const startCard: Card = {
  name: 'start',
  title: 'Start',
  summary: 'Promote an image, or see all commands.',
  blocks: [
    {
      kind: 'actions',
      actions: [
        { ...button('form:promote', 'Promote an image …'), style: 'primary' },
        button('waivers', 'Waivers'),
        button('drift', 'Drift'),
        button('help', 'All commands'),
      ],
    },
  ],
};

export function registerHome(app: App, home: Home): void {
  app.event('app_home_opened', async ({ body }) => {
    const envelope: Json = { ...body };
    const event = isJson(envelope['event']) ? envelope['event'] : {};
    if (event['tab'] !== 'home') return;
    await publishHome(home, envelope, event).catch((error: unknown) =>
      home.log.warn('the Home could not be drawn', { error: String(error) }),
    );
  });
}

/** Nothing is shown to whom the ladder refuses. */
async function publishHome(
  { dispatch, ladder, workspaces }: Home,
  envelope: Json,
  event: Json,
): Promise<void> {
  const origin: Origin = {
    team: text(envelope['team_id']),
    user: text(event['user']),
    enterprise: text(envelope['enterprise_id']),
    appId: text(envelope['api_app_id']),
    called: '',
    userTeam: '',
    channel: '',
    trigger: '',
    responseUrl: '',
  };
  if (await ladder.check(origin, { fresh: false })) return;
  const { team, user } = origin;
  const shown: Card[] = [];
  for (const [index, words] of sections.entries()) {
    const incoming = {
      key: `slack:${text(envelope['event_id'])}:${index}`,
      account: accountOf(team, user),
      place: placeOf(team, text(event['channel']) || `D:${user}`),
      input: { kind: 'text', text: words },
    } as const;
    if (!(await dispatch.accept(incoming))) return;
    const answer = await dispatch.answer(incoming);
    if (answer.kind === 'form') continue;
    shown.push(...(index === 0 && answer.kind !== 'refusal' ? [startCard] : []), answer.card);
    await sendCard(
      boardOf(shown),
      ({ blocks }) =>
        workspaces(team).call('views.publish', { user_id: user, view: { type: 'home', blocks } }),
      'home',
    );
    // Who may not read hears so once.
    if (answer.kind === 'refusal') return;
  }
}

/** The Home as far as its cards are known. */
export const homeView = (cards: readonly Card[]): { readonly type: 'home'; readonly blocks: object[] } => ({
  type: 'home',
  blocks: renderMessage(boardOf(cards), { surface: 'home' }).blocks,
});

const boardOf = (cards: readonly Card[]): Card => ({
  name: 'home',
  title: 'Home',
  summary: 'Home',
  blocks: cards.flatMap((card, index) =>
    index === 0 ? card.blocks : [{ kind: 'divider' } as const, ...card.blocks],
  ),
});
