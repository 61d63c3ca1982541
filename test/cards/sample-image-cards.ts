// The cards about images on their way, mirrored images and waivers.
import { baseImagesCard, type MirroredImage } from '../../src/cards/base-images-card.ts';
import { imageCard, type ImagePlace } from '../../src/cards/image-card.ts';
import { unpaged } from '../../src/cards/pages.ts';
import { waiversCard } from '../../src/cards/waivers-card.ts';
import { type Subject } from '../../src/promotion/request.ts';
import { facts } from './sample-evidence.ts';
import { asked, day, hour, sampleRequests } from './sample-requests.ts';
import { page, type Samples } from './sample-posture-cards.ts';

const mirrored = (image: string, more: Partial<MirroredImage> = {}): MirroredImage => ({
  mirror: 'golden',
  image,
  digest: facts.digest,
  same: ['dev-shop', 'dev-pay'],
  missing: [],
  other: [],
  unread: [],
  ...more,
});
const mirror = { name: 'golden', from: 'prod', to: 'dev', schedule: '0 3 * * *' };
const lastRun = { at: asked - 10 * hour, text: 'copied 2' };
const mirrors = {
  'in step': baseImagesCard(
    {
      images: [mirrored('base/alpine:3.22'), mirrored('base/node:26')],
      mirrors: [{ ...mirror, last: lastRun }],
    },
    unpaged,
  ),
  behind: baseImagesCard(
    {
      images: [mirrored('base/alpine:3.22', { same: ['dev-shop'], missing: ['dev-pay'] })],
      mirrors: [mirror],
    },
    unpaged,
  ),
  differ: baseImagesCard(
    {
      images: [
        mirrored('base/alpine:3.22'),
        mirrored('base/node:26', { same: [], other: ['dev-pay'], unread: ['dev-shop'] }),
        ...Array.from({ length: 20 }, (_, i) => mirrored(`base/tool${i}:1`)),
      ],
      mirrors: [{ ...mirror, last: lastRun }],
    },
    page(1, 'base-images'),
  ),
  'nothing mirrored yet': baseImagesCard({ images: [], mirrors: [mirror] }, unpaged),
};

const place = (stage: string, more: Partial<ImagePlace> = {}): ImagePlace => ({
  stage,
  registry: `contoso${stage}`,
  ...more,
});
const found = (locked: boolean): NonNullable<ImagePlace['found']> => ({
  tag: 'v1.4.2',
  digest: facts.digest,
  locked,
  updatedAt: asked - 3 * day,
  size: facts.size,
  layers: facts.layers,
  signed: locked,
  ...(locked && { scan: facts.scan }),
});

const next = { from: 'uat', to: 'prod' };
const images = {
  'on its way': imageCard(
    'shop/web:v1.4.2',
    [place('dev', { found: found(false) }), place('uat', { found: found(true) }), place('prod')],
    next,
  ),
  'in production': imageCard(
    'shop/web:v1.4.1',
    [
      place('dev', { problem: 'Azure answered 403: forbidden.' }),
      place('uat', { found: found(true) }),
      place('prod', { found: found(true) }),
    ],
    undefined,
  ),
  nowhere: imageCard('shop/webb:v9', [place('dev'), place('uat'), place('prod')], undefined),
};

type Waiver = Extract<Subject, { kind: 'waiver' }>;
const granted = Array.from({ length: 18 }, (_, i) => {
  const one = sampleRequests['waiver, granted'];
  const subject = one.subject as Waiver;
  return {
    request: { ...one, id: `P-W${i}` },
    subject: { ...subject, rule: `CR-${i + 1}`, until: asked + (i + 1) * 5 * day },
  };
});
const waivers = {
  'in force': waiversCard(granted.slice(0, 3), [sampleRequests['waiver, pending']], asked, unpaged),
  'a page': waiversCard(granted, [], asked, page(1, 'waivers')),
  none: waiversCard([], [], asked, unpaged),
};

/** Of images and waivers. */
export const imageCards = {
  baseImagesCard: mirrors,
  imageCard: images,
  waiversCard: waivers,
} satisfies Readonly<Record<string, Samples>>;
