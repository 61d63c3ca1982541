// The images of the sample organisation and where each has got to: some all the way to prod, some stuck, some that
// should not be where they are. shop/web:v1.4.2 is THE promotion to try: it waits in UAT with everything in order.
import type { Estate, EstateImage, EstateReferrer } from '../schema.ts';
import type { RegistryName } from './places.ts';
import { sbomOf } from './sboms.ts';

/** Where an image is, and since when: `{ devshop: '6d', contosouat: '3d' }` in days and hours ago. */
type Way = Readonly<Partial<Record<RegistryName, string>>>;

interface Release extends EstateImage {
  readonly repository: string;
  readonly tag: string;
  /** The first registry is where it was built; the others hold copies of the same digest. */
  readonly way: Way;
  /** Where it is locked, and how. */
  readonly lockedIn?: Readonly<Partial<Record<RegistryName, true | 'tag'>>>;
  /** Without the labels that say where it comes from. */
  readonly unlabelled?: boolean;
  /** With Notation; badly where it says how. */
  readonly signed?: NonNullable<EstateReferrer['notation']>;
  readonly sbom?: boolean;
}

const both = ['linux/amd64', 'linux/arm64'];
const signature = { artifactType: 'application/vnd.cncf.notary.signature', notation: true } as const;
/** Signed and with an SBOM. */
const evidence = { signed: true, sbom: true } as const;

const shop: readonly Release[] = [
  {
    repository: 'shop/web',
    tag: 'v1.4.0',
    platforms: both,
    ...evidence,
    way: { devshop: '20d', contosostaging: '18d', contosouat: '16d', contosoprod: '12d' },
    lockedIn: { contosoprod: true },
  },
  {
    repository: 'shop/web',
    tag: 'v1.4.1',
    platforms: both,
    ...evidence,
    way: { devshop: '10d', contosostaging: '9d' },
  },
  {
    repository: 'shop/web',
    tag: 'v1.4.2',
    platforms: both,
    ...evidence,
    way: { devshop: '6d', contosostaging: '5d', contosouat: '3d' },
  },
  { repository: 'shop/web', tag: 'v1.5.0-rc.1', platforms: both, way: { devshop: '1d' } },
  {
    repository: 'shop/cart',
    tag: 'v2.3.0',
    ...evidence,
    way: { devshop: '40d', contosostaging: '38d', contosouat: '35d', contosoprod: '30d' },
    // The tag alone: its manifest can still be deleted.
    lockedIn: { contosoprod: 'tag' },
  },
  {
    repository: 'shop/cart',
    tag: 'v2.4.0',
    ...evidence,
    // Two hours in UAT: too short for a soak of a day.
    way: { devshop: '2d', contosostaging: '1d', contosouat: '2h' },
  },
  {
    repository: 'shop/checkout',
    tag: 'v3.1.0',
    ...evidence,
    way: { devshop: '60d', contosostaging: '58d', contosouat: '55d', contosoprod: '50d' },
  },
  {
    repository: 'shop/checkout',
    tag: 'v3.2.0',
    ...evidence,
    unlabelled: true,
    way: { devshop: '5d', contosostaging: '4d', contosouat: '2d' },
  },
  {
    repository: 'shop/search',
    tag: 'v0.9.0',
    layers: Array.from({ length: 40 }, (_, index) => ({ size: 120 + index })),
    ...evidence,
    way: { devshop: '25d', contosostaging: '24d', contosouat: '22d', contosoprod: '20d' },
    lockedIn: { contosoprod: true },
  },
  {
    repository: 'shop/catalog',
    tag: 'v1.9.0',
    cosign: true,
    way: { devshop: '12d', contosostaging: '11d', contosouat: '8d' },
  },
  { repository: 'shop/recommend', tag: 'v0.4.0', way: { devshop: '15d', contosostaging: '14d' } },
  { repository: 'shop/mobile-bff', tag: 'v0.2.0', way: { devshop: '8d' } },
  { repository: 'shop/reviews', tag: 'v0.1.3', way: { devshop: '4d' } },
  { repository: 'shop/prices', tag: 'v2.0.0', way: { devshop: '13d', contosostaging: '12d' } },
  {
    repository: 'shop/notify',
    tag: 'v1.0.0',
    ...evidence,
    way: { devshop: '90d', contosostaging: '88d', contosouat: '86d', contosoprod: '80d' },
    lockedIn: { contosoprod: true },
  },
  // Nobody knows how this one came to prod: no stage before it has seen the digest.
  { repository: 'shop/hotfix', tag: 'v1.0.1', way: { contosoprod: '4d' } },
];

