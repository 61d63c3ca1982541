// What one role assignment lets its holder do to a registry, as bits: by matching wildcards minus exclusions, never by the
// name of a role. Source of the list: the roles that can write an image, directly or by a detour.
import { permits } from './action-pattern.ts';
import type { Grant } from './facts.ts';

interface Power {
  readonly action: string;
  readonly kind: 'action' | 'data';
}

const registries = 'microsoft.containerregistry/registries';
const action = (name: string): Power => ({ action: name, kind: 'action' });
const data = (name: string): Power => ({ action: `${registries}/repositories/${name}`, kind: 'data' });

/** In the order of their bits. */
const powers = {
  push: action(`${registries}/push/write`),
  import: action(`${registries}/importimage/action`),
  contentWrite: data('content/write'),
  listCredentials: action(`${registries}/listcredentials/action`),
  settings: action(`${registries}/write`),
  tokens: action(`${registries}/tokens/write`),
  tokenPasswords: action(`${registries}/generatecredentials/action`),
  run: action(`${registries}/schedulerun/action`),
  tasks: action(`${registries}/tasks/write`),
  importPipelines: action(`${registries}/importpipelines/write`),
  roleAssignments: action('microsoft.authorization/roleassignments/write'),
  pull: action(`${registries}/pull/read`),
  contentRead: data('content/read'),
  exportPipelines: action(`${registries}/exportpipelines/write`),
  lock: data('metadata/write'),
} as const satisfies Record<string, Power>;

export type PowerName = keyof typeof powers;

const names = Object.keys(powers) as readonly PowerName[];
export const bit: Readonly<Record<PowerName, number>> = Object.fromEntries(
  names.map((name, i) => [name, 1 << i]),
) as Record<PowerName, number>;

export const powerNames = (bits: number): readonly PowerName[] =>
  names.filter((name) => (bits & bit[name]) !== 0);

/** `maybe`: a condition narrows it in a way that is not computed. */
export interface Powers {
  readonly sure: number;
  readonly maybe: number;
}

interface Known extends Powers {
  readonly grant: Grant;
}

const known = new WeakMap<readonly string[], Known[]>();

/** Kept by the role's own lists: one role is assigned again and again, and one assignment reaches many registries. */
export function powersOf(grant: Grant): Powers {
  const same = known.get(grant.actions) ?? [];
  const before = same.find((each) => isSameRole(each.grant, grant));
  if (before) return before;
  const found = { ...computed(grant), grant };
  known.set(grant.actions, [...same, found]);
  return found;
}

const isSameRole = (a: Grant, b: Grant): boolean =>
  a.notActions === b.notActions &&
  a.dataActions === b.dataActions &&
  a.notDataActions === b.notDataActions &&
  a.condition === b.condition;

function computed(grant: Grant): Powers {
  let sure = 0;
  let maybe = 0;
  for (const name of names) {
    const power: Power = powers[name];
    const has =
      power.kind === 'data'
        ? permits(grant.dataActions, grant.notDataActions, power.action)
        : permits(grant.actions, grant.notActions, power.action);
    if (!has) continue;
    if (isNarrowed(grant.condition, power.action)) maybe |= bit[name];
    else sure |= bit[name];
  }
  return { sure, maybe };
}

/**
 * Conditions are written as `(!(ActionMatches{'A'})) OR (...)`: an action that none of them names is not narrowed. A
 * condition of any other form may narrow everything.
 */
export function isNarrowed(condition: string | undefined, name: string): boolean {
  if (!condition) return false;
  const text = condition.replaceAll(/\s+/g, '');
  const named = [...text.matchAll(/ActionMatches\{'([^']*)'\}/gi)].map(([, pattern]) => pattern ?? '');
  const guarded = text.match(/!\(ActionMatches\{'/gi)?.length ?? 0;
  if (named.length === 0 || guarded !== named.length) return true;
  return named.some((pattern) => permits([pattern], [], name));
}
