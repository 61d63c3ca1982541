// Where the mirrored images are: one row a tag, so that a registry that lags behind, or holds something else, is seen.
import { type Block, type Card, code, datetime, type Line, plain, shortDigest } from './card.ts';
import { captionOn, type Paging, rowsOn, turnBlocks, turnOf } from './pages.ts';
import { count } from './wording.ts';

export interface MirroredImage {
  readonly mirror: string;
  readonly image: string;
  readonly digest: string;
  /** Registries by how they compare with the source. */
  readonly same: readonly string[];
  readonly missing: readonly string[];
  readonly other: readonly string[];
  readonly unread: readonly string[];
}

export interface BaseImagesView {
  readonly images: readonly MirroredImage[];
  /** By mirror: from which stage to which, when it runs, and how its last run went (milliseconds). */
  readonly mirrors: readonly {
    readonly name: string;
    readonly from: string;
    readonly to: string;
    readonly schedule: string;
    readonly last?: { readonly at: number; readonly text: string };
  }[];
}

const rowsOnPage = 15;

export function baseImagesCard({ images, mirrors }: BaseImagesView, paging: Paging): Card {
  const behind = images.filter((image) => image.missing.length > 0).length;
  const other = images.filter((image) => image.other.length > 0).length;
  const unread = images.filter((image) => image.unread.length > 0).length;
  const summary = [
    `${count(images.length, 'image')} mirrored`,
    ...(behind > 0 ? [`${behind} missing somewhere`] : unread > 0 ? [] : ['none missing']),
    ...(other > 0 ? [`${other} differ`] : []),
    ...(unread > 0 ? [`${unread} could not be read everywhere`] : []),
  ].join(', ');
  const sorted = [...images].sort((a, b) => troubleOf(b) - troubleOf(a));
  const turn = turnOf(paging, [sorted.length, rowsOnPage]);
  const blocks: Block[] = [
    { kind: 'heading', text: 'Base images' },
    {
      kind: 'status',
      tone: other > 0 ? 'bad' : behind + unread > 0 ? 'warning' : images.length > 0 ? 'good' : 'neutral',
      label:
        other > 0 ? 'Differ' : behind + unread > 0 ? 'Behind' : images.length > 0 ? 'In step' : 'Nothing yet',
      text: `${summary}.`,
    },
    {
      kind: 'facts',
      facts: mirrors.map(({ name, from, to, schedule, last }) => ({
        label: name,
        value: [
          plain(`${from} → ${to}, schedule `),
          code(schedule),
          ...(last
            ? [plain('; last run '), datetime(last.at), plain(`: ${last.text}`)]
            : [plain('; never run')]),
        ],
      })),
    },
  ];
  if (sorted.length > 0)
    blocks.push({
      kind: 'table',
      caption: captionOn(turn, 'Images', sorted.length, rowsOnPage, 'troubled first'),
      columns: [
        { title: 'Image', weight: 3 },
        { title: 'Digest', weight: 4 },
        { title: 'In the registries', weight: 4 },
      ],
      rows: rowsOn(turn, sorted, rowsOnPage).map((image): readonly Line[] => [
        image.image,
        [code(shortDigest(image.digest))],
        whereText(image),
      ]),
    });
  blocks.push(...turnBlocks(turn), {
    kind: 'actions',
    actions: [
      {
        action: 'base-images',
        label: 'Copy what is missing',
        accessibilityLabel: 'Copy the base images that are missing',
        value: { v: 1, id: 'sync', nonce: '' },
      },
    ],
  });
  return { name: 'base-images', title: 'Base images', summary: `${summary}.`, blocks };
}

const troubleOf = ({ other, missing, unread }: MirroredImage): number =>
  other.length * 100 + missing.length * 10 + unread.length;

function whereText({ same, missing, other, unread }: MirroredImage): string {
  const parts = [
    ...(other.length > 0 ? [`another digest in ${other.join(', ')}`] : []),
    ...(missing.length > 0 ? [`missing in ${missing.join(', ')}`] : []),
    ...(unread.length > 0 ? [`unread in ${unread.join(', ')}`] : []),
    ...(same.length > 0 ? [`same in ${same.join(', ')}`] : []),
  ];
  return parts.join('; ') || 'no registry to mirror to';
}
