// Reads what hangs on an image and what is live now, and has it judged: signatures against the certificates of the policy,
// SBOMs against each other. Everything here was written by whoever could push, so what cannot be read is said and is no proof.
import { maxEnvelopeBytes, verifyNotation } from '../evidence/notation.ts';
import { comparePackages, maxSbomBytes, type PackageList, readPackages } from '../evidence/sbom.ts';
import { isProvenance, readStatement } from '../evidence/statement.ts';
import { attachmentKind } from '../promotion/attachment-kind.ts';
import type { Evidence, PackageEvidence, Referrer, SignatureCheck } from '../promotion/request.ts';
import type { GateRules } from '../promotion/terms.ts';
import type { Attachment, ImageFacts, RegistryRef } from '../ports.ts';
import type { Doors } from './doors.ts';

/** An image where it lies. */
export interface Held {
  readonly registry: RegistryRef;
  readonly repository: string;
  readonly image: ImageFacts;
}

/** Signatures that are checked and documents that are read of one image. Whoever can push could attach thousands. */
const most = { signatures: 20, documents: 6 };

/** Throws AzureError where the registry of the proposed image does not answer and may do so later. */
export async function collectAttachments(
  doors: Doors,
  gates: GateRules,
  proposed: Held,
  live: Held | undefined,
): Promise<Pick<Evidence, 'signatures' | 'packages' | 'provenance'>> {
  const other = live && live.image.digest !== proposed.image.digest ? live : undefined;
  const [signatures, documents, before] = await Promise.all([
    checkSignatures(doors, gates, proposed),
    readDocuments(doors, proposed),
    other && readDocuments(doors, other),
  ]);
  return {
    signatures,
    packages: packagesOf(documents, before),
    ...(documents.provenance.length > 0 && { provenance: documents.provenance }),
  };
}

async function checkSignatures(
  doors: Doors,
  gates: GateRules,
  held: Held,
): Promise<readonly SignatureCheck[]> {
  const { referrers } = held.image;
  const notation = own(referrers, 'notation');
  const checks = await Promise.all(
    notation.slice(0, most.signatures).map((referrer) => checkSignature(doors, gates, held, referrer)),
  );
  const left = notation.length - checks.length;
  return [
    ...checks,
    ...(left > 0
      ? [unverified('notation', `${left} more signatures are attached than are checked. Remove old ones.`)]
      : []),
    ...own(referrers, 'cosign').map(() =>
      unverified('cosign', 'A cosign signature is present, not verified.'),
    ),
  ];
}

async function checkSignature(
  doors: Doors,
  gates: GateRules,
  held: Held,
  referrer: Referrer,
): Promise<SignatureCheck> {
  const { certificates = [], signers } = gates.signature ?? {};
  // Nothing could be proved, so nothing is read.
  if (certificates.length === 0)
    return unverified(
      'notation',
      'A Notation signature is present, not verified: the policy names no certificates under gates.signature.trusted.',
    );
  const { digest, mediaType, manifestSize: size } = held.image;
  const read = await readAttachment(doors, held, referrer, maxEnvelopeBytes);
  if ('problem' in read) {
    // A registry that is silent for a moment must not end a request; one that refuses will refuse again.
    if (read.retry) throw read.error;
    return unverified('notation', `A signature could not be read: ${read.problem}`);
  }
  const [envelope, ...more] = read.layers;
  if (!envelope || more.length > 0)
    return { kind: 'notation', status: 'invalid', detail: 'A signature holds not exactly one envelope.' };
  if (envelope.mediaType === 'application/cose')
    return unverified(
      'notation',
      'A Notation signature in a COSE envelope is present; only JWS envelopes are verified.',
    );
  if (envelope.mediaType !== 'application/jose+json')
    return { kind: 'notation', status: 'invalid', detail: 'A signature holds no envelope of a known type.' };
  const trust = { certificates, ...(signers && { signers }) };
  return verifyNotation(envelope.bytes, { digest, mediaType, size }, trust, doors.clock());
}

interface Documents {
  /** At most one list a format. */
  readonly lists: readonly PackageList[];
  readonly provenance: readonly string[];
  readonly problem?: string;
}

/** SBOMs and provenance; no gate rests on what they say, so nothing that is wrong with them stops anything. */
async function readDocuments(doors: Doors, held: Held): Promise<Documents> {
  const { referrers } = held.image;
  const chosen = [...own(referrers, 'sbom'), ...own(referrers, 'attestation')].slice(0, most.documents);
  const lists: PackageList[] = [];
  const provenance = new Set<string>();
  let problem: string | undefined;
  // One after the other: each may be large, and few images have more than two.
  for (const referrer of chosen) {
    const read = await readAttachment(doors, held, referrer, maxSbomBytes);
    const isSbom = attachmentKind(referrer) === 'sbom';
    if ('problem' in read) problem ??= isSbom ? `The SBOM could not be read: ${read.problem}` : undefined;
    for (const { bytes } of 'problem' in read ? [] : read.layers) {
      const list = readPackages(bytes);
      const statement = list ? undefined : readStatement(bytes);
      if (list && !lists.some(({ format }) => format === list.format)) lists.push(list);
      if (statement && isProvenance(statement)) provenance.add(statement.predicateType);
      if (isSbom && !list) problem ??= 'The SBOM is neither SPDX nor CycloneDX in JSON.';
    }
  }
  return { lists, provenance: [...provenance], ...(problem && { problem }) };
}

/** The lists of the format that both have; without a common one, what there is and why it is not compared. */
function packagesOf(proposed: Documents, live: Documents | undefined): PackageEvidence {
  const common = proposed.lists.find(({ format }) => live?.lists.some((list) => list.format === format));
  const now = common ?? proposed.lists[0];
  const before = live?.lists.find(({ format }) => format === common?.format) ?? live?.lists[0];
  const compared = comparePackages(before, now);
  const problem = compared.problem ?? (now ? undefined : proposed.problem);
  return { ...compared, ...(problem && { problem }) };
}

type Read = Attachment | { readonly problem: string; readonly retry: boolean; readonly error: unknown };

async function readAttachment(doors: Doors, held: Held, referrer: Referrer, limit: number): Promise<Read> {
  try {
    const found = await doors.reader.attachment(held.registry, held.repository, referrer.digest, limit);
    return found ?? { problem: 'it is gone.', retry: false, error: undefined };
  } catch (error) {
    const { message, retry } = error as { message?: string; retry?: boolean };
    return { problem: message ?? 'an unexpected error.', retry: retry ?? true, error };
  }
}

/** Attached to the image itself: a signature of its SBOM is none of the image. */
const own = (referrers: readonly Referrer[], kind: ReturnType<typeof attachmentKind>): readonly Referrer[] =>
  referrers.filter((referrer) => referrer.subject === undefined && attachmentKind(referrer) === kind);

const unverified = (kind: SignatureCheck['kind'], detail: string): SignatureCheck => ({
  kind,
  status: 'unverified',
  detail,
});
