// The tiny model of the two registries: what the target holds, what a call answers, and how a call can go wrong. Pure.
import type { ImageFacts, ImportOrder, LockFlags, RegistryRef, TagState } from '../../src/ports.ts';
import type { Facts } from '../../src/promotion/request.ts';
import type { ForcedOrder } from './machine.ts';

/** Two images, `a` with a platform and a signature, `b` with neither. */
export type Image = 'a' | 'b';
export const childOf: Readonly<Record<Image, readonly string[]>> = { a: ['a-child'], b: [] };
export const referrersOf: Readonly<Record<Image, Facts['referrers']>> = {
  a: [{ digest: 'a-signature', artifactType: 'signature', size: 1 }],
  b: [],
};

export const source: RegistryRef = { key: 'uat', id: '/uat' };
export const target: RegistryRef = { key: 'prod', id: '/prod' };
export const repository = 'shop/web';
export const tag = 'v1';
export const identity = 'importer';

/** The target repository; `locked` holds digests, and `tag` for the tag. */
export interface Target {
  readonly tag?: Image;
  readonly held: readonly string[];
  readonly locked: readonly string[];
  /** How often an import changed what the tag points at. */
  readonly imports: number;
}

export const emptyTarget: Target = { held: [], locked: [], imports: 0 };

/** Everything that has to be locked of an image, the tag included. */
export const wholeOf = (image: Image): readonly string[] => [
  image,
  ...childOf[image],
  ...referrersOf[image].map(({ digest }) => digest),
  'tag',
];

/** One call of a step at a door. */
export type Call =
  | { readonly kind: 'image'; readonly registry: string; readonly digest: string }
  | { readonly kind: 'tag' }
  | { readonly kind: 'manifest-lock'; readonly digest: string }
  | { readonly kind: 'import'; readonly order: ImportOrder }
  | { readonly kind: 'lock-tag'; readonly by: string; readonly registry: string }
  | {
      readonly kind: 'lock-manifest';
      readonly by: string;
      readonly registry: string;
      readonly digest: string;
    };

/** What came back, as plain data: an answer, or an error that may pass by itself. */
export type Answer = { readonly value: unknown } | { readonly error: string };

/**
 * `fails`: nothing happens and an error comes back. `lost`: it happens, and an error comes back. `lies`: nothing happens
 * and success comes back. `strays`: another image arrives.
 */
export const faults = ['fails', 'lost', 'lies', 'strays'] as const;
export type Fault = (typeof faults)[number];

export const canGoWrong = (call: Call, fault: Fault): boolean =>
  fault === 'fails' ||
  (fault === 'strays' ? call.kind === 'import' && call.order.tag !== undefined : isWrite(call));

export const isWrite = ({ kind }: Call): boolean =>
  kind === 'import' || kind === 'lock-tag' || kind === 'lock-manifest';

/** What the call does to the target, and what it answers. */
export function perform(
  held: Target,
  call: Call,
  fault: Fault | undefined,
  refusesLocks: boolean,
): { readonly target: Target; readonly answer: Answer } {
  const failed: Answer = { error: 'the registry did not answer' };
  if (fault === 'fails' || (refusesLocks && call.kind.startsWith('lock')))
    return { target: held, answer: failed };
  const [after, value] = effectOf(held, call, fault === 'strays');
  if (fault === 'lost') return { target: after, answer: failed };
  return { target: fault === 'lies' ? held : after, answer: { value } };
}

function effectOf(held: Target, call: Call, strays: boolean): readonly [Target, unknown] {
  switch (call.kind) {
    case 'import':
      return imported(held, call.order, strays);
    case 'lock-tag':
      return [locked(held, 'tag'), undefined];
    case 'lock-manifest':
      return [locked(held, call.digest), undefined];
    case 'tag':
      return [held, tagState(held)];
    case 'manifest-lock':
      return [held, held.held.includes(call.digest) ? flags(held, call.digest) : undefined];
    case 'image':
      return [held, call.registry === source.id ? facts(call.digest) : heldFacts(held, call.digest)];
  }
}

/** NoForce: a tag that is there is left as it is. */
function imported(
  held: Target,
  order: ImportOrder | ForcedOrder,
  strays: boolean,
): readonly [Target, unknown] {
  const arriving = strays ? other(order.digest) : order.digest;
  if (!order.tag) return [{ ...held, held: union(held.held, [arriving]) }, 'accepted'];
  if (held.tag && !('force' in order)) return [held, 'target-exists'];
  const image = arriving as Image;
  const there = union(held.held, [image, ...childOf[image]]);
  return [{ ...held, tag: image, held: there, imports: Math.min(2, held.imports + 1) }, 'accepted'];
}

const locked = (held: Target, what: string): Target =>
  what === 'tag'
    ? held.tag
      ? { ...held, locked: union(held.locked, ['tag']) }
      : held
    : held.held.includes(what)
      ? { ...held, locked: union(held.locked, [what]) }
      : held;

const flags = (held: Target, what: string): LockFlags => {
  const open = !held.locked.includes(what);
  return { deleteEnabled: open, writeEnabled: open };
};

const tagState = (held: Target): TagState | undefined =>
  held.tag && { tag, digest: held.tag, ...flags(held, 'tag') };

const facts = (digest: string): Partial<ImageFacts> | undefined =>
  digest === 'a' || digest === 'b'
    ? { digest, children: childOf[digest], referrers: referrersOf[digest] }
    : undefined;

const heldFacts = (held: Target, digest: string): Partial<ImageFacts> | undefined => {
  const image = held.held.includes(digest) ? facts(digest) : undefined;
  return (
    image && {
      ...image,
      referrers: (image.referrers ?? []).filter((each) => held.held.includes(each.digest)),
    }
  );
};

export const other = (digest: string): Image => (digest === 'a' ? 'b' : 'a');
const union = (list: readonly string[], more: readonly string[]): readonly string[] =>
  [...new Set([...list, ...more])].sort();
