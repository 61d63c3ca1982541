// A request, an audit row and a vote, as the contract of the store uses them.
import type { AuditEntry, Basis, Verdict } from '../../src/ports.ts';
import type { Request } from '../../src/promotion/request.ts';

export const request: Request = {
  id: 'P-1',
  version: 1,
  state: 'resolving',
  subject: { kind: 'waiver', rule: 'CR-1', scope: 'prod', until: 1, values: {} },
  requester: 'dana',
  reason: 'r',
  policy: 'p',
  createdAt: 1,
  updatedAt: 1,
  expiresAt: 10,
  votes: [],
  done: [],
  attempt: 0,
  nonce: 'n',
};

export const entry = (action: string): AuditEntry => ({
  at: 5,
  actor: { person: 'dana', channel: 'slack' },
  action,
  subject: 'P-1',
  facts: { b: 1, a: [2] },
});

/** A decision that writes `change` over what is stored; it says `true`. */
export const writing =
  (change: Partial<Request>, action = 'changed') =>
  ({ before }: Basis): Verdict<boolean> => ({
    result: true,
    decision: {
      request: { ...request, ...before, ...change, version: (before?.version ?? 0) + 1 },
      audit: [entry(action)],
      jobs: [],
    },
  });

/** A vote of a person who has not voted; it says whether it counted. */
export const voteOf =
  (person: string) =>
  (basis: Basis): Verdict<boolean> => {
    const votes = basis.before?.votes ?? [];
    if (votes.some((vote) => vote.person === person)) return { result: false };
    const vote = {
      person,
      decision: 'approve',
      at: basis.now,
      groups: [],
      evidence: '',
      channel: 'slack',
    } as const;
    return writing({ votes: [...votes, vote] }, `voted ${person}`)(basis);
  };
