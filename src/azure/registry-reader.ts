// The reading door: posture facts from Resource Graph, images from the registries themselves.
import { z } from 'zod';
import type { OwnRuleDefinition } from '../posture/own-rule.ts';
import type { Clock, LockFlags, ManifestStore, RegistryReader, RegistryRef, TagState } from '../ports.ts';
import { createArm } from './arm.ts';
import { createAttachments } from './attachments.ts';
import type { Cloud } from './clouds.ts';
import type { Credentials } from './credential.ts';
import { attributesPath, readScope } from './data-plane.ts';
import { orAbsent, parseAnswer } from './errors.ts';
import { keepManifests } from './kept-manifests.ts';
import { createManifests } from './manifests.ts';
import type { Registries } from './registries.ts';
import { readSelf } from './principals.ts';
import { listRepositories } from './repositories.ts';
import { createResourceGraph } from './resource-graph.ts';
import { createScanResults } from './scan-results.ts';
import { createScans } from './scans.ts';
import { createWalker } from './walk.ts';
import { readChanges } from './changes.ts';
import { readScanResults } from './vulnerabilities.ts';

const flags = z.object({ deleteEnabled: z.boolean(), writeEnabled: z.boolean() });
const time = z
  .string()
  .optional()
  .transform((text) => (text ? Date.parse(text) : undefined));
const tagItem = z.object({
  name: z.string(),
  digest: z.string(),
  createdTime: time,
  lastUpdateTime: time,
  changeableAttributes: flags,
});
const tagAnswer = z.object({ tag: tagItem });
const tagList = z.object({ tags: z.array(z.unknown()).nullish() });
const manifestAnswer = z.object({ manifest: z.object({ changeableAttributes: flags }) });

/** Tags read of one repository; the newest are enough for cards and pickers. */
const maxTags = 500;

export async function createRegistryReader(options: {
  readonly cloud: Cloud;
  readonly credentials: Credentials;
  readonly registries: Registries;
  readonly clock: Clock;
  readonly ownRules?: () => readonly OwnRuleDefinition[];
  readonly manifests?: ManifestStore | undefined;
}): Promise<RegistryReader> {
  const { credentials, registries, clock } = options;
  const graph = await createResourceGraph(options.cloud, credentials.reader);
  const arm = createArm(options.cloud, credentials.reader);
  const manifests = createManifests(keepManifests(options.manifests));
  const attachments = createAttachments();
  // Walks have tokens of their own, for many repositories at once; cards and promotions do not wait behind them.
  const walker = createWalker({
    plane: (registry) => registries.plane('walk', credentials.reader, registry),
    manifests,
    clock,
  });
  const self = () => readSelf(options.cloud, credentials.reader);
  const scans = createScans({
    graph,
    arm,
    walker,
    self,
    clock,
    ...(options.ownRules && { ownRules: options.ownRules }),
  });
  const scanResults = createScanResults((digests) => readScanResults(graph, digests), clock);
  const plane = (registry: RegistryRef) => registries.plane('reader', credentials.reader, registry);

  return {
    scan: (scanOptions) => scans.scan(scanOptions),
    forget: () => scans.forget(),
    close: () => scans.close(),
    repositories: async (registry) => listRepositories(await plane(registry), registry.key),
    tags: async (registry, repository) => {
      const items = (await plane(registry)).list(
        attributesPath(repository, '/_tags?orderby=timedesc&n=100'),
        readScope(repository),
        (body) => parseAnswer(tagList, body, `the tags of ${repository}`).tags ?? [],
        maxTags,
      );
      return ((await orAbsent(items)) ?? []).map((item) =>
        toTag(parseAnswer(tagItem, item, `a tag of ${repository}`)),
      );
    },
    tag: async (registry, repository, tag) => {
      const answer = await orAbsent(
        (await plane(registry)).json(
          attributesPath(repository, `/_tags/${encodeURIComponent(tag)}`),
          readScope(repository),
        ),
      );
      return answer === undefined
        ? undefined
        : toTag(parseAnswer(tagAnswer, answer, `the tag ${repository}:${tag}`).tag);
    },
    image: async (registry, repository, digest) => manifests.image(await plane(registry), repository, digest),
    attachment: async (registry, repository, digest, limit) =>
      attachments(await plane(registry), repository, digest, limit),
    manifestLock: async (registry, repository, digest): Promise<LockFlags | undefined> => {
      const answer = await orAbsent(
        (await plane(registry)).json(
          attributesPath(repository, `/_manifests/${digest}`),
          readScope(repository),
        ),
      );
      return answer === undefined
        ? undefined
        : parseAnswer(manifestAnswer, answer, `the locks of ${repository}@${digest}`).manifest
            .changeableAttributes;
    },
    changes: (since) => readChanges(graph, since),
    scanResults,
  };
}

const toTag = (item: z.output<typeof tagItem>): TagState => ({
  tag: item.name,
  digest: item.digest,
  deleteEnabled: item.changeableAttributes.deleteEnabled,
  writeEnabled: item.changeableAttributes.writeEnabled,
  ...(item.createdTime !== undefined && { createdAt: item.createdTime }),
  ...(item.lastUpdateTime !== undefined && { updatedAt: item.lastUpdateTime }),
});
