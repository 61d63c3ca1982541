// Which rights an operation of a registry needs, and which of them somebody has: from role assignments in the
// registry's mode, from the admin user, or from anonymous pull.
import type { Rights } from '../rights.ts';
import { at, type RegistryEntry } from '../tables.ts';
import type { Route } from './route.ts';

/** Who holds a registry token. */
export type Holder =
  | { readonly kind: 'identity'; readonly objectId: string; readonly clientId: string }
  | { readonly kind: 'admin' }
  | { readonly kind: 'anonymous' };

/** One entry of a token's `access`, and of a scope `TYPE:NAME:ACTION,ACTION`. */
export interface Scope {
  readonly type: string;
  readonly name: string;
  readonly actions: readonly string[];
}

/** What an operation needs: one of `anyOf` on the name. `asked` is the scope a challenge names. */
export interface Need {
  readonly type: 'repository' | 'registry';
  readonly name: string;
  readonly anyOf: readonly string[];
  readonly asked: string;
}

const repositoryActions = ['pull', 'push', 'delete', 'metadata_read', 'metadata_write'] as const;
type RepositoryAction = (typeof repositoryActions)[number];

/** What the operation needs; undefined for the ping, which any token passes. */
export function needOf(route: Route, method: string): Need | undefined {
  if (route.kind === 'ping') return undefined;
  if (route.kind === 'catalog') {
    return { type: 'registry', name: 'catalog', anyOf: ['*'], asked: 'registry:catalog:*' };
  }
  const need = (asked: string, anyOf: readonly string[]): Need => ({
    type: 'repository',
    name: route.repository,
    anyOf,
    asked: `repository:${route.repository}:${asked}`,
  });
  switch (route.kind) {
    case 'manifest':
    case 'blob':
      if (method === 'DELETE') return need('delete', ['delete']);
      return method === 'PUT' ? need('pull,push', ['push']) : need('pull', ['pull']);
    case 'upload-start':
    case 'upload':
      return need('pull,push', ['push']);
    case 'referrers':
      return need('pull', ['pull']);
    case 'tag-names':
      // ACR asks for metadata_read; docker-like clients come with pull, which it lets list as well.
      return need('metadata_read', ['metadata_read', 'pull']);
    case 'repository':
    case 'tags':
    case 'tag':
    case 'manifests':
    case 'manifest-attributes':
      if (method === 'DELETE') return need('delete', ['delete']);
      return method === 'PATCH'
        ? need('metadata_write', ['metadata_write'])
        : need('metadata_read', ['metadata_read']);
  }
}

export function isCovered(need: Need, scopes: readonly Scope[]): boolean {
  return scopes.some(
    (scope) =>
      scope.type === need.type &&
      scope.name === need.name &&
      need.anyOf.some((action) => scope.actions.includes(action) || scope.actions.includes('*')),
  );
}

/** `repository:shop/web:pull,push` as a scope; undefined for anything else. */
export function parseScope(text: string): Scope | undefined {
  const match = /^([a-z]+)(?:\([a-z]+\))?:(.+):([^:]*)$/.exec(text);
  if (match === null) return undefined;
  return { type: match[1] ?? '', name: match[2] ?? '', actions: (match[3] ?? '').split(',').filter(Boolean) };
}

/** The part of the asked scopes that the holder has; entries without any action left are dropped. */
export function grant(
  asked: readonly Scope[],
  holder: Holder,
  registry: RegistryEntry,
  rights: Rights,
): readonly Scope[] {
  return asked.flatMap((scope) => {
    if (scope.type === 'registry') {
      return scope.name === 'catalog' && mayList(holder, registry, rights)
        ? [{ ...scope, actions: ['*'] }]
        : [];
    }
    const wanted = scope.actions.includes('*')
      ? repositoryActions
      : repositoryActions.filter(isIn(scope.actions));
    const actions = wanted.filter((action) => may(action, scope.name, holder, registry, rights));
    return actions.length === 0 ? [] : [{ ...scope, actions }];
  });
}

const isIn = (actions: readonly string[]) => (action: RepositoryAction) => actions.includes(action);
const prefix = 'Microsoft.ContainerRegistry/registries';

const legacyActions: Readonly<Record<RepositoryAction, string>> = {
  pull: `${prefix}/pull/read`,
  push: `${prefix}/push/write`,
  delete: `${prefix}/artifacts/delete`,
  metadata_read: `${prefix}/pull/read`,
  // No action of AcrPush: of the old roles only those with a wildcard over everything may lock.
  metadata_write: `${prefix}/repositories/metadata/write`,
};

const dataActions: Readonly<Record<RepositoryAction, string>> = {
  pull: `${prefix}/repositories/content/read`,
  push: `${prefix}/repositories/content/write`,
  delete: `${prefix}/repositories/content/delete`,
  metadata_read: `${prefix}/repositories/metadata/read`,
  metadata_write: `${prefix}/repositories/metadata/write`,
};

function may(
  action: RepositoryAction,
  repository: string,
  holder: Holder,
  registry: RegistryEntry,
  rights: Rights,
): boolean {
  if (holder.kind === 'admin') return true;
  if (holder.kind === 'anonymous') return action === 'pull' || action === 'metadata_read';
  const { objectId } = holder;
  if (rights.canData(objectId, dataActions[action], registry.id, repository)) return true;
  return isLegacy(registry) && rights.can(objectId, legacyActions[action], registry.id);
}

function mayList(holder: Holder, registry: RegistryEntry, rights: Rights): boolean {
  if (holder.kind === 'admin') return true;
  if (holder.kind === 'anonymous') return false;
  if (rights.canData(holder.objectId, `${prefix}/catalog/read`, registry.id)) return true;
  return isLegacy(registry) && rights.can(holder.objectId, `${prefix}/pull/read`, registry.id);
}

/** In the ABAC mode the old roles have no say over the content of repositories. */
function isLegacy(registry: RegistryEntry): boolean {
  return at(registry.row, 'properties', 'roleAssignmentMode') !== 'AbacRepositoryPermissions';
}
