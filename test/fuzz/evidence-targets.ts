// What hangs on images: signatures, certificates and SBOMs, written by anybody who can push.
import { X509Certificate } from 'node:crypto';
import { verifyNotation } from '../../src/evidence/notation.ts';
import { comparePackages, readPackages } from '../../src/evidence/sbom.ts';
import { readStatement } from '../../src/evidence/statement.ts';
import {
  ec,
  envelope,
  envelopeParts,
  goodHeader,
  intermediate,
  issue,
  leafExtensions,
  now,
  rawKeyUsage,
  root,
  target,
} from '../evidence/signing.ts';
import type { Dice } from './dice.ts';
import type { Target } from './harness.ts';
import { changeTree, mutateBytes, mutateJson } from './mutate.ts';

/** Verified or not; `invalid` has a sentence. */
function isVerified(bytes: Uint8Array): boolean {
  const { status, detail } = verifyNotation(bytes, target, { certificates: [root.pem] }, now);
  if (!detail?.endsWith('.')) throw new Error(`no sentence: ${detail}`);
  return status === 'verified';
}

interface Jws {
  readonly payload: unknown;
  readonly protected: unknown;
  readonly signature: unknown;
  readonly header: { readonly x5c: readonly string[] };
}
const raw = (text: unknown): string => Buffer.from(String(text), 'base64url').toString('hex');
/** What a signature says, without the ways to spell it. */
const essence = ({ payload, protected: head, signature, header }: Jws): string =>
  [payload, head, signature, ...header.x5c].map(raw).join();
const good = envelopeParts() as unknown as Jws;

/** Whatever is changed, nothing but the signature itself is accepted. */
const notation: Target = {
  name: 'notation',
  open: () => ({
    seeds: [JSON.stringify(good)],
    mutate: (dice, seed, others) => {
      if (dice.chance(50)) return mutateJson(['ES256', 'none', 'HS256'])(dice, seed, others);
      const parts = JSON.parse(seed) as Record<string, unknown> & Jws;
      const part = dice.pick(['payload', 'protected', 'signature', 'x5c'] as const);
      if (part !== 'x5c')
        return JSON.stringify({ ...parts, [part]: bytesChanged(dice, String(parts[part]), 'base64url') });
      const place = dice.below(parts.header.x5c.length);
      const x5c = parts.header.x5c.with(place, bytesChanged(dice, parts.header.x5c[place] ?? '', 'base64'));
      return JSON.stringify({ ...parts, header: { ...parts.header, x5c } });
    },
    run: (input) => {
      if (!isVerified(Buffer.from(input))) return;
      if (essence(JSON.parse(input) as Jws) !== essence(good))
        throw new Error('a bad signature was accepted');
    },
  }),
};

const bytesChanged = (dice: Dice, text: string, encoding: 'base64' | 'base64url'): string =>
  mutateBytes(dice, Buffer.from(text, encoding)).toString(encoding);

const signedSeed = JSON.stringify({ header: goodHeader, payload: { targetArtifact: target } });
const signedWords = [
  'notary.x509',
  'notary.x509.signingAuthority',
  'io.cncf.notary.expiry',
  'ES256',
  target.digest,
];

/** Signed with the right key, over words that the signer should not have said. */
const notationSigned: Target = {
  name: 'notation-signed',
  open: () => ({
    seeds: [signedSeed],
    mutate: (dice, seed, others) => changeTree(dice, seed, others, signedWords),
    run: (input) => {
      // What is not there would be put in by who makes the envelope.
      const { header, payload = null } = (JSON.parse(input) ?? {}) as { header?: object; payload?: unknown };
      if (!isVerified(envelope({ header: { ...header }, payload }))) return;
      const said = payload as { targetArtifact?: Partial<typeof target> } | null;
      const { digest, size } = said?.targetArtifact ?? {};
      if (digest !== target.digest || size !== target.size) throw new Error('accepted for another image');
      const { alg, crit } = { ...goodHeader, ...header } as { alg: unknown; crit: unknown };
      if (alg !== 'ES256' || !Array.isArray(crit))
        throw new Error(`accepted with ${String(alg)} and no crit`);
    },
  }),
};

