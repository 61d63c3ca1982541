// Tokens for whoever runs beside the sandbox, by the protocol of App Service's managed identities: the bot's production
// credential works against it unchanged.
import { Router } from 'express';
import { teamsApp, tenantId } from '../cast.ts';
import type { Identity } from '../estate/schema.ts';
import type { Tokens } from '../tokens.ts';

export interface ManagedIdentityOptions {
  readonly identities: readonly Identity[];
  readonly tokens: Tokens;
  /** The secret that callers send as x-identity-header. */
  readonly header: string;
}

const lifetimeSeconds = 24 * 3600;

/** Answers GET /msi/token?api-version=2019-08-01&resource=...[&client_id=...]. */
export function managedIdentityRouter(options: ManagedIdentityOptions): Router {
  const router = Router();
  router.get('/msi/token', async (request, response) => {
    const problem = (status: number, message: string): void => {
      response.status(status).json({ statusCode: status, message });
    };
    if (request.header('x-identity-header') !== options.header) {
      problem(401, 'The header x-identity-header is missing or wrong.');
      return;
    }
    const resource = text(request.query['resource']);
    if (text(request.query['api-version']) !== '2019-08-01' || resource === undefined) {
      problem(400, 'api-version must be 2019-08-01, and resource must be given.');
      return;
    }
    const identity = identityOf(options.identities, text(request.query['client_id']));
    if (identity === undefined) {
      problem(
        400,
        'No User Assigned or Delegated Managed Identity found for specified ClientId/ResourceId/PrincipalId.',
      );
      return;
    }
    response.json({
      access_token: await options.tokens.sign(claimsOf(identity, resource), lifetimeSeconds),
      expires_on: String(Math.floor(Date.now() / 1000) + lifetimeSeconds),
      resource,
      token_type: 'Bearer',
      client_id: identity.clientId,
    });
  });
  return router;
}

type Named = Pick<Identity, 'clientId' | 'objectId'>;

/** The bot's app registration in Teams counts as an identity too: it asks for Bot Connector tokens here. */
function identityOf(identities: readonly Identity[], clientId: string | undefined): Named | undefined {
  if (clientId === undefined) return identities[0];
  const wanted = clientId.toLowerCase();
  if (wanted === teamsApp.id) return { clientId: teamsApp.id, objectId: teamsApp.id };
  return identities.find((one) => one.clientId.toLowerCase() === wanted);
}

function claimsOf(identity: Named, resource: string): Record<string, string> {
  return {
    aud: resource,
    iss: `https://sts.windows.net/${tenantId}/`,
    sub: identity.objectId,
    oid: identity.objectId,
    appid: identity.clientId,
    azp: identity.clientId,
    appidacr: '2',
    idtyp: 'app',
    tid: tenantId,
    ver: '1.0',
  };
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
