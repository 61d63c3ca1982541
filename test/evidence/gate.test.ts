// From the registry to the gate: what hangs on an image in the stand-in, read over its API, verified against the certificates
// of the policy, and judged.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collectFacts } from '../../src/commands/evidence.ts';
import { judgeGates } from '../../src/promotion/gates.ts';
import type { Evidence } from '../../src/promotion/request.ts';
import type { EstateImage, EstateReferrer } from '../../src/sandbox/estate/schema.ts';
import { contosoEstate } from '../../src/sandbox/estate/contoso/estate.ts';
import { createWorld, type World } from '../world.ts';

const notary = 'application/vnd.cncf.notary.signature';
const signed: EstateReferrer = { artifactType: notary, notation: true };
const holding = (mediaType: string, content: string): EstateReferrer => ({
  artifactType: notary,
  layers: [{ mediaType, content }],
});
const garbage = holding('application/jose+json', '{"payload":"x"}');
const megabyte = { mediaType: 'application/jose+json', size: 1_000_000 };
const statement = { predicateType: 'https://slsa.dev/provenance/v1', predicate: {} };

const made: Readonly<Record<string, EstateImage>> = {
  'v0.0.1': { referrers: [garbage, signed] },
  'v0.0.2': { referrers: [garbage, { artifactType: notary, notation: 'other-image' }] },
  'v0.0.3': { referrers: [holding('application/cose', 'd2844f')] },
  'v0.0.4': { referrers: [{ artifactType: notary, layers: Array.from({ length: 5 }, () => megabyte) }] },
  'v0.0.5': { referrers: Array.from({ length: 21 }, (_, i) => holding('application/jose+json', `${i}`)) },
  'v0.0.6': { cosign: true },
  'v0.0.7': {
    referrers: [
      signed,
      {
        artifactType: 'application/vnd.in-toto+json',
        layers: [{ mediaType: 'application/vnd.in-toto+json', content: JSON.stringify(statement) }],
      },
      { artifactType: 'application/spdx+json', layers: [{ content: 'not JSON' }] },
    ],
  },
};

function estate(): ReturnType<typeof contosoEstate> {
  const contoso = contosoEstate();
  const images = Object.entries(made).map(([tag, image]) => [tag, { ...image, pushed: '${ago:3d}' }]);
  const uat = { ...contoso.images['contosouat'], 'shop/odd': Object.fromEntries(images) };
  return { ...contoso, images: { ...contoso.images, contosouat: uat } };
}

let world: World;
beforeAll(async () => {
  world = await createWorld({
    azure: { estate: estate(), blobsElsewhere: true, quota: 1000 },
    work: false,
  });
});
afterAll(() => world.close());

/** Scans matter to one test alone, and a new query costs the stand-in a second. */
const unscanned = () => {
  const { doors } = world.product;
  return { ...doors, reader: { ...doors.reader, scanResults: async () => new Map<string, never>() } };
};

async function evidenceOf(
  image: string,
  change: (edge: never) => unknown = (edge) => edge,
  doors: World['product']['doors'] = unscanned(),
): Promise<Evidence> {
  const whole = doors.policy().edges.find(({ name }) => name === 'to-prod')!;
  // The posture gate would scan the whole estate.
  const { posture: _, ...gates } = whole.gates;
  const edge = { ...whole, gates };
  const [repository = '', tag = ''] = image.split(':');
  const wanted = (change(edge as never) as typeof edge).gates;
  const way = { source: 'uat', target: 'prod', fromStage: 'uat', toStage: 'prod' };
  const subject = { kind: 'promotion', edge: 'to-prod', repository, tag, lock: true, ...way } as const;
  const collected = await collectFacts(doors, { subject, gates: wanted });
  if (collected.kind !== 'facts') throw new Error(collected.kind);
  const { facts } = collected;
  return { ...facts, gates: judgeGates(wanted, facts, [], doors.clock()) };
}
const gateOf = async (image: string, change?: (edge: never) => unknown) => {
  const gate = (await evidenceOf(image, change)).gates.find((each) => each.gate === 'signature');
  return `${gate?.outcome}: ${gate?.detail}`;
};
const accepting = (accept: readonly string[]) => (edge: { gates: { signature: object } }) => ({
  ...edge,
  gates: { ...edge.gates, signature: { ...edge.gates.signature, accept } },
});

