// The approval machine as the explorer takes it: the product's own parts, or one of them with a bug planted, so that a
// test can show that each of these bugs would be found.
import { decide } from '../../src/promotion/decide.ts';
import type { Decided } from '../../src/promotion/decided.ts';
import { evolveAll } from '../../src/promotion/evolve.ts';
import type { Command } from '../../src/promotion/machine.ts';
import type { Request } from '../../src/promotion/request.ts';
import { nextEffect } from '../../src/promotion/saga.ts';
import { steps } from '../../src/commands/saga-steps.ts';
import type { ImportOrder } from '../../src/ports.ts';

export interface Machine {
  readonly decide: typeof decide;
  readonly evolveAll: typeof evolveAll;
  readonly nextEffect: typeof nextEffect;
  readonly steps: typeof steps;
}

export const realMachine: Machine = { decide, evolveAll, nextEffect, steps };

type Decide = Machine['decide'];
/** The product's `decide`, shown another request, command or time than there is. */
const deceived = (
  change: (
    request: Request,
    command: Command,
    now: number,
  ) => readonly [request: Request, command: Command, now: number],
): Machine => {
  const decideOn: Decide = (request, command, now, hash): Decided =>
    request ? decide(...change(request, command, now), hash) : decide(request, command, now, hash);
  return { ...realMachine, decide: decideOn };
};

/** An order that overwrites: what the writing door of the product cannot even say. */
export type ForcedOrder = ImportOrder & { readonly force: true };

export const plantedBugs = {
  'no four eyes': deceived((request, command, now) => [
    command.kind === 'vote' ? { ...request, requester: 'nobody' } : request,
    command,
    now,
  ]),
  'expiry not in the transaction': deceived((request, command, now) => [
    request,
    command,
    command.kind === 'vote' ? request.createdAt : now,
  ]),
  'vote not bound to the digest': deceived((request, command, now) => {
    const { evidence } = request;
    const seen = 'judgement' in command ? command.judgement?.facts.digest : undefined;
    return [
      evidence && seen ? { ...request, evidence: { ...evidence, digest: seen } } : request,
      command,
      now,
    ];
  }),
  'two imports': {
    ...realMachine,
    steps: {
      ...steps,
      import: async (work) => {
        const { doors, identity, source, target, subject, digest } = work;
        const { repository, tag } = subject;
        const order: ForcedOrder = { identity, source, target, repository, digest, tag, force: true };
        await doors.writer.importImage(order);
        return { kind: 'step-done', step: 'import' };
      },
    },
  },
  'lock skipped': deceived((request, command, now) => [
    command.kind === 'step-done' && request.subject.kind === 'promotion'
      ? { ...request, subject: { ...request.subject, lock: false } }
      : request,
    command,
    now,
  ]),
} as const satisfies Readonly<Record<string, Machine>>;
