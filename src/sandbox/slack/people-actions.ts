// What a person can do in the stand-in of Slack: type a command or a message, click, choose, fill in and submit. The
// workspace page and the tests call these; each ends in a signed request to the bot.
import { isJson, type Json, words } from './block-checks.ts';
import { channelOf, personOf, type SlackCore } from './core.ts';
import type { Deliver, Delivery } from './deliver.ts';
import { actionOf, type FoundElement, type Given, type GivenValues, stateValues } from './elements-state.ts';
import { findElement, findPlace, nameOf, openView, type Place } from './places.ts';
import {
  commandForm,
  eventEnvelope,
  shortcut,
  messageAction,
  suggestion,
  viewAction,
  viewClosed,
  viewSubmission,
} from './payloads.ts';
import { applyAnswer } from './response-url.ts';
import type { SlackMessage } from './state.ts';
import { applyViewAnswer, clear, close, type ViewOutcome } from './view-answers.ts';

export interface Choice {
  readonly actionId: string;
  readonly blockId?: string | undefined;
  /** What was chosen; none for a button. */
  readonly value?: Given | undefined;
  /** The other inputs' present values. */
  readonly values?: GivenValues | undefined;
}

export interface Suggestions {
  readonly delivery: Delivery;
  readonly options: { text: string; value: string }[];
}

export interface PeopleActions {
  /** Types `/acr TEXT` in a channel (`dm` for the direct message with the bot). */
  readonly command: (person: string, channel: string, text: string) => Promise<Delivery>;
  /** Posts a message that the bot does not hear: the app is not subscribed to messages. */
  readonly message: (person: string, channel: string, text: string, threadTs?: string) => SlackMessage;
  /** Clicks a button of a message. */
  readonly click: (
    person: string,
    channel: string,
    ts: string,
    actionId: string,
    blockId?: string,
  ) => Promise<Delivery>;
  /** Clicks or chooses anywhere. */
  readonly act: (person: string, place: Place, choice: Choice) => Promise<Delivery>;
  /** Types into an external_select. */
  readonly suggest: (
    person: string,
    place: Place,
    ids: { actionId: string; blockId?: string | undefined },
    value: string,
  ) => Promise<Suggestions>;
  readonly submitView: (
    person: string,
    viewId: string,
    values: GivenValues,
  ) => Promise<{ outcome: ViewOutcome; delivery: Delivery }>;
  /** Closes the top view, or with `all` the whole stack; told to the bot only where the view asks for it. */
  readonly closeView: (person: string, viewId: string, all?: boolean) => Promise<Delivery | undefined>;
  /** Picks a shortcut of the app, of a message where one is named. */
  readonly shortcut: (
    person: string,
    callbackId: string,
    message?: { readonly channel: string; readonly ts: string },
  ) => Promise<Delivery>;
  /** Opens the app's Home (app_home_opened). */
  readonly openHome: (person: string) => Promise<Delivery>;
  /** Any event, such as `{type: 'app_uninstalled'}`, in its envelope; `around` is what is said of it there. */
  readonly event: (event: Json, around?: Json) => Promise<Delivery>;
  /** Slack's handshake for a request URL. */
  readonly verifyUrl: (challenge: string) => Promise<Delivery>;
}

/** Who acts through what: the parts that every action needs. */
interface Stage {
  readonly core: SlackCore;
  readonly deliver: Deliver;
  /** Options that were offered by the bot, by value: payloads carry their texts. */
  readonly offered: Map<string, Json>;
}

export function createPeopleActions(core: SlackCore, deliver: Deliver): PeopleActions {
  const stage: Stage = { core, deliver, offered: new Map() };
  const event: PeopleActions['event'] = (inner, around = {}) =>
    deliver.event({ ...eventEnvelope(core, inner), ...around });
  return {
    event,
    command: (who, channel, text) => command(stage, who, channel, text),
    act: (who, place, choice) => act(stage, who, place, choice),
    click: (who, channel, ts, actionId, blockId) => act(stage, who, { channel, ts }, { actionId, blockId }),
    suggest: (who, place, ids, value) => suggest(stage, who, place, { ...ids, value }),
    submitView: (who, viewId, values) => submitView(stage, who, viewId, values),
    closeView: (who, viewId, all = false) => closeView(stage, who, viewId, all),
    message: (who, where, text, threadTs) => {
      const person = personOf(who);
      const channel = channelOf(core, person, where).id;
      return core.add({ channel, user: person.slack, text, blocks: [], ...(threadTs ? { threadTs } : {}) });
    },
    shortcut: (who, callbackId, on) => {
      const found = on && findPlace(core, on);
      const message =
        found && 'message' in found
          ? { message: found.message, channelName: nameOf(core, found.message.channel) }
          : undefined;
      const payload = shortcut(core, personOf(who), callbackId, message);
      return deliver.form({ payload: JSON.stringify(payload) });
    },
    openHome: (who) => {
      const person = personOf(who);
      const view = core.state.homes[person.slack]?.view;
      const channel = channelOf(core, person, 'dm').id;
      const opened = { type: 'app_home_opened', user: person.slack, channel, tab: 'home' };
      return event({ ...opened, ...(view ? { view } : {}) });
    },
    verifyUrl: (challenge) => deliver.event({ token: 'sandbox', challenge, type: 'url_verification' }),
  };
}