const payAndData: readonly Release[] = [
  {
    repository: 'pay/api',
    tag: 'v2.0.3',
    platforms: both,
    ...evidence,
    way: { devpay: '45d', contosostaging: '44d', contosouat: '42d', contosoprod: '40d' },
    lockedIn: { contosoprod: true },
  },
  // Scanned with critical findings: the scan gate stops it.
  {
    repository: 'pay/api',
    tag: 'v2.1.0',
    platforms: both,
    ...evidence,
    way: { devpay: '7d', contosostaging: '6d', contosouat: '4d' },
  },
  {
    repository: 'pay/ledger',
    tag: 'v1.1.0',
    ...evidence,
    way: { devpay: '70d', contosostaging: '69d', contosouat: '66d', contosoprod: '65d' },
    lockedIn: { contosoprod: true },
  },
  // Signed the old way alone.
  {
    repository: 'pay/ledger',
    tag: 'v1.2.0',
    cosign: true,
    sbom: true,
    way: { devpay: '9d', contosostaging: '8d', contosouat: '5d' },
  },
  // Signed by a certificate that has run out.
  {
    repository: 'pay/fraud',
    tag: 'v0.8.1',
    ...evidence,
    signed: 'expired',
    way: { devpay: '11d', contosostaging: '10d', contosouat: '9d' },
  },
  { repository: 'pay/gateway', tag: 'v4.0.0', ...evidence, way: { devpay: '33d', contosostaging: '32d' } },
  { repository: 'pay/invoice', tag: 'v1.3.0', way: { devpay: '3d' } },
  { repository: 'pay/settlement', tag: 'v0.1.0', way: { devpay: '2d' } },
  {
    repository: 'data/etl',
    tag: 'v0.6.0',
    ...evidence,
    way: { devdata: '50d', contosostaging: '49d', contosouat: '47d', contosoprodus: '45d' },
    lockedIn: { contosoprodus: true },
  },
  // Neither signature nor SBOM.
  { repository: 'data/etl', tag: 'v0.7.0', way: { devdata: '9d', contosostaging: '8d', contosouat: '6d' } },
  {
    repository: 'data/report',
    tag: 'v1.0.0',
    ...evidence,
    way: { devdata: '30d', contosostaging: '29d', contosouat: '28d', contosoprodus: '25d' },
  },
  { repository: 'data/feature-store', tag: 'v0.3.0', way: { devdata: '14d', contosostaging: '13d' } },
  { repository: 'data/stream', tag: 'v0.2.2', way: { devdata: '5d' } },
  { repository: 'data/quality', tag: 'v0.5.0', way: { devdata: '16d', contosostaging: '15d' } },
  { repository: 'data/notebooks', tag: 'latest', way: { devdata: '1d' } },
  { repository: 'data/lake-loader', tag: 'v0.1.0', way: { devdata: '21d' } },
];

