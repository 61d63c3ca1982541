// What a person can do in the stand-in of Teams: write (with a mention, with a slash, in a thread), press the buttons of
// a card, fill in dialogs, search in a typeahead. Each ends in an activity to the bot; invoke answers are applied as
// Teams applies them.
import { type SamplePerson, teamsApp } from '../cast.ts';
import { baseActivity, type Deliver, type Delivery, installActivities } from './deliver.ts';
import {
  applyCardAnswer,
  type CardOutcome,
  choicesOf,
  type DialogOutcome,
  dialogOf,
} from './invoke-answers.ts';
import { cardOf, pendingRefresh } from './role-views.ts';
import { conversationOf, isJson, type Json, personOf, type TeamsActivity, type TeamsCore } from './state.ts';

export interface MessageOptions {
  /** Puts `<at>ACR</at>` before the text, with its entity. */
  readonly mention?: boolean;
  /** The id of the post to answer; without it a new post. */
  readonly thread?: string | undefined;
}

export interface TeamsActions {
  /** Installs the app: installationUpdate and conversationUpdate for the team and each personal chat. */
  readonly install: () => Promise<Delivery[]>;
  /** Writes. In a channel the bot hears it only with a mention or as a slash command (which only the writer sees). */
  readonly message: (
    person: string,
    conversation: string,
    text: string,
    options?: MessageOptions,
  ) => Promise<{ id: string; delivery?: Delivery }>;
  /** Presses an Action.Execute: `action` has `verb`, `data` and, where the card gives one, `id`. */
  readonly invoke: (
    person: string,
    conversation: string,
    activityId: string,
    action: Json,
    trigger?: 'manual' | 'automatic',
  ) => Promise<{ outcome: CardOutcome; delivery: Delivery }>;
  /** Presses an Action.Submit: a message with a value, or task/fetch where `data.msteams.type` says so. */
  readonly submit: (
    person: string,
    conversation: string,
    activityId: string,
    data: Json,
  ) => Promise<{ dialog?: DialogOutcome; delivery: Delivery }>;
  /** Submits an open dialog (task/submit). */
  readonly submitDialog: (
    person: string,
    conversation: string,
    activityId: string,
    data: Json,
  ) => Promise<{ dialog: DialogOutcome; delivery: Delivery }>;
  /** Types into an Input.ChoiceSet with Data.Query (application/search). */
  readonly search: (
    person: string,
    conversation: string,
    activityId: string,
    dataset: string,
    text: string,
  ) => Promise<{ choices: { title: string; value: string }[]; delivery: Delivery }>;
  /** Looks at a conversation: cards with `refresh` for this person are refreshed, once a revision. */
  readonly open: (person: string, conversation: string) => Promise<number>;
  /** The card this person sees on a message. */
  readonly cardFor: (person: string, activityId: string) => Json | undefined;
}

interface Stage {
  readonly core: TeamsCore;
  readonly deliver: Deliver;
}

/** Who presses what where. */
interface Press {
  readonly person: SamplePerson;
  readonly where: string;
  readonly activityId: string;
}

export function createTeamsActions(core: TeamsCore, deliver: Deliver): TeamsActions {
  const stage: Stage = { core, deliver };
  const press = (who: string, where: string, activityId: string): Press => ({
    person: personOf(who),
    where,
    activityId,
  });
  return {
    message: (who, where, text, options) => write(stage, personOf(who), where, text, options ?? {}),
    invoke: (who, where, id, action, trigger = 'manual') =>
      invoke(stage, press(who, where, id), action, trigger),
    submit: (who, where, id, data) => submit(stage, press(who, where, id), data),
    submitDialog: (who, where, id, data) => dialog(stage, press(who, where, id), 'task/submit', data),
    search: async (who, where, id, dataset, text) => {
      const value = { kind: 'search', queryText: text, queryOptions: { skip: 0, top: 15 }, dataset };
      const delivery = await sendInvoke(stage, press(who, where, id), 'application/search', value);
      return { choices: choicesOf(delivery.body), delivery };
    },
    open: async (who, where) => {
      const person = personOf(who);
      const pending = pendingRefresh(core.state, conversationOf(core.state, person, where).id, person.teams);
      for (const { activity, action } of pending) {
        activity.refreshed.push(person.teams);
        await invoke(stage, press(who, where, activity.id), action, 'automatic');
      }
      return pending.length;
    },
    install: async () => {
      const deliveries: Delivery[] = [];
      for (const activity of installActivities(core)) deliveries.push(await deliver.send(activity));
      core.state.installed = deliveries.every((one) => one.ok);
      core.changed();
      return deliveries;
    },
    cardFor: (who, activityId) => cardOf(activityOf(core, activityId), personOf(who).teams),
  };
}

