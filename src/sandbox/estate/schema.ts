// What an estate file may say: the rows, images and facts that a stand-in Azure starts from. Published as a JSON Schema,
// so that an editor can help whoever writes one.
import { z } from 'zod';

const when = z
  .string()
  .describe(
    'A time in ISO 8601, or relative to the seeding of the sandbox: ${ago:3d}, ${ago:2h30m}, ${in:30d}.',
  );

const layer = z.strictObject({
  content: z.string().optional().describe('Text of the one file in this layer.'),
  size: z.int().min(1).max(1_000_000).optional().describe('Bytes of the file where there is no content.'),
  mediaType: z.string().optional(),
});

const referrer = z.strictObject({
  artifactType: z.string(),
  annotations: z.record(z.string(), z.string()).optional(),
  layers: z.array(layer).optional(),
  notation: z
    .union([z.boolean(), z.enum(['expired', 'other-image'])])
    .optional()
    .describe(
      "A Notation signature over the image by the sandbox's own authority, instead of layers; or one by an expired certificate, or over another image.",
    ),
});

const image = z.strictObject({
  platforms: z
    .array(z.string().regex(/^[a-z0-9]+\/[a-z0-9]+$/))
    .optional()
    .describe('linux/amd64 and the like; two or more make an index. Default: linux/amd64.'),
  layers: z.array(layer).optional(),
  labels: z.record(z.string(), z.string()).optional(),
  annotations: z.record(z.string(), z.string()).optional(),
  created: when.optional(),
  pushed: when.optional(),
  referrers: z.array(referrer).optional(),
  cosign: z.boolean().optional().describe('Adds an old-style signature tag sha256-<hex>.sig.'),
  locked: z
    .union([z.boolean(), z.literal('tag')])
    .optional()
    .describe('true: tag, manifest, children and referrers; tag: the tag alone.'),
  copyOf: z
    .string()
    .optional()
    .describe('REGISTRY/REPOSITORY:TAG of this estate: the same digests, as after an import.'),
  bare: z.boolean().optional().describe('With copyOf: without the referrers, as an import leaves it.'),
});

const child = z.looseObject({ name: z.string(), properties: z.looseObject({}).optional() });
const amount = z.strictObject({
  name: z.string(),
  limit: z.number(),
  currentValue: z.number(),
  unit: z.enum(['Bytes', 'Count']),
});
const metric = z.strictObject({
  unit: z.string(),
  daily: z.array(z.number()).describe('One value a day, the last one is today.'),
});
const webhook = child.extend({
  location: z.string().optional(),
  callback: z
    .strictObject({ serviceUri: z.string(), customHeaders: z.record(z.string(), z.string()).optional() })
    .optional(),
  events: z.array(z.looseObject({})).optional(),
});

const armFacts = z.strictObject({
  diagnosticSettings: z
    .union([z.array(child), z.strictObject({ status: z.int().min(400).max(599) })])
    .optional()
    .describe('The settings, or the status that asking for them answers.'),
  usages: z.array(amount).optional(),
  metrics: z.record(z.string(), metric).optional(),
  tokens: z.array(child).optional(),
  scopeMaps: z.array(child).optional(),
  webhooks: z.array(webhook).optional(),
  cacheRules: z.array(child).optional(),
  credentialSets: z.array(child).optional(),
  connectedRegistries: z.array(child).optional(),
  privateDnsZoneGroups: z.array(child).optional().describe('Of a private endpoint.'),
});

const identity = z.strictObject({
  name: z.string(),
  clientId: z.guid(),
  objectId: z.guid(),
  groups: z.array(z.guid()).optional().describe('Object ids of the groups it is a member of.'),
});

const row = z.record(z.string(), z.unknown());

export const estateSchema = z.strictObject({
  $schema: z.string().optional(),
  identities: z
    .array(identity)
    .min(1)
    .describe('The first one is the managed identity that is used without a client id.'),
  tables: z.record(z.string().regex(/^[a-z]+$/, 'table names are lower-case'), z.array(row)),
  images: z
    .record(z.string(), z.record(z.string(), z.record(z.string(), image)))
    .default({})
    .describe('By registry name, repository and tag.'),
  arm: z.record(z.string(), armFacts).default({}).describe('By resource id, in any case.'),
});

/** An estate, checked. */
export type Estate = z.infer<typeof estateSchema>;
export type EstateImage = z.infer<typeof image>;
export type EstateLayer = z.infer<typeof layer>;
export type EstateReferrer = z.infer<typeof referrer>;
export type ArmFacts = z.infer<typeof armFacts>;
export type Identity = z.infer<typeof identity>;

/** The JSON Schema (draft 2020-12) of an estate file. */
export function estateJsonSchema(): object {
  return z.toJSONSchema(estateSchema, { io: 'input' });
}
