// Who calls the management plane: a token that our own key signed, for its audience, of an identity of the estate.
import type { JWTPayload } from 'jose';
import { tenantId } from '../../cast.ts';
import type { Identity } from '../../estate/schema.ts';
import type { Tokens } from '../../tokens.ts';
import { ArmError } from './errors.ts';

const audiences =
  /^https:\/\/(?:management\.(?:core\.)?(?:azure\.com|windows\.net|chinacloudapi\.cn|usgovcloudapi\.net)|localhost:\d+)\/?$/;

/** What an ARM answer of 401 carries beside its body. */
export const armChallenge = `Bearer authorization_uri="https://login.microsoftonline.com/${tenantId}", error="invalid_token"`;

/** The identity behind an Authorization header; throws ArmError 401 with ARM's codes. */
export async function callerOf(
  header: string | undefined,
  tokens: Tokens,
  identities: readonly Identity[],
): Promise<Identity> {
  const token = /^Bearer (.+)$/i.exec(header ?? '')?.[1];
  if (token === undefined) {
    throw new ArmError(
      401,
      'AuthenticationFailed',
      "Authentication failed. The 'Authorization' header is missing.",
    );
  }
  const claims = await verified(tokens, token);
  const isForUs = [claims.aud].flat().some((one) => one !== undefined && audiences.test(one));
  if (!isForUs) {
    throw new ArmError(
      401,
      'InvalidAuthenticationTokenAudience',
      `The access token has been obtained for wrong audience or resource '${String(claims.aud)}'.`,
    );
  }
  const identity = identities.find((one) => one.objectId === claims['oid']);
  if (identity === undefined) {
    throw new ArmError(
      401,
      'InvalidAuthenticationToken',
      `The principal '${String(claims['oid'])}' is not known.`,
    );
  }
  return identity;
}

async function verified(tokens: Tokens, token: string): Promise<JWTPayload> {
  try {
    return await tokens.verify(token);
  } catch {
    throw new ArmError(401, 'InvalidAuthenticationToken', 'The access token is invalid.');
  }
}
