// Where an answer goes in Teams: into the conversation, to the asker alone, or onto the card that was pressed.
import type { Card } from '../../cards/card.ts';
import { noticeCard } from '../../cards/refusal-card.ts';
import type { Account, Answer } from '../../ports.ts';
import { type Activity, threadOf } from './activity.ts';
import type { TeamsMessenger } from './deliver.ts';
import type { Reference } from './references.ts';

export interface Presenter {
  /** The answer to something written. */
  answerMessage(activity: Activity, account: Account, answer: Answer): Promise<void>;
  /** What remains to be shown after a button was answered: the message for all, a card of its own, a form. */
  answerPress(activity: Activity, account: Account, answer: Answer): Promise<void>;
}

export function createPresenter(messenger: TeamsMessenger): Presenter {
  const publish = async (activity: Activity, account: Account, card: Card): Promise<void> => {
    await messenger.sendTo(referenceOf(activity, account), activity.conversation.id, card);
  };
  const whisper = async (activity: Activity, account: Account, card: Card): Promise<void> => {
    if (activity.conversation.kind === 'personal') return publish(activity, account, card);
    const to = { account, member: activity.from.id };
    await messenger.whisper(referenceOf(activity, account), activity.conversation.id, to, card);
  };
  const note = async (activity: Activity, account: Account, line: string | undefined): Promise<void> => {
    if (line) await whisper(activity, account, noticeCard('Note', line));
  };

  return {
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
          const { serviceUrl, conversation, replyTo } = activity;
          if (replyTo) await messenger.updateAt(serviceUrl, conversation.id, replyTo, answer.card);
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

const formCard = (form: Extract<Answer, { kind: 'form' }>['form']): Card => ({
  name: 'form',
  title: form.title,
  summary: form.intro ?? form.title,
  blocks: [{ kind: 'inputs', form }],
});

const referenceOf = (activity: Activity, account: Account): Reference => ({
  serviceUrl: activity.serviceUrl,
  tenant: account.tenant,
  bot: activity.bot,
  conversation: { id: threadOf(activity.conversation.id), kind: activity.conversation.kind },
  member: activity.from.id,
});
