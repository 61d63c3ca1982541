// The roles of the Bicep files, given to the identities of the stand-in Azure instead of its own: a promotion gets through
// with exactly these, and not with less.
import { afterEach, describe, expect, it } from 'vitest';
import type { Row } from '../../src/sandbox/azure/tables.ts';
import { contosoEstate } from '../../src/sandbox/estate/contoso/estate.ts';
import {
  identityOf,
  registryId,
  type RegistryName,
  subscriptions,
} from '../../src/sandbox/estate/contoso/places.ts';
import type { Estate } from '../../src/sandbox/estate/schema.ts';
import { createWorld, inspect, type World } from '../world.ts';
import { bicepRoles, edgeRoles, lockerRole } from './files.ts';

const lockerId = '10c7e400-0000-4000-8000-000000000001';
const abac: readonly RegistryName[] = ['contosoprod'];
const legacy: readonly RegistryName[] = ['contosouat', 'contosostaging', 'contosoprodus'];

/** The estate with these rights alone. `without`: a role of an edge that is left out. */
function estateWith(options: { readonly without?: 'importerRoleId' | 'lockerRoleId' } = {}): Estate {
  const estate = contosoEstate();
  const roles = bicepRoles();
  const definitions = (estate.tables['authorizationresources'] ?? []).filter(
    (row) => String(row['type']).toLowerCase() === 'microsoft.authorization/roledefinitions',
  );
  const reader = identityOf('warden-reader').objectId;
  const edge = identityOf('importer-to-prod').objectId;
  const idOf = (name: string): string =>
    name === 'lockerRoleId' ? lockerId : (roles['Container Registry Data Importer and Data Reader'] ?? '');
  const onEdge = (names: readonly string[], registry: RegistryName) =>
    names
      .filter((name) => name !== options.without)
      .map((name) => assignment(edge, idOf(name), registryId(registry)));
  const rows: readonly Row[] = [
    ...definitions,
    lockerDefinition(definitions[0] ?? {}),
    ...Object.values(subscriptions).map((id) =>
      assignment(reader, roles['Reader'] ?? '', `/subscriptions/${id}`),
    ),
    ...legacy.map((name) => assignment(reader, roles['AcrPull'] ?? '', registryId(name))),
    ...abac.flatMap((name) =>
      ['Container Registry Repository Reader', 'Container Registry Repository Catalog Lister'].map((role) =>
        assignment(reader, roles[role] ?? '', registryId(name)),
      ),
    ),
    ...onEdge(edgeRoles().sources, 'contosouat'),
    ...onEdge(edgeRoles().targets, 'contosoprod'),
  ];
  return { ...estate, tables: { ...estate.tables, authorizationresources: rows.map((row) => ({ ...row })) } };
}

const lockerDefinition = (model: Row): Row => ({
  ...model,
  id: `/providers/Microsoft.Authorization/RoleDefinitions/${lockerId}`,
  name: lockerId,
  properties: {
    roleName: 'acr-warden locker',
    type: 'CustomRole',
    permissions: [{ ...lockerRole(), notActions: [] }],
  },
});

const assignment = (principalId: string, role: string, scope: string): Row => ({
  id: `${scope}/providers/Microsoft.Authorization/RoleAssignments/${principalId}-${role}`,
  name: `${principalId}-${role}`,
  type: 'microsoft.authorization/roleassignments',
  properties: {
    principalId,
    principalType: 'ServicePrincipal',
    roleDefinitionId: `/providers/Microsoft.Authorization/RoleDefinitions/${role}`,
    scope,
  },
});

let world: World | undefined;
afterEach(() => world?.close());

describe('the rights of deploy/main.bicep', () => {
  it('are enough to judge, to ask, to import and to lock', async () => {
    world = await createWorld({ azure: { estate: estateWith() } });

    const request = await world.ask();
    await world.click(world.as('release-approver', 'teams'), 'approve', request);
    const done = await world.until(request.id, 'promoted', 'failed', 'quarantined');

    expect(done.state).toBe('promoted');
    const tag = inspect(world.azure, 'contosoprod', 'shop/web').tags.find((each) => each.name === 'v1.4.2');
    expect(tag).toMatchObject({
      digest: request.evidence?.digest,
      attributes: { deleteEnabled: false, writeEnabled: false },
    });
  });

  it('do not import without the importer role', async () => {
    world = await createWorld({ azure: { estate: estateWith({ without: 'importerRoleId' }) } });

    const request = await world.ask();
    await world.click(world.as('release-approver', 'teams'), 'approve', request);
    const done = await world.until(request.id, 'promoted', 'failed', 'quarantined');

    expect(done.state).toBe('failed');
    expect(inspect(world.azure, 'contosoprod', 'shop/web').tags.map((each) => each.name)).not.toContain(
      'v1.4.2',
    );
  });

  it('do not lock without the locker role, and then it is not called promoted', async () => {
    world = await createWorld({ azure: { estate: estateWith({ without: 'lockerRoleId' }) } });

    const request = await world.ask();
    await world.click(world.as('release-approver', 'teams'), 'approve', request);
    const stuck = await world.until(request.id, 'locking', 'promoted', 'failed');

    expect(stuck.state).not.toBe('promoted');
  });
});
