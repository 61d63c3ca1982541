// Looks at a real tenant and says what is missing before people find out: our own token, Teams' keys, the channels and
// people the policy names, and whether Teams could reach us. It changes nothing and posts nothing.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock, ReferenceStore } from '../../ports.ts';
import { createConnector, ConnectorError } from './connector.ts';
import { createReferences, type References } from './references.ts';
import { createTransport, type TeamsConfig, type TeamsTransport } from './transport.ts';

/** `unknown`: it could not be found out. `detail` names the cure where it is not `pass`. */
interface Check {
  readonly check: string;
  readonly outcome: 'pass' | 'fail' | 'unknown';
  readonly detail: string;
}

interface TeamsPolicy {
  /** Places of Teams that are written to. */
  readonly places: readonly string[];
  readonly people: readonly { readonly name: string; readonly tenant: string; readonly objectId: string }[];
}

const teamsKeys = 'https://login.botframework.com/v1/.well-known/openidconfiguration';

export async function checkTeams(options: {
  readonly config: TeamsConfig;
  readonly references: ReferenceStore;
  readonly clock: Clock;
  readonly policy: TeamsPolicy;
  /** Milliseconds that each answer may take. */
  readonly within?: number;
  /** The public name of the bot; without it nobody can try the way in. */
  readonly host?: string;
}): Promise<readonly Check[]> {
  const { config, policy, host, within = 10_000 } = options;
  const transport = await createTransport(config);
  const references = createReferences(options.references, options.clock);
  const token = await checkToken(transport, config, within);
  const keys = await checkKeys(config.openIdMetadata ?? teamsKeys, within);
  const people = await Promise.all(policy.people.map((person) => checkPerson(references, config, person)));
  const connector = createConnector(transport, config, []);
  const places =
    token.outcome === 'pass'
      ? await Promise.all(policy.places.map((place) => checkPlace(references, connector, place)))
      : [];
  return [token, keys, ...places, ...people, ...(host ? [await checkAddress(host, within)] : [])];
}

async function checkToken(
  transport: TeamsTransport,
  { type, appId, tenantId }: TeamsConfig,
  within: number,
): Promise<Check> {
  const check = 'token of the bot';
  if (type === 'none')
    return { check, outcome: 'pass', detail: 'TEAMS_AUTH=none: no tokens, for local clients only' };
  const cure =
    type === 'userAssignedMsi'
      ? 'Give this machine the managed identity of MicrosoftAppId.'
      : 'Look at MicrosoftAppId, MicrosoftAppTenantId and the secret or certificate, and whether it has expired.';
  // The error may hold parts of the request, so it is not shown.
  const token = await Promise.race([
    transport.authorization().catch(() => undefined),
    sleep(within, undefined, { ref: false }),
  ]);
  return token
    ? { check, outcome: 'pass', detail: `Entra gives one for ${appId} in ${tenantId}` }
    : { check, outcome: 'fail', detail: `Entra gave none for ${appId} in ${tenantId}. ${cure}` };
}

async function checkKeys(url: string, within: number): Promise<Check> {
  const check = 'keys of Teams';
  const answer = await fetch(url, { signal: AbortSignal.timeout(within) }).catch(() => undefined);
  return answer?.ok
    ? { check, outcome: 'pass', detail: url }
    : {
        check,
        outcome: 'fail',
        detail: `${url} cannot be read (${answer?.status ?? 'no answer'}), so no activity is let in. Allow this machine to reach it.`,
      };
}

async function checkPlace(
  references: References,
  connector: ReturnType<typeof createConnector>,
  place: string,
): Promise<Check> {
  const check = `channel ${place}`;
  const cure = 'Add the app to its team, or correct the channel in the policy.';
  const reference = await references.ofPlace(place);
  if (reference === 'gone') return { check, outcome: 'fail', detail: `The bot was removed from it. ${cure}` };
  if (!reference) return { check, outcome: 'unknown', detail: `Nothing was heard from Teams yet. ${cure}` };
  const thread = encodeURIComponent(reference.conversation.id);
  try {
    await connector.call(reference.serviceUrl, 'GET', `conversations/${thread}/pagedmembers?pageSize=1`);
    return { check, outcome: 'pass', detail: 'reachable' };
  } catch (error) {
    const isRefused = error instanceof ConnectorError && error.problem !== 'transient';
    const { message } = error as Error;
    return isRefused
      ? { check, outcome: 'fail', detail: `${message}. ${cure}` }
      : { check, outcome: 'unknown', detail: `${message}. Try again.` };
  }
}

async function checkPerson(
  references: References,
  config: TeamsConfig,
  { name, tenant, objectId }: TeamsPolicy['people'][number],
): Promise<Check> {
  const check = `person ${name}`;
  if (!config.tenants.some((each) => each.toLowerCase() === tenant.toLowerCase()))
    return {
      check,
      outcome: 'fail',
      detail: `Their tenant ${tenant} is none of TEAMS_TENANTS, so they are turned away. Add it, or correct the account.`,
    };
  const reference = await references.ofPerson({ tenant, user: objectId });
  if (reference === 'gone')
    return { check, outcome: 'fail', detail: 'They blocked or removed the bot: no notice reaches them.' };
  return {
    check,
    outcome: 'pass',
    detail: reference?.member ? 'heard from' : `${objectId}, not heard from yet`,
  };
}

/** Whether our guard answers at the address Teams is given: what is no activity is turned away. */
async function checkAddress(host: string, within: number): Promise<Check> {
  const check = 'messaging endpoint';
  const url = `https://${host}/api/messages`;
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
    redirect: 'error',
    signal: AbortSignal.timeout(within),
  }).catch(() => undefined);
  if (!answer) return { check, outcome: 'fail', detail: `${url} cannot be reached.` };
  return answer.status === 400
    ? { check, outcome: 'pass', detail: `${url} turns away what is no activity` }
    : {
        check,
        outcome: 'fail',
        detail: `${url} answered ${answer.status}, not 400. Point the proxy at this bot.`,
      };
}
