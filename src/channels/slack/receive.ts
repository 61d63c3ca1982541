// The way in from Slack: every request becomes one deed, is judged by the ladder of identity, stored, acknowledged within
// three seconds, and answered after that.
import { setTimeout as sleep } from 'node:timers/promises';
import type { App } from '@slack/bolt';
import { noticeCard, refusalCard } from '../../cards/refusal-card.ts';
import type { Dispatch, Incoming, Log } from '../../ports.ts';
import {
  fieldErrors,
  pickerOptions,
  pickerQuery,
  readSubmission,
  submitWithin,
  viewAfterChoice,
} from './forms.ts';
import type { Ladder, Refusal } from './identity.ts';
import {
  type Click,
  commandOrigin,
  interactionOrigin,
  isJson,
  type Json,
  type Origin,
  readClick,
  readMemory,
  readValue,
  text,
} from './incoming.ts';
import { accountOf, placeOf } from './place.ts';
import type { Deed, Presenter } from './present.ts';
import { actionName } from './render.ts';
import type { Workspaces } from './api.ts';

export interface Receiver {
  readonly dispatch: Dispatch;
  readonly ladder: Ladder;
  readonly presenter: Presenter;
  readonly workspaces: Workspaces;
  readonly log: Log;
  /** Remembers work that goes on after the acknowledgement. */
  readonly background: (work: Promise<unknown>) => void;
}

type Ack = (answer?: never) => Promise<void>;
/** Bolt types an acknowledgement by listener; what is said here is checked against the stand-in. */
type AnyAck = (answer?: object) => Promise<void>;

/** How long the ladder may take before the answer is no, in milliseconds: Slack waits three seconds in all. */
const ladderWithin = 2000;

export function registerReceivers(app: App, receiver: Receiver): void {
  app.command(/.*/, async ({ body, ack }) => {
    const said: Json = { ...body };
    const origin = commandOrigin(said);
    const input = { kind: 'text', text: text(said['text']).trim() || 'help' } as const;
    await take(receiver, { key: keyOf(origin), origin }, input, ack);
  });
  app.shortcut(/.*/, async ({ body, ack }) => receiveShortcut(receiver, { ...body } as Json, ack as Ack));
  app.action(/.*/, async ({ body, ack }) => receiveClick(receiver, { ...body } as Json, ack as Ack));
  app.view(/.*/, async ({ body, ack }) => receiveSubmission(receiver, { ...body } as Json, ack as AnyAck));
  app.options(/.*/, async ({ body, ack }) => receiveQuery(receiver, { ...body } as Json, ack as AnyAck));
}

const keyOf = (origin: Origin): string => `slack:${origin.trigger}`;

async function receiveClick(receiver: Receiver, body: Json, ack: Ack): Promise<void> {
  const origin = interactionOrigin(body);
  const click = readClick(body);
  if (click.view?.['type'] === 'modal') return receiveChoice(receiver, origin.team, click, ack);
  const [action] = click.actions;
  const value = readValue(action?.['value']);
  const deed: Deed = { key: keyOf(origin), origin, ...(click.message && { message: click.message }) };
  if (!action || click.actions.length !== 1 || !value) {
    await ack();
    return refuse(receiver, deed, {
      code: 'malformed',
      text: 'This button cannot be read. Ask for the card again.',
    });
  }
  const name = actionName(text(action['action_id']));
  const input = { kind: 'action', action: name, id: value.id, nonce: value.nonce } as const;
  await take(receiver, deed, input, ack);
}

/** A shortcut is a command without words; on a message it is about the image that is named there. */
async function receiveShortcut(receiver: Receiver, body: Json, ack: Ack): Promise<void> {
  const origin = interactionOrigin(body);
  const deed: Deed = { key: keyOf(origin), origin };
  const message = isJson(body['message']) ? text(body['message']['text']) : '';
  const image = /[a-z0-9][a-z0-9._/-]*:[\w][\w.-]*/.exec(message)?.[0] ?? '';
  const input: Readonly<Record<string, Incoming['input']>> = {
    promote: { kind: 'text', text: 'promote' },
    status: { kind: 'text', text: 'status' },
    // The form of the button, on no way, with the image filled in.
    promote_image: { kind: 'action', action: 'form:promote', id: ` ${image}`, nonce: '' },
  };
  const known = input[text(body['callback_id'])];
  if (known) return take(receiver, deed, known, ack);
  await ack();
  await refuse(receiver, deed, { code: 'malformed', text: 'This shortcut is not known any more.' });
}

/** The ladder, the store, the acknowledgement, the answer: in this order, so that nothing is lost and nothing is early. */
async function take(receiver: Receiver, deed: Deed, input: Incoming['input'], ack: Ack): Promise<void> {
  const refusal = await climb(receiver, deed.origin, !receiver.dispatch.isRead(input));
  if (refusal) {
    await ack();
    return refuse(receiver, deed, refusal);
  }
  const incoming = incomingOf(deed, input);
  const isNew = await receiver.dispatch.accept(incoming);
  await ack();
  if (isNew) receiver.background(finish(receiver, deed, incoming));
}

/** Without an image it is a form. */
const isBarePromote = (input: Incoming['input']): boolean =>
  input.kind === 'text' && /^promote$/i.test(input.text);

