// What only Resource Manager knows of a registry: diagnostic settings, usages and metrics, tokens, webhooks, cache
// rules, connected registries, and the DNS zone groups of its private endpoints.
import { z } from 'zod';
import type {
  CacheRule,
  ConnectedRegistry,
  DnsZoneGroup,
  Part,
  RegistryFacts,
  RepositoryToken,
  Webhook,
} from '../posture/facts.ts';
import type { Arm } from './arm.ts';
import { readDiagnostics } from './diagnostics.ts';
import { AzureError, parseAnswer } from './errors.ts';
import { read, reasonOf, unread } from './parts.ts';
import { defined, lenient, lower, moment } from './row-schema.ts';
import { readUsage } from './usage.ts';

const registryApi = 'api-version=2025-11-01';
const networkApi = 'api-version=2024-05-01';

export type ArmParts = Required<
  Pick<
    RegistryFacts,
    'diagnostics' | 'usage' | 'tokens' | 'webhooks' | 'cacheRules' | 'connected' | 'dnsZoneGroups'
  >
>;

/** All parts at once, so that they share batches. Never throws. `now` in milliseconds. */
export async function readArmParts(arm: Arm, registry: RegistryFacts, now: number): Promise<ArmParts> {
  const { id } = registry;
  const [diagnostics, usage, tokens, webhooks, cacheRules, connected, dnsZoneGroups] = await Promise.all([
    readable('diagnosticSettings/read', 'Monitoring Reader', readDiagnostics(arm, id)),
    readable('listUsages/read and metrics/read', 'Reader', readUsage(arm, id, now)),
    readable('tokens/read', 'Reader', readTokens(arm, id)),
    readable('webhooks/read', 'Reader', readWebhooks(arm, id)),
    readable('cacheRules/read', 'Reader', readCacheRules(arm, id)),
    readable('connectedRegistries/read', 'Reader', readConnected(arm, id)),
    readable('privateDnsZoneGroups/read', 'Reader', readZoneGroups(arm, registry)),
  ]);
  return { diagnostics, usage, tokens, webhooks, cacheRules, connected, dnsZoneGroups };
}

/** What was read; or why not, with the role that is missing where that is the reason. */
async function readable<T>(right: string, role: string, promise: Promise<T>): Promise<Part<T>> {
  try {
    return read(await promise);
  } catch (error) {
    if (!(error instanceof AzureError) || error.code !== 'forbidden') return unread(reasonOf(error));
    return unread(`not allowed: ${right} is missing; give the bot's identity the role ${role} there`);
  }
}

const tokenItem = z.object({
  name: z.string(),
  properties: z.object({
    status: z.string(),
    scopeMapId: lenient(z.string()),
    credentials: z
      .object({
        passwords: z.array(z.object({ expiry: moment.nullish() })).nullish(),
        certificates: z.array(z.object({ expiry: moment.nullish() })).nullish(),
      })
      .nullish(),
  }),
});

async function readTokens(arm: Arm, id: string): Promise<readonly RepositoryToken[]> {
  const items = await arm.list(`${id}/tokens?${registryApi}`);
  return items.map((item) => {
    const { name, properties } = parseAnswer(tokenItem, item, 'a token of a registry');
    const { passwords, certificates } = properties.credentials ?? {};
    return {
      name,
      enabled: properties.status.toLowerCase() === 'enabled',
      expiries: [...(passwords ?? []), ...(certificates ?? [])].map(({ expiry }) => expiry ?? undefined),
      ...defined({ scopeMap: properties.scopeMapId?.split('/').at(-1) }),
    };
  });
}

const webhookItem = z.object({ name: z.string(), properties: z.object({ status: z.string() }) });
const callback = z.object({ serviceUri: z.string().min(1) });

/** The address of a webhook is a secret of its own: without the right to it, its scheme is absent. */
async function readWebhooks(arm: Arm, id: string): Promise<readonly Webhook[]> {
  const items = await arm.list(`${id}/webhooks?${registryApi}`);
  return Promise.all(
    items.map(async (item) => {
      const { name, properties } = parseAnswer(webhookItem, item, 'a webhook of a registry');
      const path = `${id}/webhooks/${encodeURIComponent(name)}/getCallbackConfig?${registryApi}`;
      const config = callback.safeParse(await arm.ask(path, 'POST').catch(() => undefined));
      const scheme = config.success ? /^([a-z]+):/i.exec(config.data.serviceUri)?.[1] : undefined;
      return {
        name,
        enabled: properties.status.toLowerCase() === 'enabled',
        ...defined({ scheme: scheme?.toLowerCase() }),
      };
    }),
  );
}

const cacheItem = z.object({
  name: z.string(),
  properties: z.object({ sourceRepository: z.string(), credentialSetResourceId: lower.nullish() }),
});
const credentialItem = z.object({ id: lower });

/** Credentials count where their set exists: a rule may name one that was deleted. */
async function readCacheRules(arm: Arm, id: string): Promise<readonly CacheRule[]> {
  const items = await arm.list(`${id}/cacheRules?${registryApi}`);
  if (items.length === 0) return [];
  const sets = await arm.list(`${id}/credentialSets?${registryApi}`);
  const known = new Set(sets.map((set) => parseAnswer(credentialItem, set, 'a credential set').id));
  return items.map((item) => {
    const { name, properties } = parseAnswer(cacheItem, item, 'a cache rule');
    const credentials = properties.credentialSetResourceId;
    return {
      name,
      source: properties.sourceRepository,
      hasCredentials: Boolean(credentials) && known.has(credentials ?? ''),
    };
  });
}

const connectedItem = z.object({
  name: z.string(),
  properties: z.object({ connectionState: z.string().default('Unknown') }),
});

async function readConnected(arm: Arm, id: string): Promise<readonly ConnectedRegistry[]> {
  const items = await arm.list(`${id}/connectedRegistries?${registryApi}`);
  return items.map((item) => {
    const { name, properties } = parseAnswer(connectedItem, item, 'a connected registry');
    return { name, state: properties.connectionState };
  });
}

const zoneGroupItem = z.object({
  properties: z.object({
    privateDnsZoneConfigs: z
      .array(z.object({ properties: z.object({ privateDnsZoneId: lower }) }))
      .default([]),
  }),
});

/** One entry an endpoint, without zones where it has no group; throws where an endpoint cannot be looked at. */
async function readZoneGroups(arm: Arm, registry: RegistryFacts): Promise<readonly DnsZoneGroup[]> {
  if (!registry.privateEndpoints)
    throw new AzureError('absent', 'The row of the registry does not show its private endpoints.', false);
  return Promise.all(
    registry.privateEndpoints.map(async ({ endpoint }) => {
      if (!endpoint)
        throw new AzureError('absent', 'The registry does not name the endpoint of a connection.', false);
      const groups = await arm.list(`${endpoint}/privateDnsZoneGroups?${networkApi}`);
      return {
        privateEndpoint: endpoint,
        zones: groups.flatMap((group) =>
          parseAnswer(zoneGroupItem, group, 'a DNS zone group').properties.privateDnsZoneConfigs.map(
            (config) => config.properties.privateDnsZoneId,
          ),
        ),
      };
    }),
  );
}
