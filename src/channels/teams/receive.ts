// The way in from Teams: an activity that was let in becomes one deed; a message is acknowledged once it is stored and
// answered after that, a pressed button is answered within three seconds, and what takes longer follows.
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Card } from '../../cards/card.ts';
import { cleanLine } from '../../cards/clean.ts';
import type { Account, Answer, Dispatch, Incoming, Log, Place } from '../../ports.ts';
import {
  type Activity,
  commandOf,
  isJson,
  placeId,
  type Press,
  readPress,
  readSubmit,
  text,
} from './activity.ts';
import { closeWith, createDialogs } from './dialogs.ts';
import { submitPrefix } from './inputs.ts';
import type { Presenter } from './present.ts';
import type { References } from './references.ts';
import { refreshVerb, renderCard } from './render.ts';
import { viewOf } from './views.ts';

/** The body of a 200 to Teams, or another status without one. */
export interface Reply {
  readonly status: number;
  readonly body?: object;
}

export interface Receiver {
  readonly dispatch: Dispatch;
  readonly presenter: Presenter;
  readonly references: References;
  readonly log: Log;
  /** Remembers work that goes on after the acknowledgement. */
  readonly background: (work: Promise<unknown>) => void;
}

/** Milliseconds an answer to a button may take; Teams gives up after three seconds or so. */
const answerWithin = 2200;
const mostReplies = 500;

/** Handles an activity whose token was checked. `tenant` is allowed. Throws where the deed could not be stored. */
export function createReceive(receiver: Receiver): (activity: Activity, tenant: string) => Promise<Reply> {
  const replies = new Map<string, Promise<Reply>>();
  const dialogs = createDialogs();
  const inDialog: Wire = {
    say: (line) => ({ status: 200, body: closeWith(line) }),
    reply: (account, press, answer) => ({ status: 200, body: dialogs.reply(account, press, answer) }),
  };
  /** The same press again gets the same answer, without being done again. */
  const once = (key: string, press: () => Promise<Reply>): Promise<Reply> => {
    const before = replies.get(key);
    if (before) return before;
    const reply = press();
    if (replies.size >= mostReplies) replies.delete(replies.keys().next().value ?? '');
    replies.set(key, reply);
    reply.catch(() => replies.delete(key));
    return reply;
  };
  return async (activity, tenant) => {
    await receiver.references.learn(activity, tenant);
    if (activity.type !== 'message' && activity.type !== 'invoke') return { status: 200 };
    const account: Account = { channel: 'teams', tenant, user: activity.from.objectId };
    if (!account.user) return refuseNameless(receiver, activity, account);
    if (activity.type === 'message') return receiveMessage(receiver, activity, account);
    const key = keyOf(activity, account);
    switch (activity.name) {
      case 'adaptiveCard/action':
        if (readPress(activity)?.verb === refreshVerb) return refreshCard(receiver, activity, account);
        return once(key, () =>
          receivePress(receiver, { activity, account, key, press: readPress(activity), wire: onCard }),
        );
      case 'task/fetch':
      case 'task/submit':
        return once(key, () =>
          receivePress(receiver, { activity, account, key, press: readSubmit(activity), wire: inDialog }),
        );
      case 'application/search':
        return receiveSearch(receiver, activity, account);
      default:
        return { status: 501 };
    }
  };
}

/** Identity is tenant and object id, never a name: without one nothing is done. */
async function refuseNameless(
  { dispatch, log }: Receiver,
  activity: Activity,
  account: Account,
): Promise<Reply> {
  await dispatch
    .refused(account, 'no-object-id', { teamsId: activity.from.id })
    .catch((error: unknown) => log.warn('a refusal could not be written down', { error: String(error) }));
  if (activity.type !== 'invoke') return { status: 200 };
  const line = 'Teams does not tell which Entra account this is, so nothing was done.';
  return activity.name.startsWith('task/') ? { status: 200, body: closeWith(line) } : say(line);
}

async function receiveMessage(receiver: Receiver, activity: Activity, account: Account): Promise<Reply> {
  const { dispatch, presenter, log } = receiver;
  // A message without words is the value of a button: ours in a client without dialogs, or of somebody else's card.
  const press = activity.text.trim() ? undefined : readSubmit(activity);
  if (!activity.text.trim() && !press) return { status: 200 };
  const incoming: Incoming = {
    key: keyOf(activity, account),
    account,
    place: placeOf(activity),
    ...(activity.from.name && { called: activity.from.name }),
    input: press ? inputOf(press) : { kind: 'text', text: commandOf(activity) },
  };
  if (!(await dispatch.accept(incoming))) return { status: 200 };
  const filling = presenter.fill(activity, account);
  const work = dispatch
    .answer(incoming, filling.show)
    .then((answer) => (filling.has(answer) ? undefined : presenter.answerMessage(activity, account, answer)))
    .catch((error: unknown) =>
      log.error('an answer could not be delivered to Teams', { key: incoming.key, error: String(error) }),
    );
  receiver.background(work);
  return { status: 200 };
}

/** How the answer to a button is put: on its card, or in its dialog. */
interface Wire {
  readonly say: (line: string) => Reply;
  readonly reply: (account: Account, press: Press, answer: Answer) => Reply;
}

interface Pressed {
  readonly activity: Activity;
  readonly account: Account;
  readonly key: string;
  readonly press: Press | undefined;
  readonly wire: Wire;
}

