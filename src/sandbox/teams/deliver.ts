// Sends the bot what Teams would send: one activity, with a token of the Bot Framework that names the service URL.
import { people, type SamplePerson, teamsApp, tenantId } from '../cast.ts';
import type { Tokens } from '../tokens.ts';
import type { TeamsControls } from './controls.ts';
import { channelData, type Json, type TeamsConversation, type TeamsCore, wireId } from './state.ts';

export const botFrameworkIssuer = 'https://api.botframework.com';

/** How the bot answered. `status` 0: it did not (see `error`). */
export interface Delivery {
  readonly ok: boolean;
  readonly status: number;
  readonly body: unknown;
  readonly durationMs: number;
  readonly error?: string;
}

export interface Deliver {
  readonly send: (activity: Json) => Promise<Delivery>;
  readonly counters: () => { sent: number; failed: number };
}

/** Where the bot sends its answers: the stand-in's own base URL, with the slash at its end that Teams has. */
function serviceUrl(core: TeamsCore): string {
  return `${core.publicUrl()}/teams/`;
}

export function createDeliver(
  core: TeamsCore,
  options: { botUrl: () => string; tokens: Tokens; controls: TeamsControls },
): Deliver {
  const counts = { sent: 0, failed: 0 };
  const send = async (activity: Json): Promise<Delivery> => {
    const from = performance.now();
    const took = (): number => Math.round(performance.now() - from);
    counts.sent += 1;
    try {
      const claims = { iss: botFrameworkIssuer, aud: teamsApp.id, serviceurl: serviceUrl(core) };
      const token = await options.tokens.sign(claims);
      const answer = await fetch(`${options.botUrl()}/api/messages`, {
        method: 'POST',
        headers: { 'content-type': 'application/json; charset=utf-8', authorization: `Bearer ${token}` },
        body: JSON.stringify(activity),
        signal: AbortSignal.timeout(options.controls.answerWithinMs),
      });
      if (!answer.ok) counts.failed += 1;
      return { ok: answer.ok, status: answer.status, body: parsed(await answer.text()), durationMs: took() };
    } catch (error) {
      counts.failed += 1;
      const late = error instanceof Error && error.name === 'TimeoutError';
      return {
        ok: false,
        status: 0,
        body: undefined,
        durationMs: took(),
        error: late ? 'timeout' : 'unreachable',
      };
    }
  };
  return { send, counters: () => ({ ...counts }) };
}

function parsed(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return text;
  }
}

/** The fields every activity of Teams has; `thread` is the post it belongs to. */
export function baseActivity(
  core: TeamsCore,
  person: SamplePerson,
  conversation: TeamsConversation,
  thread: string,
): Json {
  const at = new Date(core.now());
  return {
    channelId: 'msteams',
    serviceUrl: serviceUrl(core),
    id: core.nextId(),
    timestamp: at.toISOString(),
    localTimestamp: at.toISOString(),
    timezone: 'Europe/Berlin',
    locale: 'en-US',
    from: { id: person.teams, name: person.name, aadObjectId: person.objectId },
    recipient: { id: teamsApp.mri, name: teamsApp.name },
    conversation: {
      id: wireId(conversation, thread),
      conversationType: conversation.kind,
      tenantId,
      ...(conversation.kind === 'channel' ? { isGroup: true } : {}),
    },
    channelData: channelData(conversation),
    entities: [
      { type: 'clientInfo', locale: 'en-US', country: 'US', platform: 'Web', timezone: 'Europe/Berlin' },
    ],
  };
}

/** What Teams sends once the app is put into the team and into each personal chat. */
export function installActivities(core: TeamsCore): Json[] {
  const installer = people.find((one) => one.role === 'platform-admin') ?? people[0];
  if (!installer) return [];
  return core.state.conversations.flatMap((conversation) => {
    if (conversation.kind === 'channel' && conversation !== core.state.conversations[0]) return [];
    const person = people.find((one) => one.teams === conversation.with) ?? installer;
    const { entities: _none, ...base } = baseActivity(core, person, conversation, '');
    const place = { ...base, conversation: { ...(base['conversation'] as Json), id: conversation.id } };
    const added = { type: 'conversationUpdate', membersAdded: [{ id: teamsApp.mri }] };
    return [
      { ...place, type: 'installationUpdate', action: 'add' },
      { ...place, ...added, channelData: { ...channelData(conversation), eventType: 'teamMemberAdded' } },
    ];
  });
}
