// The shape of the policy file. zod says what is wrong where; the JSON Schema that editors use is generated from here.
import { z } from 'zod';
import { parseDuration, parseSize } from './quantity.ts';

const guid = '[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}';
const name = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'a name is lower-case letters, digits and dashes');
const names = z.array(name).default([]);
const texts = z.array(z.string().min(1).max(500)).default([]);

const quantity = (parse: (text: string) => number | undefined, example: string) =>
  z.string().transform((text, context) => {
    const value = parse(text);
    if (value !== undefined) return value;
    context.addIssue({
      code: 'custom',
      message: `Invalid value: ${JSON.stringify(text)}. Write it as ${example}`,
    });
    return z.NEVER;
  });
const duration = quantity(parseDuration, '30m, 24h or 7d');
const size = quantity(parseSize, '512MiB or 1GiB');
const mode = z.enum(['enforce', 'warn', 'off']).default('enforce');
const timezone = z.string().refine(isTimezone, { error: 'not an IANA time zone, for example Europe/Berlin' });
const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'a time of day is HH:MM');
const place = z
  .string()
  .regex(/^(slack:T\w+\/[CGD]\w+|teams:\S+)$/, 'a channel is "slack:TEAM/CHANNEL" or "teams:THREAD"');
const regex = z.string().refine(isRegex, { error: 'not a regular expression' });
const registryId = z
  .string()
  .regex(
    /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.ContainerRegistry\/registries\/[^/]+$/i,
    'an id is /subscriptions/.../resourceGroups/.../providers/Microsoft.ContainerRegistry/registries/NAME',
  );

const person = z.strictObject({
  entra: z
    .string()
    .regex(new RegExp(`^${guid}/${guid}$`), 'write "TENANT-GUID/OBJECT-GUID"')
    .optional(),
  slack: z
    .string()
    .regex(/^[TE]\w+\/[UW]\w+$/, 'write "TEAM/USER", for example "T01ABC/U02DEF"')
    .optional(),
  email: z.email().toLowerCase().optional(),
});

const gates = z.strictObject({
  scan: z
    .strictObject({
      mode,
      maxCritical: z.int().min(0).default(0),
      maxHigh: z.int().min(0).default(0),
      maxAge: duration,
    })
    .optional(),
  signature: z
    .strictObject({
      mode,
      trusted: texts,
      signers: z.array(z.string().max(500)).min(1).optional(),
      accept: z.array(z.enum(['cosign-present'])).default([]),
    })
    .optional(),
  sbom: z.strictObject({ mode }).optional(),
  labels: z.strictObject({ mode, require: z.array(z.string()).min(1) }).optional(),
  soak: z.strictObject({ mode, stage: name, min: duration }).optional(),
  posture: z
    .strictObject({
      mode,
      registry: z.enum(['target', 'source']).default('target'),
      require: z.array(z.string()).min(1),
    })
    .optional(),
});

const approvals = z.strictObject({
  rules: z.array(z.strictObject({ group: name, min: z.int().min(1).max(20).default(1) })).min(1),
  total: z.int().min(1).max(20).optional(),
  exclude: z.array(z.enum(['requester'])).default(['requester']),
  expiresIn: duration.default(72 * 3_600_000),
  validFor: duration.default(24 * 3_600_000),
  escalate: z.strictObject({ after: duration, to: name }).optional(),
  quietHours: z
    .string()
    .regex(/^\d\d:\d\d-\d\d:\d\d$/, 'write "20:00-07:00"')
    .optional(),
});

const edge = z.strictObject({
  name,
  from: name,
  to: name,
  identity: z.string().regex(new RegExp(`^${guid}$`), 'the client id (GUID) of a managed identity'),
  requesters: z.array(name).min(1),
  notify: z.array(place).default([]),
  waivers: names,
  auto: z.boolean().default(false),
  lock: z.boolean().default(true),
  approvals: approvals.optional(),
  gates: gates.default({}),
});

const posture = z.strictObject({
  namespaces: texts,
  requiredTags: texts,
  naming: regex.optional(),
  allowedRegions: texts,
  allowedSubscriptions: texts,
  inUseTags: z.int().min(1).max(100).default(5),
  maxImageSize: size.default(2 ** 30),
  scanMaxAge: duration.default(7 * 86_400_000),
  requiredLabels: texts,
  rules: z.string().optional(),
  stagePatterns: z.record(name, z.string()).default({}),
});

