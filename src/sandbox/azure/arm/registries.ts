// The registries of a subscription or resource group, and what hangs on one: replications, tokens, webhooks and so on.
import type { Answer } from '../answer.ts';
import { adminPassword } from '../registry/credentials.ts';
import { at, isRow, type RegistryEntry, type Row, registryType, rowsOfType } from '../tables.ts';
import { ArmError, notFound } from './errors.ts';
import type { ArmRequest, ArmRoute } from './request.ts';
import { allow, type ArmWorld, factsOf, registryOf } from './world.ts';

const provider = 'Microsoft.ContainerRegistry/registries';
const inGroup =
  '^/subscriptions/([^/]+)/resourceGroups/([^/]+)/providers/Microsoft\\.ContainerRegistry/registries';
const one = `${inGroup}/([^/]+)`;
const children =
  '(replications|tokens|scopeMaps|webhooks|cacheRules|credentialSets|connectedRegistries|privateEndpointConnections)';

const kinds = [
  'tokens',
  'scopeMaps',
  'webhooks',
  'cacheRules',
  'credentialSets',
  'connectedRegistries',
] as const;

export function registryRoutes(world: ArmWorld): readonly ArmRoute[] {
  return [
    route(
      'registries.list',
      'GET',
      '^/subscriptions/([^/]+)/providers/Microsoft\\.ContainerRegistry/registries$',
      (request, parts) => list(world, request, (entry) => isUnder(entry, `/subscriptions/${parts[0]}/`)),
    ),
    route('registries.listByResourceGroup', 'GET', `${inGroup}$`, (request, parts) =>
      list(world, request, (entry) =>
        isUnder(entry, `/subscriptions/${parts[0]}/resourceGroups/${parts[1]}/`),
      ),
    ),
    route('registries.get', 'GET', `${one}$`, (request, parts) => {
      const entry = readable(world, request, parts, `${provider}/read`);
      return { status: 200, body: shown(entry.row) };
    }),
    route('registries.listUsages', 'GET', `${one}/listUsages$`, (request, parts) => {
      const entry = readable(world, request, parts, `${provider}/listUsages/read`);
      return { status: 200, body: { value: factsOf(world, entry.id).usages ?? [] } };
    }),
    route('registries.listCredentials', 'POST', `${one}/listCredentials$`, (request, parts) =>
      credentials(readable(world, request, parts, `${provider}/listCredentials/action`)),
    ),
    route('registries.listChildren', 'GET', `${one}/${children}$`, (request, parts) => {
      const entry = readable(world, request, parts, `${provider}/${parts[3]}/read`);
      return { status: 200, body: { value: childrenOf(world, entry, parts[3] ?? '') } };
    }),
    route('registries.getChild', 'GET', `${one}/${children}/([^/]+)$`, (request, parts) => {
      const entry = readable(world, request, parts, `${provider}/${parts[3]}/read`);
      const name = parts[4] ?? '';
      const found = childrenOf(world, entry, parts[3] ?? '').find((child) => isNamed(child, name));
      if (found === undefined) throw notFound(`${provider}/${parts[3]}/${name}`);
      return { status: 200, body: found };
    }),
    route('webhooks.listEvents', 'POST', `${one}/webhooks/([^/]+)/listEvents$`, (request, parts) => {
      const webhook = webhookOf(world, request, parts, 'listEvents');
      return { status: 200, body: { value: webhook.events ?? [] } };
    }),
    route(
      'webhooks.getCallbackConfig',
      'POST',
      `${one}/webhooks/([^/]+)/getCallbackConfig$`,
      (request, parts) => {
        const { callback } = webhookOf(world, request, parts, 'getCallbackConfig');
        return { status: 200, body: callback ?? { serviceUri: '' } };
      },
    ),
  ];
}

function route(name: string, method: ArmRoute['method'], path: string, answer: ArmRoute['answer']): ArmRoute {
  return { name, method, path: new RegExp(path, 'i'), answer };
}

