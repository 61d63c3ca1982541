// The app's Home: what can be done here, as the person may do it. Drawn without native data blocks, which a Home forbids.
import type { App } from '@slack/bolt';
import type { Dispatch, Log } from '../../ports.ts';
import type { Workspaces } from './api.ts';
import type { Ladder } from './identity.ts';
import { isJson, type Json, text } from './incoming.ts';
import { accountOf, placeOf } from './place.ts';
import { renderMessage } from './render.ts';

interface Home {
  readonly dispatch: Dispatch;
  readonly ladder: Ladder;
  readonly workspaces: Workspaces;
  readonly log: Log;
}

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
  const team = text(envelope['team_id']);
  const user = text(event['user']);
  const origin = {
    team,
    user,
    enterprise: text(envelope['enterprise_id']),
    appId: text(envelope['api_app_id']),
    userTeam: '',
    channel: '',
    trigger: '',
    responseUrl: '',
  };
  if (await ladder.check(origin, { fresh: false })) return;
  const incoming = {
    key: `slack:${text(envelope['event_id'])}`,
    account: accountOf(team, user),
    place: placeOf(team, text(event['channel']) || `D:${user}`),
    input: { kind: 'text', text: 'help' },
  } as const;
  if (!(await dispatch.accept(incoming))) return;
  const answer = await dispatch.answer(incoming);
  if (answer.kind === 'form') return;
  const { blocks } = renderMessage(answer.card, { native: false });
  await workspaces(team).call('views.publish', { user_id: user, view: { type: 'home', blocks } });
}
