// Imports as long-running operations: accepted with 202 and a Location, kept in the store, and carried out when their
// time is up, also by the next process if this one is killed.
import { randomUUID } from 'node:crypto';
import { RegistryError } from '../registry/errors.ts';
import { keepManifest } from '../registry/manifests.ts';
import { mediaTypes } from '../registry/manifest-content.ts';
import type { OperationRecord } from '../store.ts';
import { notFound } from './errors.ts';
import { copy, existingTag, type ImportPlan } from './import-copy.ts';
import { type ImportConflict, planImport } from './import-request.ts';
import type { ArmRoute } from './request.ts';
import { type ArmWorld, registryOf } from './world.ts';

export interface ImportOptions {
  readonly conflict: ImportConflict;
  /** How long an import takes, in milliseconds. */
  readonly duration: () => number;
}

export interface Imports {
  readonly routes: readonly ArmRoute[];
  /** Takes up what an earlier process left running. */
  resume(): void;
  close(): void;
}

const group = '^/subscriptions/([^/]+)/resourceGroups/([^/]+)/providers/Microsoft\\.ContainerRegistry';
/** Far enough away that a hanging import never ends, near enough that JSON keeps it exact. */
const never = Number.MAX_SAFE_INTEGER;
const longestTimer = 2 ** 31 - 1;

export function createImports(world: ArmWorld, options: ImportOptions): Imports {
  const timers = new Set<NodeJS.Timeout>();
  const schedule = (operation: OperationRecord): void => {
    const wait = operation.endsAt - Date.now();
    if (wait > longestTimer) return;
    const timer = setTimeout(
      () => {
        timers.delete(timer);
        end(world, operation);
      },
      Math.max(0, wait),
    );
    timers.add(timer);
  };
  return {
    routes: [importRoute(world, options, schedule), statusRoute(world)],
    resume: () => {
      const running = world.store.operations.list('').filter((one) => one.state === 'Running');
      for (const operation of running) schedule(operation);
    },
    close: () => {
      for (const timer of timers) clearTimeout(timer);
    },
  };
}

function importRoute(
  world: ArmWorld,
  options: ImportOptions,
  schedule: (operation: OperationRecord) => void,
): ArmRoute {
  return {
    name: 'registries.importImage',
    method: 'POST',
    path: new RegExp(`${group}/registries/([^/]+)/importImage$`, 'i'),
    answer: (request, [subscription = '', resourceGroup = '', name = '']) => {
      const target = registryOf(world, subscription, resourceGroup, name);
      const plan = planImport(world, request, target, options.conflict);
      const endsAt = world.faults.strikes('import-hangs') ? never : Date.now() + options.duration();
      const id = `registries-${randomUUID()}`;
      const operation: OperationRecord = {
        registry: plan.target,
        id,
        endsAt,
        state: 'Running',
        request: plan,
      };
      world.store.operations.put('', '', id, operation);
      world.counters.count(`import started ${target.name}`);
      schedule(operation);
      const path = `/subscriptions/${subscription}/resourceGroups/${resourceGroup}/providers/Microsoft.ContainerRegistry/locations/${String(target.row['location'])}/operationResults/operationStatuses/${id}`;
      return { status: 202, headers: { Location: `${world.url}${path}?api-version=2025-11-01` } };
    },
  };
}

/** 202 while it runs, 200 at the end; a failure answers 200 as well, with the status in the body (measured on Azure). */
function statusRoute(world: ArmWorld): ArmRoute {
  return {
    name: 'operations.get',
    method: 'GET',
    path: new RegExp(`${group}/locations/[^/]+/operationResults/operationStatuses/([^/]+)$`, 'i'),
    answer: (request, [subscription, resourceGroup, id = '']) => {
      const operation = world.store.operations.get('', '', id);
      if (operation === undefined) throw notFound(`operationStatuses/${id}`);
      switch (operation.state) {
        case 'Running': {
          const location = `${world.url}${request.path}?api-version=2025-11-01`;
          return { status: 202, headers: { Location: location } };
        }
        case 'Succeeded':
          return { status: 200 };
        case 'Failed':
          return {
            status: 200,
            body: { id: `${subscription}/${resourceGroup}/${id}`, status: 'Failed', error: operation.error },
          };
      }
    },
  };
}

/** Carries a running import out and notes how it ended. */
function end(world: ArmWorld, operation: OperationRecord): void {
  // Written by importRoute alone, so the request is a plan.
  const plan = operation.request as ImportPlan;
  const error = failureOf(world, plan);
  const ended: OperationRecord =
    error === undefined ? { ...operation, state: 'Succeeded' } : { ...operation, state: 'Failed', error };
  world.store.operations.put('', '', operation.id, ended);
  world.counters.count(`import ended ${plan.target}`);
}

function failureOf(world: ArmWorld, plan: ImportPlan): OperationRecord['error'] {
  if (world.faults.strikes('import-fails')) {
    return { code: 'ImportFailed', message: 'The import failed while it was running.' };
  }
  const existing = plan.force ? undefined : existingTag(world.store, plan);
  if (existing !== undefined) {
    return { code: 'TagAlreadyExists', message: `Tag ${existing} already exists in target registry.` };
  }
  try {
    const isWrong = world.faults.strikes('import-wrong-digest');
    const tagged = isWrong ? strayManifest(world, plan) : plan.digest;
    copy(world.store, plan, Date.now(), tagged);
    for (const { repository, tag } of plan.tags) world.webhooks.pushed(plan.target, repository, tagged, tag);
    for (const repository of plan.untagged) world.webhooks.pushed(plan.target, repository, plan.digest);
    return undefined;
  } catch (error) {
    const code = error instanceof RegistryError ? error.code : 'ImportFailed';
    return { code, message: error instanceof Error ? error.message : String(error) };
  }
}

/** A manifest that nobody asked for, where the tag will point: an empty index. */
function strayManifest(world: ArmWorld, plan: ImportPlan): string {
  const annotations = { 'acr-warden.sandbox': `stray ${randomUUID()}` };
  const bytes = Buffer.from(
    JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests: [], annotations }),
  );
  const repositories = plan.tags.map((one) => one.repository);
  const kept = repositories.map((repository) =>
    keepManifest(world.store, { registry: plan.target, repository }, bytes, Date.now()),
  );
  return kept[0]?.digest ?? plan.digest;
}
