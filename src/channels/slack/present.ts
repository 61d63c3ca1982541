// Where an answer goes: into the channel, to the asker alone, onto the card that was clicked, or into a modal.
import type { Card } from '../../cards/card.ts';
import { noticeCard } from '../../cards/refusal-card.ts';
import type { Answer, Log, MessageRef, Show } from '../../ports.ts';
import { type SlackApi, sendCard, type Workspaces } from './api.ts';
import type { SlackMessenger } from './deliver.ts';
import { slackCode } from './errors.ts';
import type { Origin } from './incoming.ts';
import { loadingModal, renderModal, textModal } from './modal.ts';
import { placeId } from './place.ts';
import { renderMessage } from './render.ts';

/** One deed and how its answer can reach the person. */
export interface Deed {
  readonly key: string;
  readonly origin: Origin;
  /** The message whose button was clicked. */
  readonly message?: { readonly ts: string; readonly ephemeral: boolean };
  /** The modal that was opened for this deed at once. */
  readonly view?: { readonly id: string; readonly hash: string };
}

export interface Presenter {
  answer(deed: Deed, answer: Answer): Promise<void>;
  /**
   * Shows an answer as it fills. Messages of our own are edited; what only the asker sees cannot be (a response url is good
   * for five answers), so there it is only said once that the answer follows. `has`: whether it shows this answer.
   */
  fill(deed: Deed): { readonly show: Show; has(answer: Answer): boolean };
  /** To the asker alone. */
  whisper(deed: Deed, card: Card): Promise<void>;
  /** Opens the modal that says "one moment", within the three seconds of the trigger. */
  openLoading(deed: Deed): Promise<Deed['view']>;
}

/** `apiUrl`: where a stand-in's response urls may point as well. */
export function createPresenter(options: {
  readonly workspaces: Workspaces;
  readonly messenger: SlackMessenger;
  readonly apiUrl: string | undefined;
  readonly log: Log;
}): Presenter {
  const { workspaces, messenger } = options;
  const respond = createResponder(options.apiUrl);

  const whisper = async (deed: Deed, card: Card): Promise<void> => {
    const { origin } = deed;
    if (await respond(origin.responseUrl, card, { response_type: 'ephemeral', replace_original: false }))
      return;
    if (origin.channel && (await postEphemeral(workspaces(origin.team), origin.channel, origin.user, card)))
      return;
    await messenger.direct(
      { channel: 'slack', tenant: origin.team, user: origin.user },
      card,
      `${deed.key}:whisper`,
    );
  };
  const publish = async (deed: Deed, card: Card): Promise<void> => {
    const { origin } = deed;
    if (!origin.channel) return whisper(deed, card);
    try {
      await messenger.post(placeId(origin.team, origin.channel), card, deed.key);
    } catch (error) {
      const answered = await respond(origin.responseUrl, card, { response_type: 'in_channel' });
      if (!answered) throw error;
    }
  };
  const update = async (deed: Deed, card: Card): Promise<void> => {
    const { origin, message } = deed;
    if (!message) return whisper(deed, card);
    if (!message.ephemeral) {
      const place = placeId(origin.team, origin.channel);
      return messenger.update({ channel: 'slack', place, message: message.ts }, card);
    }
    if (!(await respond(origin.responseUrl, card, { replace_original: true }))) await whisper(deed, card);
  };

  /** The message of our own that this answer stands in, posted or clicked; none where it is the asker's alone. */
  const place = async (deed: Deed, answer: Answer): Promise<MessageRef | undefined> => {
    const { origin, message } = deed;
    if (!origin.channel) return undefined;
    const channel = placeId(origin.team, origin.channel);
    if (answer.kind === 'card' && answer.visibility === 'public')
      return messenger.post(channel, answer.card, deed.key);
    if (answer.kind !== 'updated' || !message || message.ephemeral) return undefined;
    const ref = { channel: 'slack', place: channel, message: message.ts } as const;
    await messenger.update(ref, answer.card);
    return ref;
  };
  const fill = (deed: Deed): { readonly show: Show; has(answer: Answer): boolean } => {
    let ref: MessageRef | undefined;
    let shown: Answer | undefined;
    let isTold = false;
    return {
      has: (answer) => shown === answer,
      show: async (soFar) => {
        if (soFar.kind === 'form' || isTold) return ref;
        if (ref) await messenger.update(ref, soFar.card);
        else ref = await place(deed, soFar);
        if (ref) shown = soFar;
        else {
          isTold = true;
          await whisper(deed, noticeCard('Working on it', soFar.card.summary));
        }
        return ref;
      },
    };
  };

  return {
    whisper,
    fill,
    openLoading: async ({ origin }) => {
      const { view } = await workspaces(origin.team).call('views.open', {
        trigger_id: origin.trigger,
        view: loadingModal('One moment'),
      });
      const { id, hash } = view as { id: string; hash: string };
      return { id, hash };
    },
    answer: async (deed, answer) => {
      const api = workspaces(deed.origin.team);
      switch (answer.kind) {
        case 'card':
          await closeLoading(api, deed, answer.card);
          return answer.visibility === 'public' ? publish(deed, answer.card) : whisper(deed, answer.card);
        case 'updated':
          await closeLoading(api, deed, answer.card);
          await update(deed, answer.card);
          return answer.note ? whisper(deed, noticeCard('Note', answer.note)) : undefined;
        case 'refusal':
          return (await closeLoading(api, deed, answer.card)) ? undefined : whisper(deed, answer.card);
        case 'form':
          return (await showForm(api, deed, answer.form))
            ? undefined
            : whisper(deed, lateFormCard(answer.form));
      }
    },
  };
}

