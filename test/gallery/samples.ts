// What the gallery shows of each chat: every card in every state, the Home, the modals and the dialogs, as they are sent.
import type { Card } from '../../src/cards/card.ts';
import { renderMessage } from '../../src/channels/slack/render.ts';
import { renderCard } from '../../src/channels/teams/render.ts';
import type { Json } from '../../src/sandbox/workspace/shapes.ts';
import { sampleCards } from '../cards/sample-cards.ts';
import { errors, homes, late, modals } from '../channels/slack/sample-views.ts';
import { dialogs } from '../channels/teams/sample-dialogs.ts';

export interface Sample {
  readonly title: string;
  readonly kind: 'message' | 'home' | 'modal';
  readonly content: Json;
  /** What stands in the frame of a dialog. */
  readonly heading?: string;
  /** By the block of a modal: what is wrong there. */
  readonly errors?: Readonly<Record<string, string>>;
}
/** What is shown of it in the documents: one sheet each. */
export interface Sheet {
  readonly name: string;
  readonly chat: Chat;
  readonly theme: 'light' | 'dark';
  readonly shows: (sample: Sample) => boolean;
}
export type Chat = 'slack' | 'teams';

const cards = Object.entries(sampleCards).flatMap(([builder, states]) =>
  Object.entries(states).map(([state, card]): readonly [string, Card] => [
    `${builder.replace(/Card$/, '')}: ${state}`,
    card,
  ]),
);
const slackMessage = ([title, card]: readonly [string, Card]): Sample => ({
  title,
  kind: 'message',
  content: { blocks: renderMessage(card).blocks },
});
const views = (kind: Sample['kind'], of: Readonly<Record<string, object>>): readonly Sample[] =>
  Object.entries(of).map(([title, view]) => ({
    title: `${kind === 'home' ? 'Home' : 'Modal'}: ${title}`,
    kind,
    content: { ...view },
    ...(errors[title] && { errors: errors[title] }),
  }));
const isDialog = (name: string): boolean => !name.endsWith('in the card');

export const samples: Readonly<Record<Chat, readonly Sample[]>> = {
  slack: [
    ...cards.map(slackMessage),
    ...Object.entries(late).map(slackMessage),
    ...views('modal', modals),
    ...views('home', homes),
  ],
  teams: [
    ...cards.map(([title, card]): Sample => ({ title, kind: 'message', content: { ...renderCard(card) } })),
    ...Object.entries(dialogs).map(
      ([name, { title, card }]): Sample => ({
        title: `Form: ${name}`,
        heading: title,
        kind: isDialog(name) ? 'modal' : 'message',
        content: { ...card },
      }),
    ),
  ],
};

const told = [
  'request: pending',
  'request: waiver, granted',
  'status: clean',
  'image: on its way',
  'digest: a good week',
  'refusal: with a way on',
];
const isCard = ({ title }: Sample): boolean => told.includes(title);
const isForm = ({ kind, title }: Sample): boolean =>
  kind === 'modal' && !/nothing to choose|after/.test(title);

export const sheets: readonly Sheet[] = [
  ...(['slack', 'teams'] as const).flatMap((chat) =>
    (['light', 'dark'] as const).map(
      (theme): Sheet => ({ name: `cards-${chat}-${theme}`, chat, theme, shows: isCard }),
    ),
  ),
  { name: 'home-slack', chat: 'slack', theme: 'light', shows: ({ title }) => title === 'Home: full' },
  { name: 'modals-slack', chat: 'slack', theme: 'light', shows: isForm },
  { name: 'dialogs-teams', chat: 'teams', theme: 'light', shows: isForm },
];
