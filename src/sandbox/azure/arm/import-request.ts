// Reads and checks a request to import, before anything is copied: who asks, from where, what, and whether the target
// is free.
import { z } from 'zod';
import { isDigest } from '../content.ts';
import { at, type RegistryEntry } from '../tables.ts';
import { ArmError, badRequest } from './errors.ts';
import { existingTag, graphOf, type ImportPlan } from './import-copy.ts';
import type { ArmRequest } from './request.ts';
import { allow, type ArmWorld } from './world.ts';

const schema = z.looseObject({
  source: z.looseObject({
    resourceId: z.string().optional(),
    registryUri: z.string().optional(),
    sourceImage: z.string(),
  }),
  targetTags: z.array(z.string()).optional(),
  untaggedTargetRepositories: z.array(z.string()).optional(),
  mode: z.enum(['NoForce', 'Force']).optional(),
});

/** What an import into an existing tag is refused with; nobody has measured Azure's own code. */
export interface ImportConflict {
  readonly status: number;
  readonly code: string;
}

const importAction = 'Microsoft.ContainerRegistry/registries/importImage/action';
const mostManifests = 50;

/** The plan of an import that may start; throws ArmError for every refusal. */
export function planImport(
  world: ArmWorld,
  request: ArmRequest,
  target: RegistryEntry,
  conflict: ImportConflict,
): ImportPlan {
  const parsed = schema.safeParse(request.body);
  if (!parsed.success) throw badRequest(z.prettifyError(parsed.error));
  const { source: from, targetTags = [], untaggedTargetRepositories: untagged = [], mode } = parsed.data;
  allow(world, request, importAction, target.id);
  const source = sourceOf(world, from);
  allow(world, request, importAction, source.id);
  refuseClosed(source, target);
  const { repository, reference } = imageOf(from.sourceImage);
  const place = { registry: source.name.toLowerCase(), repository };
  const digest = isDigest(reference)
    ? reference
    : world.store.tags.get(place.registry, repository, reference)?.digest;
  const graph = digest === undefined ? undefined : graphOf(world.store, place, digest);
  if (digest === undefined || graph === undefined) {
    throw new ArmError(
      404,
      'ManifestNotFound',
      `The manifest '${from.sourceImage}' is not found in ${source.name}.`,
    );
  }
  if (graph.length > mostManifests) throw badRequest(`An import holds at most ${mostManifests} manifests.`);
  const tags = targetTags.map((text) => tagOf(text, repository));
  if (tags.length + untagged.length === 0)
    throw badRequest('targetTags or untaggedTargetRepositories is required.');
  const plan: ImportPlan = {
    source: place,
    digest,
    target: target.name.toLowerCase(),
    tags,
    untagged,
    force: mode === 'Force',
  };
  const existing = plan.force ? undefined : existingTag(world.store, plan);
  if (existing !== undefined) {
    throw new ArmError(conflict.status, conflict.code, `Tag ${existing} already exists in target registry.`);
  }
  return plan;
}

function sourceOf(
  world: ArmWorld,
  from: { resourceId?: string | undefined; registryUri?: string | undefined },
): RegistryEntry {
  const id = from.resourceId?.toLowerCase().replace(/^\/+/, '/');
  const found =
    id === undefined
      ? world.registries.find((entry) => entry.loginServer === from.registryUri)
      : world.registryById.get(id);
  if (found === undefined) {
    throw new ArmError(
      400,
      'InvalidSourceRegistry',
      `The source registry '${from.resourceId ?? from.registryUri}' is not known.`,
    );
  }
  return found;
}

/** A source that exports nothing, and networks that keep Azure's own services out. */
function refuseClosed(source: RegistryEntry, target: RegistryEntry): void {
  const isSame = source === target;
  if (!isSame && at(source.row, 'properties', 'policies', 'exportPolicy', 'status') === 'disabled') {
    throw new ArmError(403, 'ExportPolicyDisabled', `The export policy of ${source.name} is disabled.`);
  }
  for (const { row, name } of [source, target]) {
    const isPublic = at(row, 'properties', 'publicNetworkAccess') !== 'Disabled';
    const isOpen = isPublic && at(row, 'properties', 'networkRuleSet', 'defaultAction') !== 'Deny';
    if (!isOpen && at(row, 'properties', 'networkRuleBypassOptions') === 'None') {
      throw new ArmError(
        403,
        'NetworkAccessDenied',
        `${name} is network-restricted and trusts no Azure services.`,
      );
    }
  }
}

function imageOf(text: string): { repository: string; reference: string } {
  const byDigest = /^([^@]+)@(sha256:[0-9a-f]{64})$/.exec(text);
  const byTag = /^([^@:]+):([\w.-]+)$/.exec(text);
  const [, repository, reference] = byDigest ?? byTag ?? [];
  if (repository === undefined || reference === undefined) throw badRequest(`Invalid sourceImage '${text}'.`);
  return { repository, reference };
}

/** A target tag; without a repository it goes into that of the source. */
function tagOf(text: string, repository: string): { repository: string; tag: string } {
  const match = /^(?:([a-z0-9._/-]+):)?([\w][\w.-]{0,127})$/.exec(text);
  if (match?.[2] === undefined) throw badRequest(`Invalid target tag '${text}'. Must be REPOSITORY:TAG.`);
  return { repository: match[1] ?? repository, tag: match[2] };
}