async function receivePress(receiver: Receiver, pressed: Pressed): Promise<Reply> {
  const { activity, account, key, press, wire } = pressed;
  if (!press) {
    await receiver.dispatch.refused(account, 'malformed', { place: placeId(activity.conversation.id) });
    return wire.say('This button cannot be read. Ask for the card again.');
  }
  const incoming: Incoming = { key, account, place: placeOf(activity), input: inputOf(press) };
  if (!(await receiver.dispatch.accept(incoming)))
    return wire.say('This was taken on before. The card follows by itself.');
  return answerPress(receiver, { ...pressed, press }, incoming);
}

/** The answer if it comes in time; else a word of patience, and the answer as messages of its own. */
async function answerPress(
  receiver: Receiver,
  { activity, account, press, wire }: Pressed & { readonly press: Press },
  incoming: Incoming,
): Promise<Reply> {
  const { dispatch, presenter, log } = receiver;
  const filling = presenter.fill(activity, account);
  const answering = dispatch.answer(incoming, filling.show);
  const timer = new AbortController();
  const late = sleep(answerWithin, undefined, { signal: timer.signal }).catch(() => undefined);
  const early = await Promise.race([answering, late]);
  timer.abort();
  const deliver = async (answer: Answer): Promise<unknown> =>
    filling.has(answer)
      ? undefined
      : presenter.answerPress(activity, account, answer).catch((error: unknown) =>
          log.error('an answer could not be delivered to Teams', {
            key: incoming.key,
            error: String(error),
          }),
        );
  if (!early) {
    receiver.background(answering.then(deliver));
    return wire.say('Working on it. The card changes by itself.');
  }
  const isWhole = early.kind === 'refusal' || (early.kind === 'form' && wire !== onCard);
  if (!isWhole) receiver.background(deliver(early));
  return wire.reply(account, press, early);
}

/** What the person who pressed sees at once. */
function replyOnCard(account: Account, answer: Answer): Reply {
  switch (answer.kind) {
    case 'updated':
      return showCard(account, answer.card);
    case 'refusal':
      return say(answer.card.summary);
    case 'card':
      return say(answer.card.summary);
    case 'form':
      return say('Fill in the form that was sent to you.');
  }
}

/** The card this person sees from now on, until the message changes. */
const showCard = (account: Account, card: Card): Reply => ({
  status: 200,
  body: {
    statusCode: 200,
    type: 'application/vnd.microsoft.card.adaptive',
    value: renderCard(card, viewOf(card, account)),
  },
});

/** A client draws a card anew for its person: a read, which may come for every card in sight. */
async function refreshCard(
  { dispatch, log }: Receiver,
  activity: Activity,
  account: Account,
): Promise<Reply> {
  const id = readPress(activity)?.value.id ?? '';
  const card = await dispatch.view(account, id).catch((error: unknown) => {
    log.warn('a card could not be drawn anew', { id, error: String(error) });
    return undefined;
  });
  return card ? showCard(account, card) : say('This card cannot be drawn anew. Ask for it again.');
}

/** A line that Teams shows to the person alone. An error would only be shown as a generic failure. */
const say = (line: string): Reply => ({
  status: 200,
  body: {
    statusCode: 200,
    type: 'application/vnd.microsoft.activity.message',
    value: cleanLine(line) || '–',
  },
});

const onCard: Wire = { say, reply: (account, _press, answer) => replyOnCard(account, answer) };

async function receiveSearch(
  { dispatch, log }: Receiver,
  activity: Activity,
  account: Account,
): Promise<Reply> {
  const { value } = activity;
  const source = text(value['dataset']);
  if (source !== 'repositories' && source !== 'tags') return { status: 400 };
  const data = isJson(value['data']) ? value['data'] : {};
  const fields = Object.fromEntries(
    Object.entries(data).flatMap(([key, each]) => (typeof each === 'string' ? [[key, each]] : [])),
  );
  const choices = await dispatch
    .choices({ account, source, typed: text(value['queryText']), fields })
    .catch((error: unknown) => {
      log.warn('choices could not be found', { source, error: String(error) });
      return [];
    });
  const results = choices
    .slice(0, 100)
    .map((choice) => ({ title: cleanLine(choice.label), value: choice.value }));
  const type = 'application/vnd.microsoft.search.searchResponse';
  return { status: 200, body: { statusCode: 200, type, value: { results } } };
}

function inputOf({ verb, value, fields }: Press): Incoming['input'] {
  const { id, nonce } = value;
  return verb.startsWith(submitPrefix)
    ? { kind: 'form', form: verb.slice(submitPrefix.length), id, nonce, fields }
    : { kind: 'action', action: verb, id, nonce };
}

const placeOf = ({ conversation }: Activity): Place => ({
  id: placeId(conversation.id),
  kind: conversation.kind === 'personal' ? 'personal' : 'channel',
});

/** Names a delivery: its id, or what it is where it has none. */
function keyOf(activity: Activity, account: Account): string {
  if (activity.id) return `teams:${threadOfKey(activity)}:${activity.id}`;
  const what = [
    activity.conversation.id,
    activity.replyTo,
    account.user,
    activity.text,
    JSON.stringify(activity.value),
  ];
  return `teams:${createHash('sha256').update(JSON.stringify(what)).digest('hex')}`;
}

const threadOfKey = (activity: Activity): string => placeId(activity.conversation.id).slice('teams:'.length);
