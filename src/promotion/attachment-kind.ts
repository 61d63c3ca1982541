// What hangs on an image, by the type it says it has. One place, so that gates, cards and the collecting of evidence
// take the same thing for a signature.
import type { Referrer } from './request.ts';

export type AttachmentKind = 'notation' | 'cosign' | 'sbom' | 'attestation' | 'other';

/** Types are free text of whoever attached it: they only choose what is read, never what is believed. */
export function attachmentKind({
  artifactType,
  tag,
}: Pick<Referrer, 'artifactType' | 'tag'>): AttachmentKind {
  if (artifactType === 'application/vnd.cncf.notary.signature') return 'notation';
  if (tag?.endsWith('.att') || /in-toto|slsa|provenance|dsse/i.test(artifactType)) return 'attestation';
  if (tag?.endsWith('.sbom') || /spdx|cyclonedx|sbom/i.test(artifactType)) return 'sbom';
  return tag?.endsWith('.sig') || /cosign|sigstore/i.test(artifactType) ? 'cosign' : 'other';
}