async function command(
  { core, deliver }: Stage,
  who: string,
  where: string,
  text: string,
): Promise<Delivery> {
  const person = personOf(who);
  const channel = channelOf(core, person, where);
  const delivery = await deliver.form(commandForm(core, person, channel, text));
  const ticket = { channel: channel.id, user: person.slack };
  const { ok, body } = delivery;
  if (!ok) {
    const failed = `/acr failed with the error "${delivery.error ?? `http_status_${delivery.status}`}"`;
    core.add({
      user: 'USLACKBOT',
      channel: channel.id,
      ephemeralFor: person.slack,
      text: failed,
      blocks: [],
    });
  } else if (typeof body === 'string' && body !== '') applyAnswer(core, ticket, { text: body });
  else if (isJson(body) && (body['text'] ?? body['blocks'])) applyAnswer(core, ticket, body);
  return delivery;
}

function act(
  { core, deliver, offered }: Stage,
  who: string,
  place: Place,
  choice: Choice,
): Promise<Delivery> {
  const person = personOf(who);
  const found = findPlace(core, place);
  const element = findElement(found.blocks, choice);
  const action = actionOf(element, choice.value, core.nextTs(), offered);
  const values = stateValues(found.blocks, withChoice(choice, element), offered);
  const payload =
    'message' in found
      ? messageAction(core, person, found.message, nameOf(core, found.message.channel), [action], values)
      : viewAction(core, person, { ...found.view, state: { values } }, [action]);
  return deliver.form({ payload: JSON.stringify(payload) });
}

async function suggest(
  { core, deliver, offered }: Stage,
  who: string,
  place: Place,
  asked: { actionId: string; blockId?: string | undefined; value: string },
): Promise<Suggestions> {
  const found = findPlace(core, place);
  const { blockId } = findElement(found.blocks, asked);
  const where =
    'message' in found
      ? { message: found.message, channelName: nameOf(core, found.message.channel) }
      : { view: found.view };
  const payload = suggestion(personOf(who), where, { actionId: asked.actionId, blockId }, asked.value);
  const delivery = await deliver.form({ payload: JSON.stringify(payload) });
  const options = optionsOf(delivery.body);
  for (const option of options) offered.set(words(option['value']), option);
  return {
    delivery,
    options: options.map((one) => ({ text: textOf(one['text']), value: words(one['value']) })),
  };
}

async function submitView(
  { core, deliver, offered }: Stage,
  who: string,
  viewId: string,
  given: GivenValues,
) {
  const person = personOf(who);
  const { view, blocks } = openView(core, viewId);
  const submitted = { ...view, state: { values: stateValues(blocks, given, offered) } };
  const delivery = await deliver.form({ payload: JSON.stringify(viewSubmission(core, person, submitted)) });
  return { outcome: applyViewAnswer(core, person.slack, view, delivery), delivery };
}

async function closeView(
  { core, deliver }: Stage,
  who: string,
  viewId: string,
  all: boolean,
): Promise<Delivery | undefined> {
  const person = personOf(who);
  const { view } = openView(core, viewId);
  if (all || view['clear_on_close'] === true) clear(core, person.slack);
  else close(core, person.slack, view);
  if (view['notify_on_close'] !== true) return undefined;
  return deliver.form({ payload: JSON.stringify(viewClosed(person, view, all)) });
}

/** The state of the message or view includes the choice itself. */
function withChoice(choice: Choice, { blockId }: FoundElement): GivenValues {
  const values = choice.values ?? {};
  return choice.value === undefined
    ? values
    : { ...values, [blockId]: { ...values[blockId], [choice.actionId]: choice.value } };
}

function optionsOf(body: unknown): Json[] {
  if (!isJson(body)) return [];
  const groups = Array.isArray(body['option_groups']) ? body['option_groups'].filter(isJson) : [];
  const options = [body['options'], ...groups.map((one) => one['options'])].flatMap((one) =>
    Array.isArray(one) ? one : [],
  );
  return options.filter(isJson);
}

function textOf(value: unknown): string {
  return isJson(value) ? words(value['text']) : words(value);
}
