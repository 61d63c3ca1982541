// Cards about linking an account to a person: the code for whoever asks, and the question to whoever is asked.
import { type Action, type Card, code, datetime } from './card.ts';

/** To the account that asks, which alone sees it. */
export const codeCard = (typed: string, until: number): Card => ({
  name: 'link-code',
  title: 'Link this account',
  summary: `From an account of yours that the policy names, write: link ${typed}. It works once, for ten minutes.`,
  blocks: [
    { kind: 'heading', text: 'Link this account' },
    {
      kind: 'text',
      text: 'From an account of yours that the policy names, for example in the other chat, write:',
    },
    {
      kind: 'facts',
      facts: [
        { label: 'In Slack', value: [code(`/acr link ${typed}`)] },
        { label: 'In Teams', value: [code(`@ACR link ${typed}`)] },
        { label: 'Until', value: [datetime(until)] },
      ],
    },
    {
      kind: 'context',
      text: 'It works once. Give it to nobody: whoever confirms it decides whom you act as.',
    },
  ],
});

export interface LinkQuestion {
  /** The account that asks, in one word. */
  readonly id: string;
  readonly chat: 'Slack' | 'Teams';
  /** What its chat calls it: somebody unknown wrote that. */
  readonly called: string;
  readonly person: string;
  readonly groups: readonly string[];
  readonly until: number;
  /** By which the buttons prove that they are of this question. */
  readonly code: string;
}

/** To the person who gave the code. */
export function linkQuestionCard({
  id,
  chat,
  called,
  person,
  groups,
  until,
  code: nonce,
}: LinkQuestion): Card {
  const value = { v: 1, id, nonce } as const;
  const actions: readonly Action[] = [
    {
      action: 'link:confirm',
      label: 'It is mine, link it',
      accessibilityLabel: `Link ${id} to ${person}`,
      style: 'danger',
      value,
    },
    { action: 'link:cancel', label: 'Cancel', accessibilityLabel: `Do not link ${id}`, value },
  ];
  const summary = `The ${chat} account ${id} asks to act as ${person}. Confirm only if it is your own.`;
  return {
    name: 'link-question',
    title: 'Is this account yours?',
    summary,
    blocks: [
      { kind: 'heading', text: 'Is this account yours?' },
      {
        kind: 'status',
        tone: 'warning',
        label: `It would act as you, ${person}`,
        text: 'Confirm only if you asked for this yourself, just now. If somebody sent you the code, cancel.',
      },
      {
        kind: 'facts',
        facts: [
          { label: 'Account', value: [code(id)] },
          { label: 'Calls itself', value: called || 'nothing' },
          { label: 'Chat', value: chat },
          { label: 'Would be in', value: groups.join(', ') || 'no group' },
          { label: 'Answer until', value: [datetime(until)] },
        ],
      },
      { kind: 'actions', actions },
    ],
  };
}
