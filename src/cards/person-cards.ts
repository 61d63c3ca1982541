// Cards about the person who asks: who they are here, and what they can do.
import { type Block, type Card, code, datetime, type Fact, plain } from './card.ts';

export interface Whoami {
  readonly person: string | undefined;
  readonly account: string;
  /** Where it is the person's by a link: since when, and by which account. */
  readonly link?: { readonly since: number; readonly from: string };
  /** Other accounts that are linked to the person. */
  readonly linked?: readonly string[];
  /** Whether an account can be linked here. */
  readonly mayLink?: boolean;
  readonly groups: readonly string[];
  readonly rights: readonly string[];
  readonly mayAsk: readonly string[];
  readonly mayApprove: readonly string[];
}

export function whoamiCard(who: Whoami): Card {
  const list = (names: readonly string[]): string => names.join(', ') || 'none';
  const known = who.person !== undefined;
  const summary = known
    ? `You are ${who.person}.`
    : `Your account ${who.account} belongs to nobody in the policy. Ask a platform admin to add it under people${who.mayLink ? ', or link it to yours: /acr link' : ''}.`;
  return {
    name: 'whoami',
    title: 'Who you are here',
    summary,
    blocks: [
      {
        kind: 'status',
        tone: known ? 'good' : 'warning',
        label: known ? `You are ${who.person}` : 'Not mapped',
        text: known
          ? who.link
            ? 'By a link that you confirmed.'
            : 'The policy names this account.'
          : summary,
      },
      {
        kind: 'facts',
        facts: [
          { label: 'Account', value: [code(who.account)] },
          ...linkFacts(who),
          { label: 'Groups', value: list(who.groups) },
          { label: 'Rights', value: list(who.rights) },
          { label: 'May ask for', value: list(who.mayAsk) },
          { label: 'May approve', value: list(who.mayApprove) },
        ],
      },
    ],
  };
}

const linkFacts = ({ link, linked = [] }: Whoami): readonly Fact[] => [
  ...(link
    ? [
        {
          label: 'By link',
          value: [plain('since '), datetime(link.since), plain(', confirmed from '), code(link.from)],
        },
      ]
    : []),
  ...(linked.length > 0 ? [{ label: 'Linked accounts', value: [code(linked.join(', '))] }] : []),
];

export interface HelpEntry {
  readonly usage: string;
  readonly summary: string;
  readonly examples: readonly string[];
}

/** `prefix` is how a command begins in this channel: `/acr `, `@ACR `. */
export function helpCard(entries: readonly HelpEntry[], prefix: string): Card {
  const one = entries.length === 1 ? entries[0] : undefined;
  const blocks: Block[] = [
    { kind: 'heading', text: one ? `Help: ${one.usage.split(' ')[0]}` : 'What can be done here' },
    {
      kind: 'table',
      caption: 'Commands',
      columns: [
        { title: 'Command', weight: 2 },
        { title: 'What it does', weight: 3, isClear: true },
      ],
      rows: entries.map((entry) => [[code(prefix + entry.usage)], entry.summary]),
    },
  ];
  const examples = one ? one.examples : entries.flatMap((entry) => entry.examples.slice(0, 1)).slice(0, 3);
  if (examples.length > 0)
    blocks.push({
      kind: 'context',
      text: [
        plain('For example: '),
        ...examples.flatMap((each, i) => [plain(i === 0 ? '' : ' · '), code(prefix + each)]),
      ],
    });
  return {
    name: 'help',
    title: 'Help',
    summary: `${entries.length} commands. For example: ${prefix}${examples[0] ?? 'status'}`,
    blocks,
  };
}
