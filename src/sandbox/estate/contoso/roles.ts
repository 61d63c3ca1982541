// Role definitions of the sample organisation: Azure's built-in ones with their true ids and permissions, and the custom
// ones that fill the gap they leave (importing and locking, and nothing else).
import type { Row } from '../../azure/tables.ts';
import { guid, managementGroup } from './places.ts';

interface Permissions {
  readonly actions?: readonly string[];
  readonly notActions?: readonly string[];
  readonly dataActions?: readonly string[];
}

const registries = 'Microsoft.ContainerRegistry/registries';
const repositories = `${registries}/repositories`;

const builtIn = {
  Owner: { id: '8e3af657-a8ff-443c-a75c-2fe8c4bcb635', actions: ['*'] },
  Contributor: {
    id: 'b24988ac-6180-42a0-ab88-20f7382dd24c',
    actions: ['*'],
    notActions: [
      'Microsoft.Authorization/*/Delete',
      'Microsoft.Authorization/*/Write',
      'Microsoft.Authorization/elevateAccess/Action',
    ],
  },
  Reader: { id: 'acdd72a7-3385-48ef-bd42-f606fba81ae7', actions: ['*/read'] },
  AcrPull: { id: '7f951dda-4ed3-4680-a7ca-43fe172d538d', actions: [`${registries}/pull/read`] },
  AcrPush: {
    id: '8311e382-0749-4cb8-b61a-304f252e45ec',
    actions: [`${registries}/pull/read`, `${registries}/push/write`],
  },
  AcrDelete: { id: 'c2f4ef07-c644-48eb-af81-4b1b4947fb11', actions: [`${registries}/artifacts/delete`] },
  AcrImageSigner: {
    id: '6cef56e8-d556-48e5-a04f-b8e64114680f',
    actions: [`${registries}/sign/write`],
    dataActions: [`${registries}/trustedCollections/write`],
  },
  'Container Registry Repository Reader': {
    id: 'b93aa761-3e63-49ed-ac28-beffa264f7ac',
    dataActions: [`${repositories}/metadata/read`, `${repositories}/content/read`],
  },
  'Container Registry Repository Writer': {
    id: '2a1e307c-b015-4ebd-883e-5b7698a07328',
    dataActions: [
      `${repositories}/metadata/read`,
      `${repositories}/content/read`,
      `${repositories}/metadata/write`,
      `${repositories}/content/write`,
    ],
  },
  'Container Registry Repository Contributor': {
    id: '2efddaa5-3f1f-4df3-97df-af3f13818f4c',
    dataActions: [
      `${repositories}/metadata/read`,
      `${repositories}/content/read`,
      `${repositories}/metadata/write`,
      `${repositories}/content/write`,
      `${repositories}/metadata/delete`,
      `${repositories}/content/delete`,
    ],
  },
  'Container Registry Repository Catalog Lister': {
    id: 'bfdb9389-c9a5-478a-bb2f-ba9ca092c3c7',
    dataActions: [`${registries}/catalog/read`],
  },
  'Container Registry Data Importer and Data Reader': {
    id: '577a9874-89fd-4f24-9dbd-b5034d0ad23a',
    actions: [`${registries}/importImage/action`, `${registries}/pull/read`, `${registries}/read`],
  },
} as const satisfies Record<string, Permissions & { id: string }>;

const custom = {
  'Registry Importer and Locker': {
    id: guid('role importer and locker'),
    actions: [`${registries}/importImage/action`, `${registries}/pull/read`, `${registries}/read`],
    dataActions: [
      `${repositories}/content/read`,
      `${repositories}/metadata/read`,
      `${repositories}/metadata/write`,
    ],
  },
  'Registry Webhook Auditor': {
    id: guid('role webhook auditor'),
    actions: [`${registries}/webhooks/getCallbackConfig/action`, `${registries}/webhooks/listEvents/action`],
  },
} as const satisfies Record<string, Permissions & { id: string }>;

export type RoleName = keyof typeof builtIn | keyof typeof custom;

/** The id of a role definition, as role assignments name it. */
export function roleDefinitionId(name: RoleName): string {
  return `/providers/Microsoft.Authorization/RoleDefinitions/${{ ...builtIn, ...custom }[name].id}`;
}

export function roleRows(): readonly Row[] {
  return [
    ...Object.entries(builtIn).map(([name, role]) => roleRow(name, role, 'BuiltInRole')),
    ...Object.entries(custom).map(([name, role]) => roleRow(name, role, 'CustomRole')),
  ];
}

function roleRow(name: string, role: Permissions & { readonly id: string }, type: string): Row {
  const scope =
    type === 'BuiltInRole' ? '/' : `/providers/Microsoft.Management/managementGroups/${managementGroup}`;
  return {
    id: `/providers/Microsoft.Authorization/RoleDefinitions/${role.id}`,
    name: role.id,
    type: 'microsoft.authorization/roledefinitions',
    properties: {
      roleName: name,
      type,
      description: name,
      assignableScopes: [scope],
      permissions: [
        {
          actions: role.actions ?? [],
          notActions: role.notActions ?? [],
          dataActions: role.dataActions ?? [],
          notDataActions: [],
        },
      ],
      isServiceRole: false,
    },
  };
}
