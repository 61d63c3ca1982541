// Role views: in a channel the message shows the card without the buttons that are somebody's own, and Teams asks for the
// card of each person named in `refresh.userIds` when they look. In a personal chat the one reader is known.
import type { Audience, Card } from '../../cards/card.ts';
import type { Account } from '../../ports.ts';
import { text, threadOf } from './activity.ts';
import { type Connector, ConnectorError } from './connector.ts';
import type { Reference, References } from './references.ts';
import { toEveryone, type View } from './render.ts';

/** Teams refreshes for so many people; above that a card has its buttons for everyone. */
const mostViewers = 60;
const mostKnown = 5000;

export interface Views {
  /** How a card is drawn in a message of this conversation. */
  ofMessage(card: Card, reference: Reference, conversationId: string): Promise<View>;
}

/** The card as one person sees it. */
export const viewOf = (card: Card, account: Account): View =>
  ofPerson(card, personOf(card.audience, account));

/** `refreshes`: whether clients ask for a card of their own; else everyone sees all buttons. */
export function createViews(connector: Connector, references: References, refreshes: boolean): Views {
  const known = new Map<string, string>();
  /** Their Teams id; nothing where it cannot be had, `absent` where they are not in the conversation. */
  const memberOf = async (
    { tenant, user }: Audience['people'][string],
    reference: Reference,
    conversationId: string,
  ): Promise<string | undefined> => {
    const reached = await references.ofPerson({ tenant, user });
    const heard = reached === 'gone' ? undefined : reached?.member;
    const thread = threadOf(conversationId);
    const key = `${thread} ${user}`;
    const member = heard ?? known.get(key);
    if (member) return member;
    const path = `conversations/${encodeURIComponent(thread)}/members/${encodeURIComponent(user)}`;
    try {
      const id = text((await connector.call(reference.serviceUrl, 'GET', path))['id']);
      if (known.size >= mostKnown) known.clear();
      if (id) known.set(key, id);
      return id || undefined;
    } catch (error) {
      return error instanceof ConnectorError && error.status === 404 ? absent : undefined;
    }
  };
  return {
    ofMessage: async (card, reference, conversationId) => {
      const { audience } = card;
      const named = namedIn(card);
      if (!audience || named.length === 0) return toEveryone;
      const members = await Promise.all(
        named.map(async ([person, account]) => ({
          person,
          member: await memberOf(account, reference, conversationId),
        })),
      );
      if (reference.conversation.kind === 'personal')
        return ofPerson(card, members.find(({ member }) => member === reference.member)?.person);
      const present = members.filter(({ member }) => member !== absent);
      const userIds = present.flatMap(({ member }) => member ?? []);
      const isKnown = userIds.length === present.length && userIds.length > 0;
      if (!refreshes || !isKnown || userIds.length > mostViewers) return toEveryone;
      return { ...toEveryone, shows: ({ for: people }) => !people, refresh: { id: audience.id, userIds } };
    },
  };
}

const absent = '';

const personOf = (audience: Audience | undefined, account: Account): string | undefined =>
  Object.entries(audience?.people ?? {}).find(
    ([, { tenant, user }]) =>
      tenant.toLowerCase() === account.tenant.toLowerCase() &&
      user.toLowerCase() === account.user.toLowerCase(),
  )?.[0];

/** Somebody the card does not know sees what everyone may press. */
const ofPerson = (card: Card, person: string | undefined): View =>
  card.audience
    ? {
        ...toEveryone,
        shows: ({ for: people }) => !people || (person !== undefined && people.includes(person)),
      }
    : toEveryone;

/** People for whom the card has a button of their own, with their accounts. */
function namedIn({ audience, blocks }: Card): readonly (readonly [string, Audience['people'][string]])[] {
  const named = new Set(
    blocks.flatMap((block) =>
      block.kind === 'actions' ? block.actions.flatMap((one) => one.for ?? []) : [],
    ),
  );
  return Object.entries(audience?.people ?? {}).filter(([person]) => named.has(person));
}
