// Where an image is along the stages.
import type { ScanResult } from '../promotion/request.ts';
import { type Action, type Card, code, datetime, type Line, shortDigest } from './card.ts';
import { bytes, count } from './wording.ts';

export interface ImagePlace {
  readonly stage: string;
  readonly registry: string;
  /** Absent: the stage's registry does not hold it. */
  readonly found?: {
    readonly tag: string;
    readonly digest: string;
    readonly locked: boolean;
    readonly updatedAt?: number;
    readonly size?: number;
    readonly layers?: number;
    readonly signed: boolean;
    readonly scan?: ScanResult;
  };
  /** Why it could not be read. */
  readonly problem?: string;
}

export function imageCard(
  image: string,
  places: readonly ImagePlace[],
  next: { readonly from: string; readonly to: string } | undefined,
): Card {
  const held = places.filter((place) => place.found);
  const promote: Action | undefined = next && {
    action: 'form:promote',
    label: `Promote to ${next.to} …`,
    accessibilityLabel: `Promote ${image} from ${next.from} to ${next.to}`,
    style: 'primary',
    value: { v: 1, id: `${next.from}>${next.to} ${image}`, nonce: '' },
  };
  return {
    name: 'image',
    title: `Image ${image}`,
    summary: `${image} is in ${held.map((place) => place.stage).join(', ') || 'no stage'}.`,
    blocks: [
      { kind: 'heading', text: `Image ${image}` },
      {
        kind: 'table',
        caption: 'Along the stages',
        columns: [
          { title: 'Stage', weight: 5 },
          { title: 'Digest', weight: 9 },
          { title: 'State', weight: 5 },
          { title: 'CVEs', weight: 4 },
        ],
        rows: places.map(rowOf),
      },
      ...held
        .slice(-1)
        .map(
          ({ stage, found }) =>
            ({ kind: 'image', label: `In ${stage}`, reference: image, digest: found?.digest ?? '' }) as const,
        ),
      {
        kind: 'facts',
        facts: held.map(({ stage, found }) => ({
          label: `In ${stage} since`,
          value:
            found?.updatedAt === undefined
              ? 'unknown'
              : [
                  datetime(found.updatedAt),
                  ...(found.size === undefined
                    ? []
                    : [
                        {
                          kind: 'plain',
                          text: `, ${bytes(found.size)} in ${count(found.layers ?? 0, 'layer')}`,
                        } as const,
                      ]),
                ],
        })),
      },
      ...(promote ? [{ kind: 'actions', actions: [promote] } as const] : []),
    ],
  };
}

function rowOf({ stage, registry, found, problem }: ImagePlace): readonly Line[] {
  const where = `${stage} (${registry})`;
  if (problem) return [where, 'unknown', problem, ''];
  if (!found) return [where, 'not there', '', ''];
  const state = [
    found.locked ? 'locked' : 'not locked',
    found.signed ? 'signature present' : 'unsigned',
  ].join(', ');
  const scan = found.scan ? `${found.scan.critical} critical, ${found.scan.high} high` : 'not scanned';
  return [where, [code(shortDigest(found.digest))], state, scan];
}
