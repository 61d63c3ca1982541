// One RS256 key for every token the stand-ins issue (managed identity, Bot Framework, registry refresh and access
// tokens). Kept in the data folder, so that a token issued before a restart is still good after it.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  exportJWK,
  exportPKCS8,
  generateKeyPair,
  importPKCS8,
  type JWTPayload,
  jwtVerify,
  SignJWT,
} from 'jose';
import { createPrivateKey, createPublicKey } from 'node:crypto';

export interface Tokens {
  /** Signs claims; `expiresIn` in seconds (default one hour). `exp`, `iat`, `nbf` are added. */
  sign(claims: JWTPayload, expiresIn?: number): Promise<string>;
  /** The claims of a token that this key signed and that has not expired; throws otherwise. */
  verify(token: string, options?: { audience?: string; issuer?: string }): Promise<JWTPayload>;
  /** The JSON Web Key Set; `endorsements` as the Bot Framework publishes them. */
  jwks(): Promise<{ keys: object[] }>;
}

const keyId = 'acr-warden-sandbox';

export async function createTokens(dataDir: string): Promise<Tokens> {
  const file = join(dataDir, 'tokens.key.pem');
  if (!existsSync(file)) {
    mkdirSync(dataDir, { recursive: true });
    const pair = await generateKeyPair('RS256', { extractable: true });
    writeFileSync(file, await exportPKCS8(pair.privateKey), { mode: 0o600 });
  }
  const pem = readFileSync(file, 'utf8');
  const key = await importPKCS8(pem, 'RS256');
  const publicKey = createPublicKey(createPrivateKey(pem));
  return {
    sign: (claims, expiresIn = 3600) => {
      const now = Math.floor(Date.now() / 1000);
      return new SignJWT({ nbf: now, ...claims, iat: now, exp: now + expiresIn })
        .setProtectedHeader({ alg: 'RS256', kid: keyId, typ: 'JWT' })
        .sign(key);
    },
    verify: async (token, options = {}) => (await jwtVerify(token, publicKey, options)).payload,
    jwks: async () => ({
      keys: [
        { ...(await exportJWK(publicKey)), kid: keyId, use: 'sig', alg: 'RS256', endorsements: ['msteams'] },
      ],
    }),
  };
}
