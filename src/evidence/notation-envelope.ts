// Takes a Notation envelope apart: flattened JWS JSON with a protected header whose every demand is understood. What it
// says is read here and believed nowhere; see notation.ts.

/** Why a signature proves nothing, in a sentence for people. Never leaves the room. */
export class Refused extends Error {}
export const refused = (why: string): never => {
  throw new Refused(why);
};

/** An envelope in parts. Times in milliseconds. */
export interface Signed {
  /** `protected.payload`, as it stands in the envelope. */
  readonly input: Uint8Array;
  readonly signature: Uint8Array;
  readonly algorithm: string;
  /** Base64 of DER, leaf first. */
  readonly chain: readonly string[];
  readonly signedAt: number;
  readonly expiry?: number;
  readonly hasTimestamp: boolean;
  readonly target: { readonly mediaType: string; readonly digest: string; readonly size: number };
}

type Json = Readonly<Record<string, unknown>>;

const payloadType = 'application/vnd.cncf.notary.payload.v1+json';
const headers = {
  scheme: 'io.cncf.notary.signingScheme',
  signingTime: 'io.cncf.notary.signingTime',
  authenticSigningTime: 'io.cncf.notary.authenticSigningTime',
  expiry: 'io.cncf.notary.expiry',
} as const;
/** Where each signing scheme keeps its time. */
const schemes: ReadonlyMap<unknown, string> = new Map([
  ['notary.x509', headers.signingTime],
  ['notary.x509.signingAuthority', headers.authenticSigningTime],
]);
const understood: readonly string[] = Object.values(headers);
const members = ['payload', 'protected', 'header', 'signature'];

/** Throws Refused with the reason, or what JSON.parse throws. */
export function readEnvelope(bytes: Uint8Array): Signed {
  const envelope = parseObject(bytes, 'The envelope');
  const extra = Object.keys(envelope).find((key) => !members.includes(key));
  if (extra !== undefined) refused('The envelope is not one flattened JWS signature.');
  const header = textOf(envelope, 'protected');
  const payload = textOf(envelope, 'payload');
  const signed = parseObject(decode(header), 'The protected header');
  const unsigned = objectOf(envelope['header'], 'The unprotected header');
  const chain = unsigned['x5c'];
  if (!Array.isArray(chain) || chain.length === 0 || !chain.every((each) => typeof each === 'string'))
    return refused('The signature carries no chain of certificates (x5c).');
  return {
    ...readHeader(signed),
    input: Buffer.from(`${header}.${payload}`),
    signature: decode(textOf(envelope, 'signature')),
    chain,
    hasTimestamp: unsigned['io.cncf.notary.timestampSignature'] !== undefined,
    target: readTarget(decode(payload)),
  };
}

function readHeader(header: Json): Pick<Signed, 'algorithm' | 'signedAt' | 'expiry'> {
  const { alg, cty } = header;
  if (typeof alg !== 'string') return refused('The signature names no algorithm.');
  if (cty !== payloadType) refused(`The signature is over something else than ${payloadType}.`);
  const timeHeader = schemes.get(header[headers.scheme]);
  if (timeHeader === undefined)
    return refused('The signing scheme is none of notary.x509 and notary.x509.signingAuthority.');
  checkCritical(header, timeHeader);
  const expiry = header[headers.expiry];
  return {
    algorithm: alg,
    signedAt: timeOf(header[timeHeader], 'signing time'),
    ...(expiry !== undefined && { expiry: timeOf(expiry, 'expiry') }),
  };
}

/** Each header that must be processed is, and what must not be overlooked is marked so that nobody overlooks it. */
function checkCritical(header: Json, timeHeader: string): void {
  const { crit } = header;
  if (!Array.isArray(crit) || !crit.every((each) => typeof each === 'string'))
    return refused('The signature does not say which of its headers are critical (crit).');
  const names = new Set<string>(crit);
  const strange = crit.find((name) => !understood.includes(name));
  if (strange !== undefined || names.size < crit.length)
    refused(`The signature demands what is not understood here (crit: ${String(strange).slice(0, 60)}).`);
  if (crit.some((name) => header[name] === undefined))
    refused('The signature calls a header critical that it does not have.');
  const needed = [headers.scheme, headers.authenticSigningTime, headers.expiry];
  if (needed.some((name) => header[name] !== undefined && !names.has(name)))
    refused('The signature has a header that must be critical (crit) and is not.');
  const other = timeHeader === headers.signingTime ? headers.authenticSigningTime : headers.signingTime;
  if (header[other] !== undefined) refused('The signature has a time of another signing scheme.');
  // A plugin was meant to verify more than is verified here.
  if (header['io.cncf.notary.verificationPlugin'] !== undefined)
    refused('The signature demands a verification plugin of Notation, and there is none here.');
}

function readTarget(payload: Uint8Array): Signed['target'] {
  const target = objectOf(parseObject(payload, 'The payload')['targetArtifact'], 'The target');
  const { mediaType, digest, size } = target;
  if (typeof mediaType !== 'string' || typeof digest !== 'string' || typeof size !== 'number')
    return refused('The payload does not describe an image: media type, digest and size are needed.');
  return { mediaType, digest, size };
}

const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;

function timeOf(value: unknown, what: string): number {
  const at = typeof value === 'string' && rfc3339.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isFinite(at) ? at : refused(`The ${what} of the signature is missing or no time.`);
}

function parseObject(bytes: Uint8Array, what: string): Json {
  try {
    return objectOf(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)), what);
  } catch {
    return refused(`${what} of the signature is not a JSON object.`);
  }
}

const objectOf = (value: unknown, what: string): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Json)
    : refused(`${what} of the signature is not a JSON object.`);

function textOf(envelope: Json, member: string): string {
  const value = envelope[member];
  return typeof value === 'string' && value !== '' ? value : refused(`The envelope has no ${member}.`);
}

/** Base64url without padding, and nothing that a lenient decoder would skip. */
const decode = (text: string): Uint8Array =>
  /^[A-Za-z0-9_-]+$/.test(text) ? Buffer.from(text, 'base64url') : refused('The envelope is not base64url.');
