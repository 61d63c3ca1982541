// The steps of the saga at the registries. Each first looks whether it is done already, so that it may be repeated after
// a crash anywhere; what Azure says of an import is not believed, what the target holds is.
import type { Command } from '../promotion/machine.ts';
import type { Request, SagaStep, Subject } from '../promotion/request.ts';
import type { LockFlags, RegistryRef } from '../ports.ts';
import type { Doors } from './doors.ts';
import { digestsOf, lockTree, tagsOf, type Tree } from './lock-tree.ts';
import { obstacleTo } from './preflight.ts';

type Promotion = Extract<Subject, { kind: 'promotion' }>;

export interface Work {
  readonly doors: Doors;
  readonly request: Request;
  readonly subject: Promotion;
  /** Client id of the edge's identity. */
  readonly identity: string;
  readonly source: RegistryRef;
  readonly target: RegistryRef;
  readonly digest: string;
}

/** What an unexpected error of a step comes to. */
export function stepIncident(doors: Doors, request: Request, step: SagaStep, error: unknown): Command {
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

/** Referrers imported at once. */
const parallelImports = 8;

export const steps: Readonly<Record<SagaStep, (work: Work) => Promise<Command>>> = {
  preflight: async (work) => {
    const { doors, subject, target, source, digest } = work;
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
    const obstacle = there ? undefined : await obstacleTo(work, image);
    return obstacle
      ? { kind: 'step-failed', step: 'preflight', retry: false, ...obstacle }
      : { kind: 'step-done', step: 'preflight' };
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
    const place = { identity, registry: target, repository: subject.repository };
    await lockTree(doors, place, [subject.tag], treeOf(request, digest));
    return { kind: 'step-done', step: 'lock' };
  },
  'read-back': async ({ doors, request, subject, target, digest }) => {
    const tags = await Promise.all(
      tagsOf([subject.tag], treeOf(request, digest)).map((tag) =>
        doors.reader.tag(target, subject.repository, tag),
      ),
    );
    const main = tags[0];
    if (main && main.digest !== digest) return { kind: 'mismatch', digest: main.digest };
    const manifests = await Promise.all(
      digestsOf(treeOf(request, digest)).map((each) =>
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

const treeOf = ({ evidence }: Request, digest: string): Tree => ({
  digest,
  children: evidence?.children ?? [],
  referrers: evidence?.referrers ?? [],
});

const isLocked = (flags: LockFlags | undefined): boolean =>
  flags !== undefined && !flags.deleteEnabled && !flags.writeEnabled;