function activityOf(core: TeamsCore, id: string): TeamsActivity {
  const found = core.state.activities.find((one) => one.id === id);
  if (!found) throw new Error(`No message ${id}.`);
  return found;
}

/** What any press on a card is sent with: the conversation of the card, and the card it answers. */
function pressed(core: TeamsCore, { person, where, activityId }: Press): Json {
  const conversation = conversationOf(core.state, person, where);
  const { thread } = activityOf(core, activityId);
  return { ...baseActivity(core, person, conversation, thread), replyToId: activityId };
}

function sendInvoke({ core, deliver }: Stage, press: Press, name: string, value: Json): Promise<Delivery> {
  return deliver.send({ ...pressed(core, press), type: 'invoke', name, value });
}

async function invoke(stage: Stage, press: Press, action: Json, trigger: string) {
  const value = { action: { type: 'Action.Execute', ...action }, trigger };
  const { revision } = activityOf(stage.core, press.activityId);
  const delivery = await sendInvoke(stage, press, 'adaptiveCard/action', value);
  const shown = { activityId: press.activityId, revision, viewer: press.person.teams };
  return { outcome: applyCardAnswer(stage.core, shown, delivery), delivery };
}

async function dialog(stage: Stage, press: Press, name: 'task/fetch' | 'task/submit', data: Json) {
  const delivery = await sendInvoke(stage, press, name, { data, context: { theme: 'default' } });
  return { dialog: dialogOf(delivery), delivery };
}

async function submit(stage: Stage, press: Press, data: Json) {
  const teams = isJson(data['msteams']) ? data['msteams'] : {};
  if (teams['type'] === 'task/fetch') return dialog(stage, press, 'task/fetch', data);
  const activity = { ...pressed(stage.core, press), type: 'message', value: data };
  return { delivery: await stage.deliver.send(activity) };
}

async function write(
  { core, deliver }: Stage,
  person: SamplePerson,
  where: string,
  text: string,
  options: MessageOptions,
): Promise<{ id: string; delivery?: Delivery }> {
  const conversation = conversationOf(core.state, person, where);
  const slash = text.startsWith('/');
  const base = baseActivity(core, person, conversation, options.thread ?? '');
  const id = String(base['id']);
  const thread = options.thread ?? id;
  const activity: TeamsActivity = {
    id,
    conversation: conversation.id,
    thread,
    from: { id: person.teams, name: person.name },
    fromBot: false,
    text: options.mention ? `@${teamsApp.name} ${text}` : text,
    attachments: [],
    at: core.now(),
    edited: false,
    ...(slash && conversation.kind === 'channel' ? { targetedTo: person.teams } : {}),
    revision: 1,
    views: {},
    refreshed: [],
  };
  core.state.activities.push(activity);
  core.changed();
  if (conversation.kind === 'channel' && !options.mention && !slash) return { id };
  const { conversation: placed } = baseActivity(core, person, conversation, thread);
  const wire = options.mention ? mentioned(base, text) : { ...base, text };
  return {
    id,
    delivery: await deliver.send({ ...wire, type: 'message', textFormat: 'plain', conversation: placed }),
  };
}

function mentioned(base: Json, text: string): Json {
  const at = `<at>${teamsApp.name}</at>`;
  const mention = { type: 'mention', text: at, mentioned: { id: teamsApp.mri, name: teamsApp.name } };
  return { ...base, text: `${at} ${text}`, entities: [mention, ...(base['entities'] as Json[])] };
}
