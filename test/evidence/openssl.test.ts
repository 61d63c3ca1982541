// The same verification over what another implementation made: certificates and signatures by the openssl command.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyNotation } from '../../src/evidence/notation.ts';
import { goodHeader, target } from './signing.ts';

const folder = mkdtempSync(join(tmpdir(), 'openssl-'));
const file = (name: string) => join(folder, name);
const command = 'openssl';
/** `more`: arguments that hold blanks. */
const openssl = (line: string, ...more: string[]) =>
  execFileSync(command, [...line.split(' '), ...more], { cwd: folder, stdio: 'pipe' });
const isThere = spawnSync(command, ['version']).status === 0;
if (!isThere) console.warn('skipped: there is no openssl command to make certificates and signatures with');

/** A root that signs itself, and a leaf for code signing that holds for so many days. */
function makeChain(name: string, leafDays: number): void {
  const subject = (role: string) => `/C=DE/O=Contoso/CN=${name} ${role}`;
  openssl(
    `req -x509 -newkey rsa:3072 -nodes -keyout ${name}-ca.key -out ${name}-ca.pem -days 30`,
    '-subj',
    subject('root'),
    '-addext',
    'keyUsage=critical,keyCertSign,cRLSign',
  );
  writeFileSync(
    file('leaf.ext'),
    'basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=codeSigning\n',
  );
  openssl(`req -newkey rsa:2048 -nodes -keyout ${name}.key -out ${name}.csr`, '-subj', subject('release'));
  const by = `-CA ${name}-ca.pem -CAkey ${name}-ca.key -CAcreateserial`;
  openssl(`x509 -req -in ${name}.csr ${by} -days ${leafDays} -extfile leaf.ext -out ${name}.pem`);
}

const derOf = (name: string) => openssl(`x509 -in ${name} -outform der`).toString('base64');

/** An envelope signed with RSASSA-PSS and SHA-256 by the leaf of a chain. */
function sign(name: string, digest = target.digest): Record<string, unknown> {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const time = `${new Date().toISOString().slice(0, 19)}Z`;
  const header = encode({ ...goodHeader, alg: 'PS256', 'io.cncf.notary.signingTime': time });
  const payload = encode({ targetArtifact: { ...target, digest } });
  writeFileSync(file('input'), `${header}.${payload}`);
  const padding = '-sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:digest';
  const signature = openssl(`dgst -sha256 -sign ${name}.key ${padding} input`);
  return {
    payload,
    protected: header,
    header: { x5c: [derOf(`${name}.pem`), derOf(`${name}-ca.pem`)] },
    signature: signature.toString('base64url'),
  };
}

const check = (parts: object, trusted = 'good', days = 0, signers?: readonly string[]) =>
  verifyNotation(
    Buffer.from(JSON.stringify(parts)),
    target,
    { certificates: [readFileSync(file(`${trusted}-ca.pem`), 'utf8')], ...(signers && { signers }) },
    Date.now() + days * 86_400_000,
  );

describe.skipIf(!isThere)('an envelope made with the openssl command', () => {
  beforeAll(() => {
    makeChain('good', 10);
    makeChain('stranger', 10);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is verified, with the subject of its certificate', () => {
    expect(check(sign('good'))).toMatchObject({
      status: 'verified',
      identity: 'CN=good release, O=Contoso, C=DE',
    });
  });

  it('is refused when its certificate has expired meanwhile', () => {
    expect(check(sign('good'), 'good', 11)).toMatchObject({
      status: 'invalid',
      detail: expect.stringContaining('The certificate CN=good release, O=Contoso, C=DE expired on'),
    });
  });

  it('is refused for another image', () => {
    expect(check(sign('good', `sha256:${'c'.repeat(64)}`))).toMatchObject({
      status: 'invalid',
      detail: 'The signature is for another image, sha256:cccccccccccc. Sign this one.',
    });
  });

  it('is refused when the subject of its certificate is none of the signers', () => {
    const signed = sign('good');

    expect(check(signed, 'good', 0, ['C=DE, O=Contoso, CN=good release'])).toMatchObject({
      status: 'verified',
    });
    expect(check(signed, 'good', 0, ['CN=good release, O=Fabrikam', 'CN=good'])).toMatchObject({
      status: 'invalid',
      detail: 'CN=good release, O=Contoso, C=DE signed it, who is none of gates.signature.signers.',
    });
  });

  it('is refused when its root is not trusted', () => {
    expect(check(sign('stranger'))).toMatchObject({
      status: 'invalid',
      detail: expect.stringContaining('The policy does not trust who signed it: CN=stranger root'),
    });
  });

  it('is refused when the payload was altered', () => {
    const { payload } = sign('good', `sha256:${'c'.repeat(64)}`);

    expect(check({ ...sign('good'), payload })).toMatchObject({
      status: 'invalid',
      detail: expect.stringContaining('does not fit what it covers'),
    });
  });

  it('is refused when another key signed than that of its certificate', () => {
    const { header } = sign('good');

    expect(check({ ...sign('stranger'), header })).toMatchObject({
      status: 'invalid',
      detail: expect.stringContaining('does not fit what it covers'),
    });
  });
});
