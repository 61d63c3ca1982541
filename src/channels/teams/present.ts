// Where an answer goes in Teams: into the conversation, to the asker alone, or onto the card that was pressed.
import type { Card } from '../../cards/card.ts';
import { noticeCard } from '../../cards/refusal-card.ts';
import type { Account, Answer, MessageRef, Show } from '../../ports.ts';
import { type Activity, threadOf } from './activity.ts';
import type { TeamsMessenger } from './deliver.ts';
import type { Reference } from './references.ts';
import { formCard } from './render.ts';

export interface Presenter {
  /** The answer to something written. */
  answerMessage(activity: Activity, account: Account, answer: Answer): Promise<void>;
  /** What remains to be shown after a button was answered: the message for all, a card of its own, a form. */
  answerPress(activity: Activity, account: Account, answer: Answer): Promise<void>;
  /**
   * Shows an answer as it fills, in its message or on the card that was pressed. What only the asker sees in a channel is
   * not edited: there it is said once that the answer follows. `has`: whether it shows this answer.
   */
  fill(activity: Activity, account: Account): { readonly show: Show; has(answer: Answer): boolean };
}

export function createPresenter(messenger: TeamsMessenger): Presenter {
  const publish = async (activity: Activity, account: Account, card: Card): Promise<void> => {
    await post(activity, account, card);
  };
  const post = (activity: Activity, account: Account, card: Card): Promise<string> =>
    messenger.sendTo(referenceOf(activity, account), activity.conversation.id, card);
  const whisper = async (activity: Activity, account: Account, card: Card): Promise<void> => {
    if (activity.conversation.kind === 'personal') return publish(activity, account, card);
    const to = { account, member: activity.from.id };
    await messenger.whisper(referenceOf(activity, account), activity.conversation.id, to, card);
  };
  const note = async (activity: Activity, account: Account, line: string | undefined): Promise<void> => {
    if (line) await whisper(activity, account, noticeCard('Note', line));
  };

  /** The message this answer stands in, sent or pressed; none where only the asker sees it. */
  const place = async (activity: Activity, account: Account, answer: Answer): Promise<string | undefined> => {
    const { conversation, replyTo } = activity;
    if (answer.kind === 'updated' && replyTo) {
      await messenger.updateAt(referenceOf(activity, account), conversation.id, replyTo, answer.card);
      return replyTo;
    }
    const isSeenByAll = answer.kind === 'card' && answer.visibility === 'public';
    if (answer.kind === 'form' || (!isSeenByAll && conversation.kind !== 'personal')) return undefined;
    return post(activity, account, answer.card);
  };
  const fill = (
    activity: Activity,
    account: Account,
  ): { readonly show: Show; has(answer: Answer): boolean } => {
    const { conversation } = activity;
    let ref: MessageRef | undefined;
    let shown: Answer | undefined;
    let isTold = false;
    return {
      has: (answer) => shown === answer,
      show: async (soFar) => {
        if (soFar.kind === 'form' || isTold) return ref;
        if (ref)
          await messenger.updateAt(referenceOf(activity, account), conversation.id, ref.message, soFar.card);
        else {
          const message = await place(activity, account, soFar);
          if (message) ref = { channel: 'teams', place: `teams:${conversation.id}`, message };
        }
        if (ref) shown = soFar;
        else {
          isTold = true;
          await whisper(activity, account, noticeCard('Working on it', soFar.card.summary));
        }
        return ref;
      },
    };
  };

  return {
    fill,
    answerMessage: async (activity, account, answer) => {
      switch (answer.kind) {
        case 'card':
          return answer.visibility === 'public'
            ? publish(activity, account, answer.card)
            : whisper(activity, account, answer.card);
        case 'updated':
          await whisper(activity, account, answer.card);
          return note(activity, account, answer.note);
        case 'refusal':
          return whisper(activity, account, answer.card);
        case 'form':
          return whisper(activity, account, formCard(answer.form));
      }
    },
    answerPress: async (activity, account, answer) => {
      switch (answer.kind) {
        case 'card':
          return answer.visibility === 'public'
            ? publish(activity, account, answer.card)
            : whisper(activity, account, answer.card);
        case 'updated': {
          const { conversation, replyTo } = activity;
          if (replyTo)
            await messenger.updateAt(referenceOf(activity, account), conversation.id, replyTo, answer.card);
          return note(activity, account, answer.note);
        }
        case 'refusal':
          return whisper(activity, account, answer.card);
        case 'form':
          return whisper(activity, account, formCard(answer.form));
      }
    },
  };
}

const referenceOf = (activity: Activity, account: Account): Reference => ({
  serviceUrl: activity.serviceUrl,
  tenant: account.tenant,
  bot: activity.bot,
  conversation: { id: threadOf(activity.conversation.id), kind: activity.conversation.kind },
  member: activity.from.id,
});