describe('the signature gate', () => {
  it.each([
    ['shop/web:v1.4.2', /^pass: Signed by CN=contoso-release-signing, O=Contoso, ST=Berlin, C=DE\.$/],
    ['pay/fraud:v0.8.1', /^fail: The certificate CN=contoso-release-signing-2025, .* expired on \d/],
    ['core/config:v2.0.0', /^fail: The signature is for another image, sha256:\w{12}\. Sign this one\.$/],
    ['data/etl:v0.7.0', /^fail: The image is not signed\. Sign it with Notation\.$/],
    ['shop/odd:v0.0.1', /^pass: Signed by CN=contoso-release-signing, .* \(1 more signature\)$/],
    ['shop/odd:v0.0.2', /^fail: The .* \(1 more signature\)$/],
    ['shop/odd:v0.0.3', /^unknown: A Notation signature in a COSE envelope is present; only JWS/],
    ['shop/odd:v0.0.4', /^unknown: A signature could not be read: More than 4194304 bytes/],
    ['shop/odd:v0.0.5', /^unknown: 1 more signatures are attached than are checked\. Remove old ones\.$/],
    ['shop/odd:v0.0.6', /^pass: A cosign signature is present \(not verified\)\.$/],
  ])('of %s says %s', async (image, expected) => {
    expect(await gateOf(image)).toMatch(expected);
  });

  it('is unknown with a cosign signature that the policy does not accept', async () => {
    expect(await gateOf('shop/odd:v0.0.6', accepting([]) as never)).toContain(
      'unknown: A cosign signature is present, not verified',
    );
  });

  it('is unknown without trusted certificates, even for a good signature', async () => {
    const untrusting = (edge: { gates: { signature: object } }) => ({
      ...edge,
      gates: { ...edge.gates, signature: { ...edge.gates.signature, certificates: [] } },
    });

    expect(await gateOf('shop/web:v1.4.2', untrusting as never)).toContain(
      'unknown: A Notation signature is present, not verified: the policy names no certificates',
    );
  });
});

describe('the evidence of an image', () => {
  it('names who signed, what changed in packages and CVEs, and the layers of both', async () => {
    const evidence = await evidenceOf('shop/web:v1.4.2', undefined, world.product.doors);

    expect(evidence.signatures).toMatchObject([
      {
        kind: 'notation',
        status: 'verified',
        identity: expect.stringContaining('CN=contoso-release-signing'),
      },
    ]);
    expect(evidence.packages).toMatchObject({
      live: 9,
      proposed: 9,
      changes: { added: ['helmet 8.0.0'], removed: ['lodash 4.17.20'], changedCount: 2 },
    });
    expect(evidence.findings).toEqual({
      added: [{ id: 'CVE-2026-12008', severity: 'low' }],
      removed: [{ id: 'CVE-2026-10420', severity: 'medium' }],
      counts: { added: 1, removed: 1 },
    });
    expect(evidence.live).toMatchObject({ tag: 'v1.4.0', layers: 3 });
    expect(evidence.scan).not.toHaveProperty('findings');
  });

  it('tells of provenance that is there, and of an SBOM that is none', async () => {
    const { provenance, packages } = await evidenceOf('shop/odd:v0.0.7');

    expect(provenance).toEqual(['https://slsa.dev/provenance/v1']);
    expect(packages).toEqual({ problem: 'The SBOM is neither SPDX nor CycloneDX in JSON.' });
  });

  it('is read once a digest', async () => {
    const blobs = () => world.azure.counters()['registry GET blob'] ?? 0;
    await evidenceOf('shop/web:v1.4.2');
    const before = blobs();

    await evidenceOf('shop/web:v1.4.2');

    expect(blobs()).toBe(before);
  });
});