/** A certificate by a trusted authority, whose extensions are changed before it is signed. OpenSSL is asked as well. */
const certificate: Target = {
  name: 'certificate',
  open: () => {
    const pair = ec();
    const extensions = leafExtensions().map((each) => each.toString('hex'));
    return {
      seeds: [JSON.stringify(extensions), JSON.stringify([rawKeyUsage(0x80).toString('hex')])],
      mutate: (dice, seed) => {
        const all = JSON.parse(seed) as string[];
        const place = dice.below(all.length);
        const bytes = Buffer.from(all[place] ?? '', 'hex');
        const changed = mutateBytes(dice, bytes).toString('hex');
        return JSON.stringify(dice.chance(90) ? all.with(place, changed) : [...all, changed]);
      },
      run: (input) => {
        const signing = issue({
          name: 'leaf',
          by: intermediate,
          pair,
          extensions: (JSON.parse(input) as string[]).map((each) => Buffer.from(each, 'hex')),
        });
        if (!isVerified(envelope({ chain: [signing, intermediate, root] }))) return;
        const other = new X509Certificate(signing.der);
        const purposes = other.keyUsage as readonly string[] | undefined;
        if (other.ca) throw new Error('an authority may sign images');
        if (purposes && !purposes.includes('1.3.6.1.5.5.7.3.3')) throw new Error('not for code signing');
      },
      whole: true,
    };
  },
};

const spdx = {
  spdxVersion: 'SPDX-2.3',
  documentDescribes: ['SPDXRef-image'],
  packages: [
    { SPDXID: 'SPDXRef-image', name: 'shop/web', versionInfo: 'v1' },
    {
      SPDXID: 'a',
      name: 'a',
      versionInfo: '1',
      externalRefs: [{ referenceType: 'purl', referenceLocator: 'pkg:npm/a@1' }],
    },
  ],
};
const cycloneDx = {
  bomFormat: 'CycloneDX',
  components: [{ name: 'x', version: '1', purl: 'pkg:npm/%40s/x@1?arch=a' }],
};
const spdx3 = {
  '@graph': [
    { type: 'software_Sbom', rootElement: ['i'] },
    { type: 'software_Package', spdxId: 'i', name: 'image' },
    {
      type: 'software_Package',
      spdxId: 'b',
      name: 'b',
      software_packageVersion: '1',
      software_packageUrl: 'pkg:deb/b@1',
    },
  ],
};
const statement = (predicate: unknown) => ({ predicateType: 'https://spdx.dev/Document', predicate });
const dsse = {
  payloadType: 'application/vnd.in-toto+json',
  payload: Buffer.from(JSON.stringify(statement(spdx))).toString('base64'),
};

const sbom: Target = {
  name: 'sbom',
  open: () => {
    const seeds = [spdx, cycloneDx, spdx3, statement(cycloneDx), dsse].map((each) => JSON.stringify(each));
    const live = readPackages(Buffer.from(seeds[0] ?? ''));
    return {
      seeds,
      mutate: mutateJson(['pkg:npm/%ff@1', 'pkg:', 'SPDXRef-image', '%', '?', '#']),
      run: (input) => {
        const bytes = Buffer.from(input);
        readStatement(bytes);
        const { proposed, changes } = comparePackages(live, readPackages(bytes));
        if (proposed !== undefined && !Number.isInteger(proposed)) throw new Error('no count');
        const named = [...(changes?.added ?? []), ...(changes?.removed ?? []), ...(changes?.changed ?? [])];
        if (named.some((each) => typeof each !== 'string' || each.length > 300))
          throw new Error('a name that is none');
      },
    };
  },
};

/** Signatures, certificates, SBOMs. */
export const evidenceTargets: readonly Target[] = [notation, notationSigned, certificate, sbom];