const window = z.strictObject({
  name,
  stages: z.array(name).min(1),
  kind: z.enum(['allow', 'deny']),
  days: z.array(z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'])).min(1),
  from: time,
  to: time,
  timezone: timezone.optional(),
});

/** `*`, `5`, `1-5`, each with a step, several of them; values in the range of their field. */
const cronField = (value: string): string => {
  const part = `(?:\\*|(?:${value})(?:-(?:${value}))?)(?:/[1-9]\\d?)?`;
  return `${part}(?:,${part})*`;
};
const cronPattern = new RegExp(
  `^${[
    '[0-5]?\\d',
    '[01]?\\d|2[0-3]',
    '0?[1-9]|[12]\\d|3[01]',
    '0?[1-9]|1[0-2]|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec',
    '[0-7]|sun|mon|tue|wed|thu|fri|sat',
  ]
    .map(cronField)
    .join(' ')}$`,
  'i',
);

const digest = z.strictObject({
  name,
  to: z.array(place).min(1),
  cron: z.string().regex(cronPattern, 'five cron fields, for example "0 9 * * MON"'),
  timezone: timezone.optional(),
  scope: z
    .strictObject({ stages: names, teams: names, registries: names })
    .default({ stages: [], teams: [], registries: [] }),
  skipIfUnchanged: z.boolean().default(false),
});

const identity = z.strictObject({
  email: z
    .union([
      z.literal('off'),
      z.literal(false).transform(() => 'off' as const),
      z.strictObject({
        domains: z.array(z.hostname().toLowerCase()).min(1),
        teams: z
          .array(z.string().regex(/^[TE]\w+$/, 'write the team id of a workspace, such as T01ABC'))
          .min(1),
      }),
    ])
    .default('off'),
  linking: z.boolean().default(false),
});

export const policySchema = z.strictObject({
  apiVersion: z.literal('acr-warden/v1'),
  organisation: z.string().min(1).max(100),
  timezone: timezone.default('UTC'),
  people: z.record(name, person),
  groups: z.record(
    name,
    z.strictObject({
      members: names,
      entraGroup: z
        .string()
        .regex(new RegExp(`^${guid}$`))
        .optional(),
      slackUserGroup: z
        .string()
        .regex(/^T\w+\/S\w+$/)
        .optional(),
    }),
  ),
  registries: z.record(
    name,
    z.strictObject({ id: registryId, stage: name, team: name.optional(), writers: texts, readers: texts }),
  ),
  clusters: z.record(name, z.strictObject({ id: z.string().startsWith('/subscriptions/') })).default({}),
  channels: z
    .strictObject({ security: z.array(place).default([]), admins: z.array(place).default([]) })
    .default({ security: [], admins: [] }),
  rights: z
    .strictObject({
      admin: z.array(name),
      waive: z.array(name),
      freeze: z.array(name),
      mirror: z.array(name),
      digest: z.array(name),
    })
    .partial()
    .default({}),
  posture: posture.default(() => posture.parse({})),
  identity: identity.default(() => identity.parse({})),
  stages: z.array(name).min(1),
  repositories: z
    .array(
      z.strictObject({
        match: z.string().min(1),
        owners: names,
        origin: z.literal('ci').optional(),
        tags: z.strictObject({ allow: texts, deny: texts }).default({ allow: [], deny: [] }),
      }),
    )
    .default([]),
  mirrors: z
    .array(
      z.strictObject({
        name,
        from: name,
        repositories: z.array(z.string()).min(1),
        to: z.strictObject({ stage: name }),
        schedule: z.string().regex(cronPattern, 'five cron fields, for example "0 3 * * *"'),
        identity: z.string().regex(new RegExp(`^${guid}$`)),
      }),
    )
    .default([]),
  edges: z.array(edge).default([]),
  windows: z.array(window).default([]),
  breakGlass: z.strictObject({ stages: z.array(name), group: name, reviewWithin: duration }).optional(),
  limits: z
    .strictObject({
      openPerPerson: z.int().min(1).default(5),
      openPerRepository: z.int().min(1).default(3),
      commandsPerMinute: z.int().min(1).default(20),
    })
    .default({ openPerPerson: 5, openPerRepository: 3, commandsPerMinute: 20 }),
  digests: z.array(digest).default([]),
});

export type PolicyFile = z.infer<typeof policySchema>;

/** For editors: `# yaml-language-server: $schema=...` at the top of a policy file. */
export const policyJsonSchema = (): object =>
  z.toJSONSchema(policySchema, { io: 'input', unrepresentable: 'any' });

function isTimezone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

function isRegex(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}
