// The digest of a channel: changes first, then the state, the trend and the promotions.
import type { Change, DigestContent, StorageOutlook } from '../digest/digest.ts';
import type { Request } from '../promotion/request.ts';
import { type Block, type Card, code, datetime, type Fact, type Line, plain, type Tone } from './card.ts';
import { gapBlocks, scoreText } from './status-card.ts';
import { trendChart } from './drift-card.ts';
import { bytes, clip, count, duration, sentence } from './wording.ts';

const top = 5;
/** Rows of a list in the thread. */
const inThread = 30;
/** 128 bits of the head's hash are an anchor that nobody can forge, and fit a line. */
const anchorLength = 32;

export function digestCard(content: DigestContent): Card {
  const title = `Compliance digest · ${content.organisation}`;
  const headline = headlineOf(content);
  const blocks: Block[] = [
    { kind: 'heading', text: title },
    {
      kind: 'context',
      text: [
        plain(`${content.name}, `),
        datetime(content.periodStart),
        plain(' to '),
        datetime(content.periodEnd),
      ],
    },
    {
      kind: 'status',
      tone: toneOf(content),
      label: scoreText(content.score),
      text: sentence(headline),
    },
    ...warningBlocks(content),
    ...changeBlock('New failures', content.newFailures, 0, top),
    ...changeBlock('Fixed', content.fixed, 0, top),
    ...promotionBlocks(content),
    ...outlookBlocks(content),
    ...changeBlock('Still failing', stillFailing(content), 0, top),
    ...trendBlocks(content),
    {
      kind: 'actions',
      actions: [
        {
          action: 'status',
          label: 'Show status',
          accessibilityLabel: 'Show the status of all registries',
          value: { v: 1, id: '', nonce: '' },
        },
      ],
    },
  ];
  if (content.auditHead) {
    blocks.push({
      kind: 'context',
      text: [
        plain('Audit anchor '),
        code(`${content.auditHead.seq}:${content.auditHead.hash.slice(0, anchorLength)}`),
      ],
    });
  }
  return { name: 'digest', title, summary: `${title}: ${headline}`, blocks };
}

/** What is left over from the first five of everything, for the thread; nothing where all of it stands in the message. */
export function digestThread(content: DigestContent): Card | undefined {
  const blocks: Block[] = [
    ...changeBlock('More new failures', content.newFailures, top, inThread),
    ...changeBlock('More that is fixed', content.fixed, top, inThread),
    ...changeBlock('More that still fails', stillFailing(content), top, inThread),
    ...restBlock('More promotions', 'Image', content.promoted.map(imageOf)),
    ...restBlock('More that wait for approval', 'Request', content.waiting.map(waitingText)),
    ...restBlock('More storage', 'Registry', content.storage.map(storageText)),
    ...restBlock('More that could not be seen', 'Gap', content.gaps.map(sentence)),
  ];
  const title = 'The rest of the digest';
  return blocks.length === 0 ? undefined : { name: 'digest-rest', title, summary: title, blocks };
}

function restBlock(caption: string, title: string, texts: readonly string[]): readonly Block[] {
  const rows = texts.slice(top, top + inThread).map((text): readonly Line[] => [text]);
  return rows.length === 0 ? [] : [{ kind: 'table', caption, columns: [{ title }], rows }];
}

function toneOf({ newFailures, failing, gaps, score, auditProblem }: DigestContent): Tone {
  if (newFailures.length > 0 || auditProblem) return 'bad';
  return failing.length > 0 || gaps.length > 0 || score === undefined ? 'warning' : 'good';
}

/** What makes the rest of the digest less sure, before it. */
const warningBlocks = ({ gaps, auditProblem }: DigestContent): readonly Block[] => [
  ...(auditProblem
    ? [{ kind: 'status', tone: 'bad', label: 'The audit chain is broken', text: auditProblem } as const]
    : []),
  ...gapBlocks(gaps.slice(0, top)),
  ...(gaps.length > top
    ? [{ kind: 'text', text: `And ${count(gaps.length - top, 'more gap')}: see /acr status.` } as const]
    : []),
];

function headlineOf({ change, newFailures, fixed, failing, unknown }: DigestContent): string {
  const since =
    change === undefined
      ? 'the first digest'
      : change === 0
        ? 'unchanged'
        : change > 0
          ? `up ${change}`
          : `down ${-change}`;
  return `${since}; ${newFailures.length} new, ${fixed.length} fixed, ${failing.length} failing, ${unknown} unknown.`;
}

