// Reads the certificates that a signature gate trusts. They are checked when the policy is loaded, where somebody reads the
// answer, and not at the first promotion, where it would look like a bad signature.
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

export type TrustedReading =
  | { readonly certificates: readonly string[] }
  /** What is wrong with the file, and what to do. */
  | { readonly problem: string };

const pemPattern = /-----BEGIN CERTIFICATE-----[\sA-Za-z0-9+/=]+-----END CERTIFICATE-----/g;
const maxBytes = 256 * 1024;

/** Every certificate of a PEM file in PEM; `file` is relative to `base`, `now` in milliseconds. */
export function readTrusted(file: string, base: string, now: number): TrustedReading {
  const path = resolve(base, file);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    return {
      problem: `Cannot read the certificates in ${path} (${(error as NodeJS.ErrnoException).code ?? 'error'}). The path is relative to the policy file.`,
    };
  }
  const found = text.length > maxBytes ? [] : (text.match(pemPattern) ?? []);
  if (found.length === 0)
    return {
      problem: `There is no certificate in ${path}. Put one or more there in PEM (BEGIN CERTIFICATE); convert DER with: openssl x509 -inform der -in FILE`,
    };
  for (const [i, pem] of found.entries()) {
    const problem = problemOf(pem, now);
    if (problem) return { problem: `Certificate ${i + 1} of ${path} ${problem}` };
  }
  return { certificates: found };
}

function problemOf(pem: string, now: number): string | undefined {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(pem);
  } catch {
    return 'cannot be read. Export it again.';
  }
  const name = certificate.subject.replaceAll('\n', ', ');
  if (!certificate.ca)
    return `(${name}) is not an authority's. Trust the certificate that issued it, a root or an intermediate.`;
  return certificate.validToDate.getTime() < now
    ? `(${name}) expired on ${certificate.validToDate.toISOString().slice(0, 10)}. Replace it.`
    : undefined;
}
