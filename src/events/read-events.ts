// Bodies of ACR webhooks, Event Grid events and CloudEvents, one or a batch, as the events they tell of. Names are taken
// only in the form that a registry lets them have: so nothing in them can be markup, a mention or an address.
import { z } from 'zod';
import type { RegistryEvent } from '../ports.ts';

export interface ReadEvents {
  readonly events: readonly RegistryEvent[];
  /** Code of Event Grid's handshake, to be sent back. */
  readonly validation?: string;
  /** One a body that was not understood, without any of its text. */
  readonly problems: readonly string[];
}

const identifier = z.string().regex(/^[\x21-\x7e]{1,200}$/);
const time = z.string().transform((text, context) => {
  const at = Date.parse(text);
  if (Number.isFinite(at)) return at;
  context.addIssue('is no time');
  return z.NEVER;
});

/** What ACR says of a change; the body of its webhook, and `data` of Event Grid. */
const change = z.object({
  id: identifier,
  timestamp: time,
  action: z.string().max(60),
  target: z.object({
    repository: z
      .string()
      .max(256)
      .regex(/^[a-z0-9]+(?:[._/-]+[a-z0-9]+)*$/),
    digest: z
      .string()
      .regex(/^[a-z0-9]{3,12}:[0-9a-f]{32,128}$/)
      .optional(),
    tag: z
      .string()
      .regex(/^\w[\w.-]{0,127}$/)
      .optional(),
  }),
  request: z
    .object({
      host: z
        .string()
        .regex(/^[\w.:-]{1,300}$/)
        .optional(),
    })
    .optional(),
});

const registryId = z
  .string()
  .max(500)
  .regex(
    /^\/subscriptions\/[\w-]+\/resourceGroups\/[^/\s]+\/providers\/Microsoft\.ContainerRegistry\/registries\/\w+$/i,
  );
const eventGrid = z.object({ id: identifier, eventType: z.string(), topic: z.unknown(), data: z.unknown() });
const cloudEvent = z.object({
  id: identifier,
  specversion: z.literal('1.0'),
  type: z.string(),
  source: z.unknown(),
  data: z.unknown(),
});
const handshake = z.object({ validationCode: identifier });

const validationType = 'Microsoft.EventGrid.SubscriptionValidationEvent';
const ours: ReadonlySet<string> = new Set([
  'Microsoft.ContainerRegistry.ImagePushed',
  'Microsoft.ContainerRegistry.ImageDeleted',
]);
/** Other actions (`ping`, `quarantine`, charts) are known and mean nothing here; their targets are of any shape. */
const action = z.object({ action: z.string().max(60) });

type Found = RegistryEvent | { readonly validation: string } | 'nothing' | { readonly problem: string };

/** Events of a parsed body; what is not understood does not keep the rest of its batch back. */
export function readEvents(body: unknown): ReadEvents {
  const all = Array.isArray(body) ? (body as readonly unknown[]) : [body];
  const events: RegistryEvent[] = [];
  const problems: string[] = [];
  let validation: string | undefined;
  all.forEach((each, i) => {
    const found = readSafely(each);
    if (found === 'nothing') return;
    if ('problem' in found) problems.push(all.length > 1 ? `event ${i}: ${found.problem}` : found.problem);
    else if ('validation' in found) validation = found.validation;
    else events.push(found);
  });
  return { events, problems, ...(validation !== undefined && { validation }) };
}

/** The schemas measure a `length` before they know the type, and fall over one that is no number. */
function readSafely(body: unknown): Found {
  try {
    return readOne(body);
  } catch {
    return { problem: 'The event is malformed.' };
  }
}

function readOne(body: unknown): Found {
  if (typeof body !== 'object' || body === null)
    return { problem: 'The body is no JSON object or list of them.' };
  if ('eventType' in body) return readEventGrid(body);
  if ('specversion' in body) return readCloudEvent(body);
  return 'action' in body
    ? readChange(body, undefined)
    : { problem: 'The body is neither an ACR webhook, an Event Grid event nor a CloudEvent.' };
}

function readEventGrid(body: object): Found {
  const event = eventGrid.safeParse(body);
  if (!event.success) return { problem: `The Event Grid event is malformed: ${pathOf(event.error)}.` };
  const { eventType, topic, data } = event.data;
  if (eventType !== validationType) return ours.has(eventType) ? readDelivered(data, topic) : 'nothing';
  const code = handshake.safeParse(data);
  return code.success
    ? { validation: code.data.validationCode }
    : { problem: 'The validation event has no usable validationCode.' };
}

function readCloudEvent(body: object): Found {
  const event = cloudEvent.safeParse(body);
  if (!event.success) return { problem: `The CloudEvent is malformed: ${pathOf(event.error)}.` };
  const { type, source, data } = event.data;
  return ours.has(type) ? readDelivered(data, source) : 'nothing';
}

/** Event Grid vouches for where it comes from, so that names the registry. */
function readDelivered(data: unknown, from: unknown): Found {
  const id = registryId.safeParse(from);
  return id.success ? readChange(data, id.data) : { problem: 'The event comes from no container registry.' };
}

function readChange(body: unknown, registry: string | undefined): Found {
  const kind = action.safeParse(body);
  const name = kind.success ? kind.data.action : undefined;
  if (name !== undefined && name !== 'push' && name !== 'delete') return 'nothing';
  const found = change.safeParse(body);
  if (!found.success) return { problem: `The event is malformed: ${pathOf(found.error)}.` };
  const { id, timestamp, target, request } = found.data;
  const host = request?.host?.toLowerCase();
  if (registry === undefined && host === undefined)
    return { problem: 'The event names no registry: request.host is missing.' };
  return {
    id,
    at: timestamp,
    action: name === 'delete' ? 'delete' : 'push',
    repository: target.repository,
    ...(registry !== undefined && { registry: registry.toLowerCase() }),
    ...(host !== undefined && { host }),
    ...(target.tag !== undefined && { tag: target.tag }),
    ...(target.digest !== undefined && { digest: target.digest }),
  };
}

/** Where it is wrong, never what is there. */
const pathOf = ({ issues: [first] }: z.ZodError): string => first?.path.join('.') || 'it is of another shape';
