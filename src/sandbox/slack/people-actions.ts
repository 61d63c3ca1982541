// What a person can do in the stand-in of Slack: type a command or a message, click, choose, fill in and submit. The
// workspace page and the tests call these; each ends in a signed request to the bot.
import { isJson, type Json } from './block-checks.ts';
import { channelOf, personOf, type SlackCore } from './core.ts';
import type { Deliver, Delivery } from './deliver.ts';
import {
  actionOf,
  elementsOf,
  type FoundElement,
  type Given,
  type GivenValues,
  stateValues,
} from './elements-state.ts';
import { findView } from './methods-views.ts';
import {
  commandForm,
  eventEnvelope,
  messageAction,
  suggestion,
  viewAction,
  viewClosed,
  viewSubmission,
} from './payloads.ts';
import { applyAnswer } from './response-url.ts';
import type { SlackMessage } from './state.ts';
import { applyViewAnswer, clear, close, type ViewOutcome } from './view-answers.ts';

/** Where an element is: on a message, or in a view. */
export type Place = { readonly channel: string; readonly ts: string } | { readonly viewId: string };

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
  /** Opens the app's Home (app_home_opened). */
  readonly openHome: (person: string) => Promise<Delivery>;
  /** Any event, such as `{type: 'app_uninstalled'}`, in its envelope. */
  readonly event: (event: Json) => Promise<Delivery>;
  /** Slack's handshake for a request URL. */
  readonly verifyUrl: (challenge: string) => Promise<Delivery>;
}

export function createPeopleActions(core: SlackCore, deliver: Deliver): PeopleActions {
  const offered = new Map<string, Json>();

  const command: PeopleActions['command'] = async (who, where, text) => {
    const person = personOf(who);
    const channel = channelOf(core, person, where);
    const form = commandForm(core, person, channel, text);
    const delivery = await deliver.form(form);
    const ticket = { channel: channel.id, user: person.slack };
    if (!delivery.ok) {
      const reason = delivery.error ?? `http_status_${delivery.status}`;
      core.add({
        ...slackbot,
        ...ticketPlace(ticket),
        text: `/acr failed with the error "${reason}"`,
        blocks: [],
      });
    } else if (typeof delivery.body === 'string' && delivery.body !== '')
      applyAnswer(core, ticket, { text: delivery.body });
    else if (isJson(delivery.body) && (delivery.body['text'] ?? delivery.body['blocks']))
      applyAnswer(core, ticket, delivery.body);
    return delivery;
  };

  const act: PeopleActions['act'] = async (who, place, choice) => {
    const person = personOf(who);
    const found = find(place);
    const { blocks } = found;
    const element = findElement(blocks, choice);
    const action = actionOf(element, choice.value, core.nextTs(), offered);
    const given = withChoice(choice, element);
    const values = stateValues(blocks, given, offered);
    const payload =
      'message' in found
        ? messageAction(core, person, found.message, nameOf(found.message.channel), [action], values)
        : viewAction(core, person, { ...found.view, state: { values } }, [action]);
    return deliver.form({ payload: JSON.stringify(payload) });
  };

  const find = (
    place: Place,
  ): { blocks: Json[]; view: Json } | { blocks: Json[]; message: SlackMessage; view?: undefined } | never => {
    if ('viewId' in place) {
      const view = findView(core, place.viewId)?.view;
      if (!view) throw new Error(`No open view ${place.viewId}.`);
      return { blocks: blocksOf(view), view };
    }
    const channel = core.state.channels.find(
      (one) => one.id === place.channel || one.name === place.channel,
    )?.id;
    const message = core.state.messages.find((one) => one.channel === channel && one.ts === place.ts);
    if (!message) throw new Error(`No message ${place.ts} in ${place.channel}.`);
    return { blocks: message.blocks, message };
  };
  const nameOf = (id: string): string => core.state.channels.find((one) => one.id === id)?.name ?? id;

  const suggest: PeopleActions['suggest'] = async (who, place, ids, value) => {
    const found = find(place);
    const blockId = findElement(found.blocks, ids).blockId;
    const where =
      'message' in found
        ? { message: found.message, channelName: nameOf(found.message.channel) }
        : { view: found.view };
    const payload = suggestion(personOf(who), where, { actionId: ids.actionId, blockId }, value);
    const delivery = await deliver.form({ payload: JSON.stringify(payload) });
    const options = optionsOf(delivery.body);
    for (const option of options) offered.set(String(option['value']), option);
    return {
      delivery,
      options: options.map((one) => ({ text: textOf(one['text']), value: String(one['value']) })),
    };
  };

  const submitView: PeopleActions['submitView'] = async (who, viewId, values) => {
    const person = personOf(who);
    const { view, blocks } = find({ viewId });
    if (!view) throw new Error(`No open view ${viewId}.`);
    const submitted = { ...view, state: { values: stateValues(blocks, values, offered) } };
    const delivery = await deliver.form({ payload: JSON.stringify(viewSubmission(core, person, submitted)) });
    return { outcome: applyViewAnswer(core, person.slack, view, delivery), delivery };
  };

  const closeView: PeopleActions['closeView'] = async (who, viewId, all = false) => {
    const person = personOf(who);
    const { view } = find({ viewId });
    if (!view) throw new Error(`No open view ${viewId}.`);
    if (all || view['clear_on_close'] === true) clear(core, person.slack);
    else close(core, person.slack, view);
    if (view['notify_on_close'] !== true) return undefined;
    return deliver.form({ payload: JSON.stringify(viewClosed(person, view, all)) });
  };

  const event: PeopleActions['event'] = (inner) => deliver.event(eventEnvelope(core, inner));
  return {
    command,
    act,
    suggest,
    submitView,
    closeView,
    event,
    click: (person, channel, ts, actionId, blockId) => act(person, { channel, ts }, { actionId, blockId }),
    message: (who, channel, text, threadTs) => {
      const person = personOf(who);
      const place = channelOf(core, person, channel).id;
      return core.add({
        channel: place,
        user: person.slack,
        text,
        blocks: [],
        ...(threadTs ? { threadTs } : {}),
      });
    },
    openHome: (who) => {
      const person = personOf(who);
      const view = core.state.homes[person.slack]?.view;
      const channel = channelOf(core, person, 'dm').id;
      return event({
        type: 'app_home_opened',
        user: person.slack,
        channel,
        tab: 'home',
        ...(view ? { view } : {}),
      });
    },
    verifyUrl: (challenge) => deliver.event({ token: 'sandbox', challenge, type: 'url_verification' }),
  };
}

const slackbot = { user: 'USLACKBOT' };
const ticketPlace = (ticket: {
  channel: string;
  user: string;
}): { channel: string; ephemeralFor: string } => ({
  channel: ticket.channel,
  ephemeralFor: ticket.user,
});

function blocksOf(view: Json): Json[] {
  return Array.isArray(view['blocks']) ? view['blocks'].filter(isJson) : [];
}

function findElement(
  blocks: readonly Json[],
  ids: { actionId: string; blockId?: string | undefined },
): FoundElement {
  const found = elementsOf(blocks).find(
    (one) =>
      one.element['action_id'] === ids.actionId && (ids.blockId === undefined || one.blockId === ids.blockId),
  );
  if (!found) throw new Error(`No element with action_id ${ids.actionId} here.`);
  return found;
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
  return isJson(value) ? String(value['text']) : String(value);
}