const coreAndBase: readonly Release[] = [
  {
    repository: 'core/auth',
    tag: 'v5.2.0',
    ...evidence,
    way: { devcore: '19d', contosostaging: '18d', contosouat: '17d', contosoprod: '15d' },
    lockedIn: { contosoprod: true },
  },
  // The signature is a good one, of another image.
  {
    repository: 'core/config',
    tag: 'v2.0.0',
    ...evidence,
    signed: 'other-image',
    way: { devcore: '6d', contosostaging: '5d', contosouat: '4d' },
  },
  { repository: 'core/scheduler', tag: 'v1.1.0', way: { devcore: '4d' } },
  { repository: 'core/gateway', tag: 'v3.3.0', way: { devcore: '3d', contosostaging: '2d' } },
  // Base images: the CI builds them straight into prod; a mirror brings them to the dev registries.
  ...(['node', 'python', 'dotnet', 'java'] as const).map((name, index): Release => {
    return {
      repository: `base/${name}`,
      tag: 'v2026.11',
      platforms: both,
      ...evidence,
      way: baseWay(index),
      lockedIn: { contosoprod: true },
    };
  }),
  { repository: 'base/nginx', tag: 'v2026.10', ...evidence, way: { contosoprod: '33d' } },
  { repository: 'base/distroless', tag: 'v2026.11', ...evidence, way: { contosoprod: '9d', devcore: '9d' } },
  { repository: 'base/golang', tag: 'v2026.11', ...evidence, way: { contosoprod: '2d' } },
  // Without a namespace, and not a workload.
  { repository: 'debugbox', tag: 'latest', way: { contososhared: '200d', contosoprod: '150d' } },
  { repository: 'kubectl-tools', tag: 'v1.34', way: { contososhared: '60d' } },
  { repository: 'jumpbox', tag: 'latest', way: { legacyhub: '700d' } },
  { repository: 'intranet', tag: 'v9', way: { legacyhub: '900d' } },
  { repository: 'crm/web', tag: 'v3.2.1', way: { legacyhub: '400d' } },
];

export const releases: readonly Release[] = [...shop, ...payAndData, ...coreAndBase];

export function contosoImages(): Estate['images'] {
  const images: Record<string, Record<string, Record<string, EstateImage>>> = {};
  for (const release of releases) {
    const [origin, ...later] = Object.keys(release.way) as RegistryName[];
    for (const registry of origin === undefined ? [] : [origin, ...later]) {
      const { repository, tag } = release;
      const image =
        registry === origin
          ? built(release, registry)
          : copied(release, `${origin}/${repository}:${tag}`, registry);
      const repositories = (images[registry] ??= {});
      const tags = (repositories[repository] ??= {});
      tags[tag] = image;
    }
  }
  return images;
}

/** Dev registries got the newest base images, but not all of them got all. */
function baseWay(index: number): Way {
  const everywhere: Way = { contosoprod: '12d', devcore: '11d' };
  if (index === 0) return { ...everywhere, devshop: '11d', devpay: '11d', devdata: '11d' };
  return index === 1 ? { ...everywhere, devdata: '11d' } : everywhere;
}

function built(release: Release, registry: RegistryName): EstateImage {
  const { repository, tag, way, lockedIn, unlabelled, signed, sbom, ...image } = release;
  const created = `\${ago:${way[registry]}}`;
  const labels = {
    'org.opencontainers.image.revision': revisionOf(repository, tag),
    'org.opencontainers.image.source': `https://git.contoso.example/${repository}`,
    'org.opencontainers.image.created': created,
    'org.opencontainers.image.version': tag,
  };
  const referrers = [
    ...(signed ? [{ ...signature, notation: signed }] : []),
    ...(sbom ? [sbomOf(`${repository}:${tag}`)] : []),
  ];
  return {
    ...image,
    ...(referrers.length > 0 && { referrers }),
    created,
    pushed: created,
    ...(unlabelled === true ? {} : { labels }),
    ...lock(lockedIn?.[registry]),
  };
}

function copied(release: Release, copyOf: string, registry: RegistryName): EstateImage {
  return { copyOf, pushed: `\${ago:${release.way[registry]}}`, ...lock(release.lockedIn?.[registry]) };
}

function lock(locked: true | 'tag' | undefined): { locked?: true | 'tag' } {
  return locked === undefined ? {} : { locked };
}

/** Forty hex digits that look like a commit, always the same for an image. */
function revisionOf(repository: string, tag: string): string {
  const text = Buffer.from(`${tag}/${repository}/commit/of/contoso`).toString('hex');
  return text.slice(0, 40).padEnd(40, '0');
}
