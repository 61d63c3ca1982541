// Reads what the stand-in Azure shows of its registries for the page's strip. It is another room's data, so it is taken
// as unknown and only what is understood is shown.
import { z } from 'zod';
import type { RegistryPicture, TagPicture } from './shapes.ts';

const attributes = z.object({ writeEnabled: z.boolean(), deleteEnabled: z.boolean() });
const tag = z.object({ name: z.string(), digest: z.string(), attributes });
const manifest = z.object({ digest: z.string(), attributes });
const repository = z.object({
  name: z.string(),
  tags: z.array(tag),
  manifests: z.array(manifest).default([]),
});
const registry = z.object({
  name: z.string(),
  stage: z.string().optional(),
  repositories: z.array(repository),
});
const estate = z.array(registry);

type Attributes = z.infer<typeof attributes>;

/** The registries of `azure.inspect()`; empty where its answer is not understood. */
export function registriesOf(inspected: unknown): RegistryPicture[] {
  const parsed = estate.safeParse(inspected);
  if (!parsed.success) return [];
  return parsed.data.map(({ name, stage = '', repositories }) => ({
    name,
    stage,
    repositories: repositories.map((one) => ({ name: one.name, tags: tagsOf(one) })),
  }));
}

function tagsOf({ tags, manifests }: z.infer<typeof repository>): TagPicture[] {
  return tags.map((one) => {
    const pointed = manifests.find((other) => other.digest === one.digest)?.attributes;
    return {
      name: one.name,
      digest: one.digest,
      lock: lockOf([one.attributes, ...(pointed ? [pointed] : [])]),
    };
  });
}

/** Locked is only what can be neither overwritten nor deleted, by its tag or by its digest. */
function lockOf(all: readonly Attributes[]): TagPicture['lock'] {
  const flags = all.flatMap((one) => [one.writeEnabled, one.deleteEnabled]);
  if (flags.every((one) => one)) return 'open';
  return flags.some((one) => one) ? 'partly' : 'locked';
}