function list(world: ArmWorld, request: ArmRequest, isIn: (entry: RegistryEntry) => boolean): Answer {
  const mayRead = (entry: RegistryEntry): boolean =>
    world.rights.can(request.caller.objectId, `${provider}/read`, entry.id);
  const rows = world.registries
    .filter((entry) => isIn(entry) && mayRead(entry))
    .map((entry) => shown(entry.row));
  return { status: 200, body: { value: rows } };
}

function readable(
  world: ArmWorld,
  request: ArmRequest,
  parts: readonly string[],
  action: string,
): RegistryEntry {
  const entry = registryOf(world, parts[0] ?? '', parts[1] ?? '', parts[2] ?? '');
  if (world.faults.strikes('403-registry')) {
    throw new ArmError(
      403,
      'AuthorizationFailed',
      `The client does not have authorization over '${entry.id}'.`,
    );
  }
  allow(world, request, action, entry.id);
  return entry;
}

/** A registry as API version 2025-11-01 has it: without soft delete and virtual network rules, which Resource Graph shows. */
function shown(row: Row): object {
  const { id, name, location, tags, sku, identity } = row;
  const properties = isRow(row['properties']) ? row['properties'] : {};
  const { softDeletePolicy: _, ...policies } = rowAt(properties, 'policies');
  const { virtualNetworkRules: __, ...networkRuleSet } = rowAt(properties, 'networkRuleSet');
  return {
    id,
    name,
    type: provider,
    location,
    tags: tags ?? {},
    sku,
    ...(identity === undefined || identity === null ? {} : { identity }),
    properties: {
      ...properties,
      ...(properties['policies'] === undefined ? {} : { policies }),
      ...(properties['networkRuleSet'] === undefined ? {} : { networkRuleSet }),
      status: properties['status'] ?? null,
    },
  };
}

function childrenOf(world: ArmWorld, entry: RegistryEntry, kind: string): readonly object[] {
  const exact = kind.toLowerCase();
  if (exact === 'replications') {
    const rows = rowsOfType(world.tables, `${registryType}/replications`);
    return rows.filter((row) => isUnder(row, `${entry.id}/`)).map(replication);
  }
  if (exact === 'privateendpointconnections') {
    const connections = at(entry.row, 'properties', 'privateEndpointConnections');
    return Array.isArray(connections) ? connections : [];
  }
  const facts = factsOf(world, entry.id);
  const name = kinds.find((one) => one.toLowerCase() === exact);
  if (name === undefined) return [];
  return (facts[name] ?? []).map((child) => {
    const { callback: _, events: __, ...plain } = { callback: undefined, events: undefined, ...child };
    return { id: `${entry.id}/${name}/${child.name}`, type: `${provider}/${name}`, ...plain };
  });
}

function replication(row: Row): object {
  const { id, name, location, tags, properties } = row;
  return { id, name, type: `${provider}/replications`, location, tags: tags ?? {}, properties };
}

function webhookOf(world: ArmWorld, request: ArmRequest, parts: readonly string[], action: string) {
  const entry = readable(world, request, parts, `${provider}/webhooks/${action}/action`);
  const found = (factsOf(world, entry.id).webhooks ?? []).find((webhook) => isNamed(webhook, parts[3] ?? ''));
  if (found === undefined) throw notFound(`${provider}/webhooks/${parts[3]}`);
  return found;
}

function credentials(entry: RegistryEntry): Answer {
  if (at(entry.row, 'properties', 'adminUserEnabled') !== true) {
    throw new ArmError(
      400,
      'UnAuthorizedForCredentialOperations',
      'Cannot perform credential operations as admin user is disabled.',
    );
  }
  const value = adminPassword(entry.name);
  return { status: 200, body: { username: entry.name, passwords: [{ name: 'password', value }] } };
}

function isUnder(row: { readonly id?: unknown }, prefix: string): boolean {
  return String(row.id).toLowerCase().startsWith(prefix.toLowerCase());
}

const isNamed = (child: object, name: string): boolean =>
  'name' in child && String(child.name).toLowerCase() === name.toLowerCase();

function rowAt(row: Row, key: string): Row {
  const value = row[key];
  return isRow(value) ? value : {};
}
