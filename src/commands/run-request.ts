// The saga's hands: does the one effect that is due for a request and tells the machine what came of it. Everything here
// may be repeated: each step first looks whether it is done already.
import type { Command } from '../promotion/machine.ts';
import { lapsesAt, type Request, type SagaStep, type Subject } from '../promotion/request.ts';
import { nextEffect } from '../promotion/saga.ts';
import type { Lease, LockFlags, RegistryRef } from '../ports.ts';
import { apply, product } from './decisions.ts';
import type { Doors } from './doors.ts';
import { collectEvidence } from './evidence.ts';
import { edgeOf, quorumOf, refOf, waitsFor } from './ways.ts';

type Promotion = Extract<Subject, { kind: 'promotion' }>;

/**
 * The job `step`: one effect of one version. An older version has nothing left to do: the newer one has its own job.
 * Gives the time at which to look again, where there is nothing to do yet.
 */
export async function runStep(lease: Lease, doors: Doors): Promise<number | undefined> {
  const request = await doors.ledger.request(String(lease.payload['id']));
  if (!request || request.version !== lease.payload['version']) return undefined;
  const again = waitOf(doors, request);
  if (again !== undefined) {
    // What has lapsed meanwhile ends here, whether or not there was anything to do.
    const { changed } = await apply(doors, request.id, { kind: 'tick' }, product);
    return changed ? undefined : again;
  }
  const command = await doEffect(doors, request).catch((error: unknown) => giveUp(doors, request, error));
  if (command) await apply(doors, request.id, command, product);
  return undefined;
}

/** When to look again at a request that waits: for votes until it expires, for a window until that opens. */
function waitOf(doors: Doors, request: Request): number | undefined {
  const effect = nextEffect(request);
  if (effect?.kind === 'await') return Math.max(effect.until, doors.clock() + 1000);
  const opens = effect?.kind === 'begin' ? waitsFor(doors, request) : undefined;
  return opens && Math.min(opens.at ?? Number.POSITIVE_INFINITY, lapsesAt(request));
}

/**
 * What could not be read stops nothing for ever: a refusal of Azure's ends a request that is being resolved, anything
 * else is tried again until the request's own time is over.
 */
async function giveUp(doors: Doors, request: Request, error: unknown): Promise<Command | undefined> {
  const { name, code, message, retry } = error as Partial<Error> & { code?: string; retry?: boolean };
  if (request.state === 'resolving' && name === 'AzureError' && retry === false)
    return { kind: 'refuse', code: code ?? 'azure', text: message ?? '' };
  const { changed } = await apply(doors, request.id, { kind: 'tick' }, product);
  if (!changed) throw error;
  return undefined;
}

async function doEffect(doors: Doors, request: Request): Promise<Command | undefined> {
  const effect = nextEffect(request);
  const { subject } = request;
  if (!effect) return undefined;
  if (effect.kind === 'await') return { kind: 'tick' };
  if (subject.kind !== 'promotion') return undefined;
  switch (effect.kind) {
    case 'resolve':
      return resolve(doors, subject);
    case 'begin':
      return begin(doors, request, subject);
    case 'step':
      return takeStep(doors, request, subject, effect.step);
  }
}

async function resolve(doors: Doors, subject: Promotion): Promise<Command> {
  const edge = edgeOf(doors.policy(), subject);
  if (!edge)
    return {
      kind: 'refuse',
      code: 'edge-gone',
      text: `The policy no longer has the way '${subject.edge}'. Ask again on one it has.`,
    };
  const collected = await collectEvidence(doors, subject, edge);
  if (collected.kind === 'refused') return { kind: 'refuse', code: collected.code, text: collected.text };
  return {
    kind: 'resolved',
    evidence: collected.evidence,
    evidenceHash: collected.hash,
    nonce: doors.ids.token(),
  };
}

/** The digest is looked at again between the approval and the import: an approval is of a digest, not of a tag. */
async function begin(doors: Doors, request: Request, subject: Promotion): Promise<Command> {
  const quorum = quorumOf(edgeOf(doors.policy(), subject));
  const tag = await doors.reader.tag(refOf(doors.policy(), subject.source), subject.repository, subject.tag);
  if (tag?.digest === request.evidence?.digest) return { kind: 'begin', ...(quorum && { quorum }) };
  return { kind: 'moved', ...(tag && { sourceDigest: tag.digest }) };
}

interface Work {
  readonly doors: Doors;
  readonly request: Request;
  readonly subject: Promotion;
  readonly identity: string;
  readonly source: RegistryRef;
  readonly target: RegistryRef;
  readonly digest: string;
}

async function takeStep(
  doors: Doors,
  request: Request,
  subject: Promotion,
  step: SagaStep,
): Promise<Command> {
  const policy = doors.policy();
  const edge = edgeOf(policy, subject);
  const digest = request.evidence?.digest;
  if (!edge || !digest) {
    return {
      kind: 'step-failed',
      step,
      retry: false,
      code: 'edge-gone',
      text: `The policy no longer has the way '${subject.edge}', so nothing is imported on it.`,
    };
  }
  const work: Work = {
    doors,
    request,
    subject,
    identity: edge.identity,
    source: refOf(policy, subject.source),
    target: refOf(policy, subject.target),
    digest,
  };
  try {
    return await steps[step](work);
  } catch (error) {
    const { message, code, retry } = error as { message?: string; code?: string; retry?: boolean };
    doors.log.warn('a step of a promotion failed', { request: request.id, step, code, message });
    return {
      kind: 'step-failed',
      step,
      retry: retry ?? true,
      code: code ?? 'unexpected',
      text: message ?? 'an unexpected error',
    };
  }
}

