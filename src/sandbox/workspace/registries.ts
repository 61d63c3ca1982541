// Reads what the stand-in Azure shows of its registries for the page's strip. It is another room's data, so it is taken
// as unknown and only what is understood is shown.
import { z } from 'zod';
import type { RegistryPicture, TagPicture } from './shapes.ts';

const flags = z.object({ writeEnabled: z.boolean(), deleteEnabled: z.boolean() });
const tag = z.object({
  name: z.string(),
  digest: z.string(),
  locked: z.boolean().optional(),
  flags: flags.optional(),
  changeableAttributes: flags.optional(),
  writeEnabled: z.boolean().optional(),
  deleteEnabled: z.boolean().optional(),
});
const repository = z.object({ name: z.string(), tags: z.array(tag) });
const registry = z.object({
  name: z.string(),
  stage: z.string().optional(),
  repositories: z.array(repository),
});
const estate = z.union([
  z.array(registry),
  z.object({ registries: z.array(registry) }).transform((one) => one.registries),
]);

/** The registries of `azure.inspect()`; empty where its answer is not understood. */
export function registriesOf(inspected: unknown): RegistryPicture[] {
  const parsed = estate.safeParse(inspected);
  if (!parsed.success) return [];
  return parsed.data.map((one) => ({
    name: one.name,
    stage: one.stage ?? '',
    repositories: one.repositories.map(({ name, tags }) => ({
      name,
      tags: tags.map((given) => ({ name: given.name, digest: given.digest, lock: lockOf(given) })),
    })),
  }));
}

function lockOf(given: z.infer<typeof tag>): TagPicture['lock'] {
  if (given.locked !== undefined) return given.locked ? 'locked' : 'open';
  const attributes = given.flags ?? given.changeableAttributes ?? given;
  const open = [attributes.writeEnabled ?? true, attributes.deleteEnabled ?? true];
  if (open.every((one) => one)) return 'open';
  return open.some((one) => one) ? 'partly' : 'locked';
}
