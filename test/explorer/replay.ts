// The product's own saga steps, one call at a time: a step is run again from its start with the answers that its calls
// got so far, up to the call that has none yet. So a crash, a fault or the other replica can come between any two calls.
import type { Doors } from '../../src/commands/doors.ts';
import { stepIncident, type Work } from '../../src/commands/saga-steps.ts';
import type { ImportOrder, RegistryRef } from '../../src/ports.ts';
import type { Command } from '../../src/promotion/machine.ts';
import type { Request, SagaStep } from '../../src/promotion/request.ts';
import type { Machine } from './machine.ts';
import {
  type Answer,
  type Call,
  childOf,
  identity,
  type Image,
  referrersOf,
  source,
  target,
} from './registries.ts';

/** A step under way: what its calls answered, in their order. */
export interface Run {
  readonly step: SagaStep;
  readonly digest: Image;
  readonly answers: readonly Answer[];
}

export type Next = { readonly call: Call } | { readonly command: Command };
export type Replay = (run: Run, request: Request) => Next | Promise<Next>;

/** Remembers every replay: the same answers always lead to the same call. */
export function createReplay(machine: Machine): Replay {
  const known = new Map<string, Next>();
  return (run, request) => {
    const key = JSON.stringify(run);
    const found = known.get(key);
    if (found) return found;
    return replay(machine, run, request).then((next) => {
      known.set(key, next);
      return next;
    });
  };
}

async function replay(machine: Machine, { step, digest, answers }: Run, request: Request): Promise<Next> {
  return new Promise((resolve) => {
    let count = 0;
    const call = (made: Call): Promise<never> => {
      const answer = answers[count++];
      if (answer === undefined) {
        resolve({ call: made });
        return new Promise(() => undefined);
      }
      return 'error' in answer
        ? Promise.reject(Object.assign(new Error(answer.error), { retry: true, code: 'azure' }))
        : Promise.resolve(answer.value as never);
    };
    const work = workOf(call, request, digest);
    void machine.steps[step](work)
      .catch((error: unknown) => stepIncident(work.doors, request, step, error))
      .then((command) => resolve({ command }));
  });
}

function workOf(call: (made: Call) => Promise<never>, request: Request, digest: Image): Work {
  const reader: Partial<Doors['reader']> = {
    // What is not known of the registries' settings stops nothing.
    scan: () => Promise.reject(new Error('no scan')),
    tag: () => call({ kind: 'tag' }),
    image: (registry, _, wanted) => call({ kind: 'image', registry: registry.id, digest: wanted }),
    manifestLock: (_, __, wanted) => call({ kind: 'manifest-lock', digest: wanted }),
  };
  const writer: Doors['writer'] = {
    importImage: (order: ImportOrder) => call({ kind: 'import', order }),
    lockTag: (by: string, { id }: RegistryRef) => call({ kind: 'lock-tag', by, registry: id }),
    lockManifest: (by: string, { id }: RegistryRef, _: string, wanted: string) =>
      call({ kind: 'lock-manifest', by, registry: id, digest: wanted }),
  };
  const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const { subject, evidence } = request;
  if (subject.kind !== 'promotion' || !evidence) throw new Error('only a promotion with evidence has steps');
  // Children and referrers are the image's own, whatever else the evidence says by now.
  const pinned = { ...evidence, digest, children: childOf[digest], referrers: referrersOf[digest] };
  return {
    doors: { reader, writer, log: silent } as unknown as Doors,
    request: { ...request, evidence: pinned },
    subject,
    identity,
    source,
    target,
    digest,
  };
}
