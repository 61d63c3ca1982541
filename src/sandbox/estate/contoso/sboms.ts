// What the SBOMs of the sample images list, so that two versions of an image differ as two builds do.
import type { EstateReferrer } from '../schema.ts';

const sbomType = 'application/spdx+json';

/** Packages of every image, by name. */
const common: Readonly<Record<string, string>> = {
  'base-files': '12.4',
  busybox: '1.36.1',
  'ca-certificates': '20240203',
  glibc: '2.36-9',
  openssl: '3.0.15',
  zlib: '1.3.1',
};

/** What an image has beside or instead of them; an empty version takes a package away. */
const own: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'shop/web:v1.4.0': { openssl: '3.0.13', express: '4.19.2', lodash: '4.17.20', react: '18.3.1' },
  'shop/web:v1.4.1': { openssl: '3.0.13', express: '4.21.1', lodash: '4.17.21', react: '18.3.1' },
  'shop/web:v1.4.2': { express: '4.21.1', helmet: '8.0.0', react: '18.3.1' },
  'shop/cart:v2.3.0': { redis: '4.6.13', zlib: '1.3' },
  'shop/cart:v2.4.0': { redis: '4.7.0' },
  'shop/checkout:v3.1.0': { curl: '8.1.0', stripe: '16.2.0' },
  'shop/checkout:v3.2.0': { curl: '8.11.0', stripe: '17.1.0' },
  'pay/api:v2.0.3': { curl: '8.11.0', fastify: '4.28.1' },
  'pay/api:v2.1.0': { curl: '8.1.0', fastify: '5.1.0', openssl: '3.0.8' },
  'pay/ledger:v1.1.0': { postgres: '3.4.4' },
  'pay/ledger:v1.2.0': { postgres: '3.4.5', busybox: '' },
};

/** The SBOM of an image, by `repository:tag`, as a referrer. */
export const sbomOf = (image: string): EstateReferrer => ({
  artifactType: sbomType,
  layers: [{ mediaType: sbomType, content: JSON.stringify(spdx(image)) }],
});

function spdx(image: string): object {
  const packages = Object.entries({ ...common, ...own[image] }).filter(([, version]) => version !== '');
  return {
    spdxVersion: 'SPDX-2.3',
    SPDXID: 'SPDXRef-DOCUMENT',
    name: image,
    documentDescribes: ['SPDXRef-image'],
    packages: [
      { SPDXID: 'SPDXRef-image', name: image.split(':')[0], versionInfo: image.split(':')[1] },
      ...packages.map(([name, versionInfo]) => ({
        SPDXID: `SPDXRef-${name}`,
        name,
        versionInfo,
        externalRefs: [
          {
            referenceCategory: 'PACKAGE-MANAGER',
            referenceType: 'purl',
            referenceLocator: `pkg:generic/${name}@${versionInfo}`,
          },
        ],
      })),
    ],
  };
}
