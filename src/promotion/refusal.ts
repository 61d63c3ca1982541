// Why something was not done: a value, not an error. Every text says the rule and the cure.

export type RefusalCode =
  | 'not-found'
  | 'wrong-state'
  | 'stale-card'
  | 'expired'
  | 'source-moved'
  | 'evidence-changed'
  | 'gate-failed'
  | 'held'
  | 'self-approval'
  | 'not-eligible'
  | 'already-voted'
  | 'reason-needed'
  | 'import-began'
  | 'not-yours';

export interface Refusal {
  readonly code: RefusalCode;
  readonly text: string;
}
