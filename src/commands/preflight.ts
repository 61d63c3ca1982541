// What would make an import fail for sure, looked up before it is tried: settings of both registries and what the edge's
// identity may do. What is not known stops nothing here: the import itself will say.
import { holdersOf } from '../posture/access.ts';
import type { RegistryFacts } from '../posture/facts.ts';
import { bit } from '../posture/powers.ts';
import type { ImageFacts } from '../ports.ts';
import type { Work } from './saga-steps.ts';

/** Manifests of one import, the index included (Azure's limit). */
const maxManifests = 50;

export interface Obstacle {
  readonly code: string;
  readonly text: string;
}

export async function obstacleTo(work: Work, image: ImageFacts): Promise<Obstacle | undefined> {
  const { doors, source, target, identity } = work;
  const manifests = image.children.length + 1;
  if (manifests > maxManifests)
    return {
      code: 'too-many-manifests',
      text: `The image has ${manifests} manifests; Azure imports at most ${maxManifests} at once. Publish fewer platforms in one index.`,
    };
  const scan = await doors.reader.scan({ deep: false }).catch(() => undefined);
  const factsOf = (id: string) =>
    scan?.registries.find((facts) => facts.id.toLowerCase() === id.toLowerCase());
  const [from, to] = [factsOf(source.id), factsOf(target.id)];
  const known = scan?.identities?.read ? scan.identities.value : [];
  const objectId = known.find((each) => each.clientId === identity.toLowerCase())?.objectId;
  return (
    (from && exportObstacle(from, source.key)) ??
    (from && networkObstacle(from, source.key)) ??
    (to && networkObstacle(to, target.key)) ??
    (to && permissionObstacle(to, target.key, objectId))
  );
}

function exportObstacle({ exportPolicy }: RegistryFacts, key: string): Obstacle | undefined {
  return exportPolicy?.toLowerCase() === 'disabled'
    ? {
        code: 'export-disabled',
        text: `'${key}' does not let images out: its export policy is disabled. Enable it, or promote from another registry.`,
      }
    : undefined;
}

/** A registry that is closed to the network is reached by Azure's own services only where it lets them pass. */
function networkObstacle(facts: RegistryFacts, key: string): Obstacle | undefined {
  const { networkBypass, networkDefaultAction } = facts.settings ?? {};
  const isClosed =
    facts.publicNetworkAccess?.toLowerCase() === 'disabled' || networkDefaultAction?.toLowerCase() === 'deny';
  return isClosed && networkBypass?.toLowerCase() === 'none'
    ? {
        code: 'network-bypass',
        text: `'${key}' is closed to the network and lets no Azure service pass. Allow trusted services: az acr update --name ${facts.name} --allow-trusted-services true`,
      }
    : undefined;
}

function permissionObstacle(
  facts: RegistryFacts,
  key: string,
  objectId: string | undefined,
): Obstacle | undefined {
  const holders = holdersOf(facts);
  if (!holders || objectId === undefined || holders.some((holder) => holder.isGroup)) return undefined;
  const holder = holders.find((each) => each.principal === objectId);
  return ((holder?.sure ?? 0) & bit.import) === 0 && !holder?.powers.includes('import')
    ? {
        code: 'not-permitted',
        text: `The identity of this way may not import into '${key}'. Give it the role "Container Registry Data Importer and Data Reader" there.`,
      }
    : undefined;
}
