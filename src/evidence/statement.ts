// In-toto statements: what an attestation says of an image, bare or in a DSSE envelope. Whose signature the envelope
// carries is not looked at: a statement is shown as present, and no gate rests on it.

export interface Statement {
  readonly predicateType: string;
  readonly predicate: unknown;
}

type Json = Readonly<Record<string, unknown>>;

/** `undefined` for anything that is no statement. Never throws. */
export function readStatement(bytes: Uint8Array): Statement | undefined {
  const outer = parse(bytes);
  const payload = outer?.['payload'];
  const inner =
    typeof payload === 'string' && outer?.['payloadType'] === 'application/vnd.in-toto+json'
      ? parse(Buffer.from(payload, 'base64'))
      : outer;
  const type = inner?.['predicateType'];
  return inner && typeof type === 'string'
    ? { predicateType: type.slice(0, 200), predicate: inner['predicate'] }
    : undefined;
}

/** SLSA's provenance of any version. */
export const isProvenance = ({ predicateType }: Statement): boolean =>
  predicateType.startsWith('https://slsa.dev/provenance/');

function parse(bytes: Uint8Array): Json | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof value === 'object' && value !== null ? (value as Json) : undefined;
  } catch {
    return undefined;
  }
}
