// Who may do what on a registry: role assignments on it, above it, and at its management groups, each with what its
// role permits. A role that cannot be read makes the whole unread: it may be the one that writes.
import { z } from 'zod';
import type { Grant, Part } from '../posture/facts.ts';
import { mapped, type Note, parsedPages, read, unread, whole } from './parts.ts';
import type { ResourceGraph, Row } from './resource-graph.ts';
import { defined, lower, type Parsed, parseRows } from './row-schema.ts';

const assignmentType = 'microsoft.authorization/roleassignments';
const definitionType = 'microsoft.authorization/roledefinitions';
const queries = {
  authorization: `authorizationresources | where type in~ ('${assignmentType}', '${definitionType}') | project id, name, type, properties | order by id asc`,
  subscriptions: `resourcecontainers | where type =~ 'microsoft.resources/subscriptions' | project id, subscriptionId, properties | order by id asc`,
};

const texts = z.array(z.string()).default([]);
const definitionRow = z.object({
  id: lower,
  properties: z.object({
    roleName: z.string(),
    permissions: z.array(
      z.object({ actions: texts, notActions: texts, dataActions: texts, notDataActions: texts }),
    ),
  }),
});
const assignmentRow = z.object({
  id: lower,
  properties: z.object({
    principalId: lower,
    principalType: z.string().default(''),
    roleDefinitionId: lower,
    scope: lower,
    condition: z.string().nullish(),
  }),
});
const subscriptionRow = z.object({
  subscriptionId: lower,
  properties: z.object({ managementGroupAncestorsChain: z.array(z.object({ name: lower })).default([]) }),
});

type Permissions = Pick<Grant, 'actions' | 'notActions' | 'dataActions' | 'notDataActions'>;
interface Role {
  readonly id: string;
  readonly name: string;
  /** A role may carry several sets; what one excludes the other may still permit. */
  readonly permissions: readonly Permissions[];
}
interface Subscription {
  readonly subscription: string;
  /** Names of the management groups above it. */
  readonly groups: readonly string[];
}
type Assignment = Omit<Grant, keyof Permissions | 'role'> & { readonly roleId: string };

/** What was read of who may do what, page by page. */
export interface AuthorizationPages {
  readonly authorization: Part<
    readonly { readonly roles: Parsed<Role>; readonly assignments: Parsed<Assignment> }[]
  >;
  readonly subscriptions: Part<readonly Parsed<Subscription>[]>;
}

export async function readAuthorization(graph: ResourceGraph): Promise<AuthorizationPages> {
  const [authorization, subscriptions] = await Promise.all([
    parsedPages(graph.pages(queries.authorization, { aboveScope: true }), (rows) => ({
      roles: parseRoles(rows.filter((row) => typeOf(row) === definitionType)),
      assignments: parseAssignments(rows.filter((row) => typeOf(row) === assignmentType)),
    })),
    parsedPages(graph.pages(queries.subscriptions), parseSubscriptions),
  ]);
  return { authorization, subscriptions };
}

const typeOf = (row: Row): string => String(row['type']).toLowerCase();

/** The grants that reach a registry, by its id in lower case. */
export function grantsOf(
  { authorization, subscriptions }: AuthorizationPages,
  note: Note,
): (registry: string) => Part<readonly Grant[]> {
  const roles = whole(
    mapped(authorization, (pages) => pages.map((page) => page.roles)),
    (n) => note('role definitions', n),
  );
  const assignments = whole(
    mapped(authorization, (pages) => pages.map((page) => page.assignments)),
    (n) => note('role assignments', n),
  );
  const ancestors = whole(subscriptions, (n) => note('subscriptions', n));
  if (!roles.read) return () => roles;
  if (!assignments.read) return () => assignments;
  if (!ancestors.read) return () => ancestors;
  const roleById = new Map(roles.value.map((role) => [role.id, role]));
  const chains = new Map(ancestors.value.map(({ subscription, groups }) => [subscription, groups]));
  const byScope = Map.groupBy(assignments.value, (assignment) => assignment.scope);
  return (registry) => {
    const above = chains.get(registry.split('/')[2] ?? '');
    if (!above) return unread('its subscription is not seen, and so who is given roles there is not either');
    return resolved(
      scopesAbove(registry, above).flatMap((scope) => byScope.get(scope) ?? []),
      roleById,
    );
  };
}

function resolved(
  assignments: readonly Assignment[],
  roles: ReadonlyMap<string, Role>,
): Part<readonly Grant[]> {
  const grants: Grant[] = [];
  for (const { roleId, ...assignment } of assignments) {
    const role = roles.get(roleId);
    if (!role) return unread(`the role ${roleId} of a role assignment cannot be read`);
    for (const permissions of role.permissions)
      grants.push({ ...assignment, role: role.name, ...permissions });
  }
  return read(grants);
}

/** The registry, its group and subscription, the management groups above, and the root. */
function scopesAbove(registry: string, managementGroups: readonly string[]): readonly string[] {
  const [, , subscription = '', , group = ''] = registry.split('/');
  return [
    registry,
    `/subscriptions/${subscription}/resourcegroups/${group}`,
    `/subscriptions/${subscription}`,
    ...managementGroups.map((name) => `/providers/microsoft.management/managementgroups/${name}`),
    '/',
  ];
}

const lastPart = (id: string): string => id.split('/').at(-1) ?? '';

const parseRoles = (rows: readonly Row[]): Parsed<Role> =>
  parseRows(rows, definitionRow, ({ id, properties }) => ({
    id: lastPart(id),
    name: properties.roleName,
    permissions: properties.permissions,
  }));

const parseAssignments = (rows: readonly Row[]): Parsed<Assignment> =>
  parseRows(rows, assignmentRow, ({ id, properties }) => ({
    id,
    principal: properties.principalId,
    principalType: properties.principalType,
    roleId: lastPart(properties.roleDefinitionId),
    scope: properties.scope.replace(/(?<=.)\/+$/, ''),
    ...defined({ condition: properties.condition || undefined }),
  }));

const parseSubscriptions = (rows: readonly Row[]): Parsed<Subscription> =>
  parseRows(rows, subscriptionRow, ({ subscriptionId, properties }) => ({
    subscription: subscriptionId,
    groups: properties.managementGroupAncestorsChain.map((group) => group.name),
  }));