/** Referrers imported at once. */
const parallelImports = 8;

const steps: Readonly<Record<SagaStep, (work: Work) => Promise<Command>>> = {
  preflight: async ({ doors, subject, target, source, digest }) => {
    const image = await doors.reader.image(source, subject.repository, digest);
    if (!image)
      return {
        kind: 'step-failed',
        step: 'preflight',
        retry: false,
        code: 'image-gone',
        text: 'The approved image is gone from the source. Push it and ask again.',
      };
    const there = await doors.reader.tag(target, subject.repository, subject.tag);
    if (there && there.digest !== digest) return { kind: 'mismatch', digest: there.digest };
    return { kind: 'step-done', step: 'preflight' };
  },
  import: async (work) => {
    const { doors, subject, target, digest } = work;
    const before = await doors.reader.tag(target, subject.repository, subject.tag);
    if (!before) await order(work, digest, subject.tag);
    const after = before ?? (await doors.reader.tag(target, subject.repository, subject.tag));
    if (!after)
      return {
        kind: 'step-failed',
        step: 'import',
        retry: true,
        code: 'not-imported',
        text: 'Azure says the import ended, but the tag is not there.',
      };
    return after.digest === digest
      ? { kind: 'step-done', step: 'import' }
      : { kind: 'mismatch', digest: after.digest };
  },
  referrers: async (work) => {
    const { doors, request, subject, target, digest } = work;
    const there = await doors.reader.image(target, subject.repository, digest);
    const held = new Set(there?.referrers.map((referrer) => referrer.digest));
    const missing = (request.evidence?.referrers ?? []).filter((referrer) => !held.has(referrer.digest));
    for (let i = 0; i < missing.length; i += parallelImports) {
      await Promise.all(
        missing.slice(i, i + parallelImports).map((referrer) => order(work, referrer.digest, referrer.tag)),
      );
    }
    return { kind: 'step-done', step: 'referrers' };
  },
  verify: async ({ doors, request, subject, target, digest }) => {
    const tag = await doors.reader.tag(target, subject.repository, subject.tag);
    if (tag && tag.digest !== digest) return { kind: 'mismatch', digest: tag.digest };
    const image = tag && (await doors.reader.image(target, subject.repository, digest));
    const held = new Set(image?.referrers.map((referrer) => referrer.digest));
    const lacking = (request.evidence?.referrers ?? []).filter((referrer) => !held.has(referrer.digest));
    if (!image || lacking.length > 0) {
      return {
        kind: 'step-failed',
        step: 'verify',
        retry: true,
        code: 'incomplete',
        text: `Not all of the image is in the target yet: ${lacking.length} referrers are missing.`,
      };
    }
    return { kind: 'step-done', step: 'verify' };
  },
  lock: async ({ doors, request, subject, identity, target, digest }) => {
    // What hangs on the image first, the tag last: a locked tag means that everything under it is locked.
    await Promise.all(
      lockedDigests(request, digest).map((each) =>
        doors.writer.lockManifest(identity, target, subject.repository, each),
      ),
    );
    for (const tag of lockedTags(request, subject))
      await doors.writer.lockTag(identity, target, subject.repository, tag);
    return { kind: 'step-done', step: 'lock' };
  },
  'read-back': async ({ doors, request, subject, target, digest }) => {
    const tags = await Promise.all(
      lockedTags(request, subject).map((tag) => doors.reader.tag(target, subject.repository, tag)),
    );
    const main = tags[0];
    if (main && main.digest !== digest) return { kind: 'mismatch', digest: main.digest };
    const manifests = await Promise.all(
      lockedDigests(request, digest).map((each) =>
        doors.reader.manifestLock(target, subject.repository, each),
      ),
    );
    const open = [...tags, ...manifests].filter((flags) => !isLocked(flags)).length;
    if (open > 0)
      return {
        kind: 'step-failed',
        step: 'read-back',
        retry: true,
        code: 'lock-open',
        text: `${open} of ${tags.length + manifests.length} locks do not hold yet.`,
      };
    return { kind: 'step-done', step: 'read-back' };
  },
};

async function order(
  { doors, subject, identity, source, target }: Work,
  digest: string,
  tag: string | undefined,
): Promise<void> {
  await doors.writer.importImage({
    identity,
    source,
    target,
    repository: subject.repository,
    digest,
    ...(tag && { tag }),
  });
}

/** The image, its platforms and everything attached: a child can be deleted under a locked index. */
const lockedDigests = (request: Request, digest: string): readonly string[] => [
  ...new Set([
    ...(request.evidence?.children ?? []),
    ...(request.evidence?.referrers.map((referrer) => referrer.digest) ?? []),
    digest,
  ]),
];

const lockedTags = (request: Request, subject: Promotion): readonly string[] => [
  subject.tag,
  ...(request.evidence?.referrers ?? []).flatMap((referrer) => referrer.tag ?? []),
];

const isLocked = (flags: LockFlags | undefined): boolean =>
  flags !== undefined && !flags.deleteEnabled && !flags.writeEnabled;