async function finish(receiver: Receiver, deed: Deed, incoming: Incoming): Promise<void> {
  const { presenter, dispatch, log } = receiver;
  const { input } = incoming;
  const opensForm = input.kind === 'action' ? input.action.startsWith('form:') : isBarePromote(input);
  try {
    const view = opensForm ? await presenter.openLoading(deed).catch(() => undefined) : undefined;
    const filling = presenter.fill(deed);
    const answer = await dispatch.answer(incoming, filling.show);
    if (!filling.has(answer)) await presenter.answer(view ? { ...deed, view } : deed, answer);
  } catch (error) {
    log.error('an answer could not be delivered to Slack', { key: deed.key, error: String(error) });
  }
}

function incomingOf({ key, origin }: Deed, input: Incoming['input']): Incoming {
  const account = accountOf(origin.team, origin.user);
  // A form opened from Home has no channel: what is to be said goes to the person.
  const place = placeOf(origin.team, origin.channel || `D:${origin.user}`);
  return { key, account, place, input, ...(origin.called && { called: origin.called }) };
}

/** A refusal by the ladder; what cannot be found out in time is a refusal too. */
async function climb(
  { ladder, log }: Receiver,
  origin: Origin,
  fresh: boolean,
): Promise<Refusal | undefined> {
  const late = new AbortController();
  const unknown: Refusal = {
    code: 'identity-unknown',
    text: 'Slack did not say in time who you are, so nothing was done. Try again in a moment.',
  };
  try {
    return await Promise.race([
      ladder.check(origin, { fresh }),
      sleep(ladderWithin, unknown, { signal: late.signal, ref: false }),
    ]);
  } catch (error) {
    log.warn('identity could not be looked up in Slack', { error: String(error) });
    return unknown;
  } finally {
    late.abort();
  }
}

async function refuse(receiver: Receiver, deed: Deed, refusal: Refusal): Promise<void> {
  const { dispatch, presenter, log } = receiver;
  const { origin } = deed;
  try {
    await dispatch.refused(accountOf(origin.team, origin.user), refusal.code, {
      channel: origin.channel,
      team: origin.userTeam || origin.team,
    });
    await presenter.whisper(deed, refusalCard(refusal.text));
  } catch (error) {
    log.warn('a refusal could not be told', { code: refusal.code, error: String(error) });
  }
}

async function receiveChoice(
  receiver: Receiver,
  team: string,
  { view = {}, actions }: Click,
  ack: Ack,
): Promise<void> {
  await ack();
  const next = viewAfterChoice(view, actions);
  if (!next) return;
  await receiver
    .workspaces(team)
    .call('views.update', { view_id: view['id'], hash: view['hash'], view: next })
    .catch((error: unknown) => receiver.log.warn('a form could not be updated', { error: String(error) }));
}

async function receiveQuery(receiver: Receiver, body: Json, ack: AnyAck): Promise<void> {
  const origin = interactionOrigin(body);
  const query = pickerQuery(body, accountOf(origin.team, origin.user));
  const refusal = query && (await climb(receiver, { ...origin, channel: '' }, false));
  if (!query || refusal) return ack({ options: [] });
  const options = await pickerOptions(receiver.dispatch, query).catch((error: unknown) => {
    receiver.log.warn('choices could not be found', { source: query.source, error: String(error) });
    return [];
  });
  await ack({ options });
}

async function receiveSubmission(receiver: Receiver, body: Json, ack: AnyAck): Promise<void> {
  const view = isJson(body['view']) ? body['view'] : {};
  const memory = readMemory(view);
  const input = readSubmission(view);
  const opened = interactionOrigin(body);
  const origin: Origin = { ...opened, channel: memory?.channel ?? '' };
  const message = memory?.message ? { message: { ts: memory.message, ephemeral: false } } : {};
  const deed: Deed = { key: keyOf(origin), origin, ...message };
  if (!input) {
    await ack();
    return refuse(receiver, deed, { code: 'malformed', text: 'This form cannot be read. Open it again.' });
  }
  const started = performance.now();
  const refusal = await climb(receiver, origin, true);
  if (refusal) {
    await ack();
    return refuse(receiver, deed, refusal);
  }
  const incoming = incomingOf(deed, input);
  if (!(await receiver.dispatch.accept(incoming))) return ack();
  await submit(receiver, { deed, incoming, view, left: submitWithin - (performance.now() - started) }, ack);
}

interface Submission {
  readonly deed: Deed;
  readonly incoming: Incoming;
  readonly view: Json;
  /** Milliseconds until the modal has to be answered. */
  readonly left: number;
}

/** Errors of a field stand in the open modal; an answer that takes longer closes it and follows. */
async function submit(
  receiver: Receiver,
  { deed, incoming, view, left }: Submission,
  ack: AnyAck,
): Promise<void> {
  const { dispatch, presenter, log } = receiver;
  const answering = dispatch.answer(incoming);
  const inTime = new AbortController();
  const early = await Promise.race([
    answering,
    sleep(Math.max(left, 1), undefined, { signal: inTime.signal, ref: false }).catch(() => undefined),
  ]);
  inTime.abort();
  const errors = early && fieldErrors(view, early);
  if (errors) return ack({ response_action: 'errors', errors });
  await ack();
  const deliver = async (): Promise<void> => {
    if (!early) await presenter.whisper(deed, noticeCard('Working on it', 'This takes a little longer.'));
    await presenter.answer(deed, early ?? (await answering));
  };
  const work = deliver().catch((error: unknown) =>
    log.error('an answer could not be delivered to Slack', { key: deed.key, error: String(error) }),
  );
  receiver.background(work);
}