/** What is new was said before it. */
const stillFailing = ({ failing, newFailures }: DigestContent): readonly Change[] =>
  failing.filter(
    ({ registry, rule }) => !newFailures.some((each) => each.registry === registry && each.rule === rule),
  );

/** One row a rule, with the registries it is about; the rules of most registries first. */
function changeBlock(
  caption: string,
  changes: readonly Change[],
  from: number,
  atMost: number,
): readonly Block[] {
  const byRule = Map.groupBy(changes, (change) => change.rule);
  const all = [...byRule].sort(([, a], [, b]) => b.length - a.length);
  const rows = all.slice(from, from + atMost);
  if (rows.length === 0) return [];
  return [
    {
      kind: 'table',
      caption: rows.length < all.length ? `${caption}, ${rows.length} of ${all.length} rules` : caption,
      columns: [{ title: 'Rule' }, { title: 'Registries', weight: 3, isClear: true }],
      rows: rows.map(([rule, found]): readonly Line[] => [rule, namesText(found.map(changeText))]),
    },
  ];
}

const changeText = ({ registry, again }: Change): string => (again ? `${registry} (again)` : registry);

const namesText = (names: readonly string[]): string =>
  names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');

function trendBlocks({ trend }: DigestContent): readonly Block[] {
  const chart = trendChart(trend);
  return [chart ?? { kind: 'text', text: 'The trend begins with this digest.', tone: 'muted' }];
}

function promotionBlocks({ promoted, leadTime, waiting, periodEnd }: DigestContent): readonly Block[] {
  const [oldest] = waiting;
  const facts = [
    { label: 'Promotions', value: listText(promoted.map(imageOf)) },
    ...(leadTime === undefined
      ? []
      : [{ label: 'Lead time', value: `${duration(leadTime)} (median, asked to locked)` }]),
    { label: 'Waiting for approval', value: listText(waiting.map(waitingText)) },
    ...(oldest
      ? [{ label: 'Oldest that waits', value: `${oldest.id}, for ${duration(periodEnd - oldest.createdAt)}` }]
      : []),
  ];
  return [{ kind: 'facts', facts }];
}

const watchedLabels: ReadonlyMap<string, string> = new Map([
  ['TEN-03', 'Unlocked tags'],
  ['TEN-07', 'Came by another way'],
  ['TEN-09', 'Scan coverage'],
]);

/** What production holds that it should not, and what runs out soon. */
function outlookBlocks({ watched, storage, ending }: DigestContent): readonly Block[] {
  const facts: Fact[] = [
    ...watched.slice(0, top).map(({ rule, registry, reason }) => ({
      label: watchedLabels.get(rule) ?? rule,
      value: clip(`${registry}: ${reason}`, 300),
    })),
    ...ending.slice(0, top).map(
      ({ rule, scope, until }): Fact => ({
        label: 'Waiver ends',
        value: [plain(`${rule} on ${scope}, `), { kind: 'time', at: until, style: 'date' }],
      }),
    ),
    ...(storage.length === 0
      ? []
      : [
          {
            label: 'Storage',
            value: storage.slice(0, top).map(storageText).join('; ') + moreText(storage.length),
          },
        ]),
  ];
  return facts.length === 0 ? [] : [{ kind: 'facts', facts }];
}

const storageText = ({ registry, used, included, growthPerDay, daysLeft }: StorageOutlook): string =>
  [
    `${registry} ${bytes(used)} of ${bytes(included)}`,
    ...(growthPerDay ? [`${growthPerDay > 0 ? '+' : '-'}${bytes(Math.abs(growthPerDay))} a day`] : []),
    ...(daysLeft === undefined ? [] : [`${count(daysLeft, 'day')} left`]),
  ].join(', ');

/** The first five, and how many more there are. */
function listText(texts: readonly string[]): string {
  if (texts.length === 0) return 'none';
  const number = texts.length > 1 ? `${texts.length}: ` : '';
  return `${number}${texts.slice(0, top).join(', ')}${moreText(texts.length)}`;
}

const moreText = (all: number): string => (all > top ? ` and ${all - top} more` : '');

const imageOf = ({ subject, id }: Request): string =>
  subject.kind === 'promotion' ? `${subject.repository}:${subject.tag} to ${subject.toStage}` : id;

/** With the groups whose approval it takes. */
function waitingText({ id, quorum }: Request): string {
  const groups = (quorum?.rules ?? []).map(({ group }) => group);
  return groups.length === 0 ? id : `${id} on ${groups.join(' and ')}`;
}
