// Whose signatures count, as `CN=release, O=Contoso`: the form of `x509.subject` in a trust policy of the Notary Project
// (specs/trust-store-trust-policy.md). Each attribute that is named has to be in the certificate's subject, exactly once.

/** The attributes by name; nothing where the text is no such list. A comma within a value is written `\,`. */
export function parseSigner(text: string): ReadonlyMap<string, string> | undefined {
  const parts = text.match(/(?:\\.|[^,\\])+/g) ?? [];
  const found = new Map<string, string>();
  for (const part of parts) {
    const [, name = '', value = ''] = /^\s*([A-Za-z]+)\s*=\s*(.*\S)\s*$/.exec(part) ?? [];
    if (!value || found.has(name)) return undefined;
    found.set(name, value.replaceAll(/\\(.)/g, '$1'));
  }
  const isWhole = parts.join(',').length === text.length;
  return found.size > 0 && isWhole ? found : undefined;
}

/** Whether the subject of a certificate is one of the signers. `subject`: attributes that it has exactly once. */
export const isSigner = (subject: ReadonlyMap<string, string>, signers: readonly string[]): boolean =>
  signers.some((text) => {
    const wanted = parseSigner(text);
    return wanted !== undefined && [...wanted].every(([name, value]) => subject.get(name) === value);
  });