type FormAnswer = Extract<Answer, { kind: 'form' }>['form'];

/** Shows the form in the loading modal, or in a new one; `false` where the trigger is too old for that. */
async function showForm(api: SlackApi, deed: Deed, form: FormAnswer): Promise<boolean> {
  const { origin, message } = deed;
  const view = renderModal(form, {
    ...(origin.channel && { channel: origin.channel }),
    ...(message && !message.ephemeral && { message: message.ts }),
  });
  try {
    if (deed.view) await api.call('views.update', { view_id: deed.view.id, hash: deed.view.hash, view });
    else await api.call('views.open', { trigger_id: origin.trigger, view });
    return true;
  } catch (error) {
    const word = slackCode(error) ?? '';
    if (/^(expired_trigger_id|exchanged_trigger_id|invalid_trigger_id)$/.test(word)) return false;
    if (/^(not_found|hash_conflict|view_not_found)$/.test(word)) return true;
    throw error;
  }
}

/** A form that came too late for its trigger, as a button with a trigger of its own. */
export const lateFormCard = (form: FormAnswer): Card => ({
  name: 'form',
  title: form.title,
  summary: `${form.title}: press the button to open the form.`,
  blocks: [
    { kind: 'text', text: form.intro ?? form.title },
    { kind: 'inputs', form },
  ],
});

/** Turns the loading modal into what there is to say; `false` where there is none. */
async function closeLoading(api: SlackApi, deed: Deed, card: Card): Promise<boolean> {
  if (!deed.view) return false;
  const view = textModal(card.title, card.summary);
  try {
    await api.call('views.update', { view_id: deed.view.id, hash: deed.view.hash, view });
    return true;
  } catch {
    return false;
  }
}

/** `false` where Slack has no place for it there: the bot or the person is not in the channel. */
async function postEphemeral(api: SlackApi, channel: string, user: string, card: Card): Promise<boolean> {
  try {
    await sendCard(card, ({ text, blocks }) =>
      api.call('chat.postEphemeral', { channel, user, text, blocks }),
    );
    return true;
  } catch (error) {
    if (/not_in_channel|not_found|is_archived/.test(slackCode(error) ?? '')) return false;
    throw error;
  }
}

type Respond = (url: string, card: Card, how: Readonly<Record<string, unknown>>) => Promise<boolean>;

/** Answers by response url, only at Slack's own host or the configured one; `false` where that did not work. */
function createResponder(apiUrl: string | undefined): Respond {
  const trusted = new Set(['https://hooks.slack.com', ...(apiUrl ? [new URL(apiUrl).origin] : [])]);
  const post = async (url: string, body: object): Promise<number> => {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      redirect: 'error',
      signal: AbortSignal.timeout(10_000),
    }).catch(() => undefined);
    await answer?.body?.cancel();
    return answer?.status ?? 0;
  };
  return async (url, card, how) => {
    if (!URL.canParse(url) || !trusted.has(new URL(url).origin)) return false;
    const status = await post(url, { ...renderMessage(card), ...how });
    if (status === 400 || status === 500)
      return (await post(url, { ...renderMessage(card, { native: false }), ...how })) === 200;
    return status === 200;
  };
}
