// What can be done to a request (commands) and what can happen to it (events).
import type { BrokenGlass, Evidence, Facts, GateWaiver, SagaStep, Subject, Vote } from './request.ts';
import type { Terms } from './terms.ts';

/** What was collected about the image just now, and what the policy of now asks. */
export interface Judgement {
  readonly facts: Facts;
  readonly terms: Terms;
  /** Hash of the policy of now. */
  readonly policy: string;
  /** The card's, if what it shows has changed. */
  readonly nonce: string;
}

export type Command =
  | {
      readonly kind: 'ask';
      readonly id: string;
      readonly subject: Subject;
      readonly requester: string;
      readonly reason: string;
      readonly askedIn?: string;
      readonly policy: string;
      readonly terms: Terms;
      readonly barred?: readonly string[];
      readonly escalation?: { readonly after: number; readonly to: string };
      readonly expiresAt: number;
      readonly nonce: string;
    }
  /** The evidence was collected: for the first time, or again. */
  | { readonly kind: 'judge'; readonly judgement: Judgement }
  /** It can never be: what it names is not there, or the policy has no such way any more. */
  | { readonly kind: 'refuse'; readonly code: string; readonly text: string }
  | {
      readonly kind: 'vote';
      readonly person: string;
      readonly decision: 'approve' | 'reject';
      readonly reason?: string;
      readonly channel: string;
      /** The person's groups now, by the policy of now. */
      readonly groups: readonly string[];
      /** What the policy of now asks for; both it and the request's own quorum must be met. */
      readonly terms: Terms;
      /** Of a promotion: what its vote is about, collected again. Absent if the source tag moved or is gone. */
      readonly judgement?: Judgement;
      /** What the source tag points at now; absent if the tag is gone. */
      readonly sourceDigest?: string;
      /** From the card that was clicked; absent when it was typed. */
      readonly nonce?: string;
    }
  | {
      readonly kind: 'cancel';
      readonly person: string;
      readonly admin: boolean;
      readonly reason?: string;
    }
  /** `may`: the policy lets this person hold it, besides the requester. */
  | { readonly kind: 'hold'; readonly person: string; readonly may: boolean; readonly reason?: string }
  | {
      readonly kind: 'resume';
      readonly person: string;
      readonly may: boolean;
      readonly judgement: Judgement;
    }
  | {
      readonly kind: 'break-glass';
      readonly person: string;
      /** Whether the person is of the group that may, and the stage is one where it may be done. */
      readonly may: boolean;
      readonly reason: string;
      readonly ticket: string;
      readonly reviewWithin: number;
      readonly judgement: Judgement;
    }
  | { readonly kind: 'let-pass'; readonly waiver: GateWaiver; readonly judgement: Judgement }
  | { readonly kind: 'tick' }
  | { readonly kind: 'moved'; readonly sourceDigest?: string }
  /** `closed`: the window or freeze that keeps an import from beginning now. */
  | {
      readonly kind: 'begin';
      readonly judgement: Judgement;
      readonly closed?: { readonly why: string; readonly until?: number };
    }
  | { readonly kind: 'step-done'; readonly step: SagaStep }
  | {
      readonly kind: 'step-failed';
      readonly step: SagaStep;
      readonly retry: boolean;
      readonly code: string;
      readonly text: string;
    }
  | { readonly kind: 'mismatch'; readonly digest: string };

export type EndState =
  | 'refused'
  | 'rejected'
  | 'cancelled'
  | 'expired'
  | 'superseded'
  | 'failed'
  | 'quarantined';

export type Event =
  | { readonly kind: 'asked'; readonly command: Extract<Command, { kind: 'ask' }> }
  | {
      readonly kind: 'judged';
      readonly evidence: Evidence;
      readonly evidenceHash: string;
      readonly terms: Terms;
      readonly nonce: string;
    }
  | { readonly kind: 'voted'; readonly vote: Vote }
  /** Approvals that were given count no longer. */
  | { readonly kind: 'voided'; readonly why: string }
  | { readonly kind: 'blocked' }
  /** Votes are open. */
  | { readonly kind: 'opened' }
  | { readonly kind: 'held'; readonly by: string; readonly why?: string }
  | { readonly kind: 'resumed'; readonly by: string }
  | { readonly kind: 'let-pass'; readonly waiver: GateWaiver }
  | { readonly kind: 'glass-broken'; readonly glass: BrokenGlass }
  | { readonly kind: 'approved' }
  | { readonly kind: 'granted' }
  | { readonly kind: 'waiting'; readonly why: string; readonly until?: number }
  | { readonly kind: 'reminded'; readonly count: number }
  | { readonly kind: 'escalated'; readonly to: string }
  | { readonly kind: 'import-began' }
  | { readonly kind: 'step-done'; readonly step: SagaStep }
  | { readonly kind: 'lock-began' }
  | { readonly kind: 'trouble'; readonly step: SagaStep; readonly text: string }
  /** Somebody has to look at it; it goes on. */
  | { readonly kind: 'alarmed'; readonly text: string }
  | { readonly kind: 'promoted' }
  | {
      readonly kind: 'ended';
      readonly state: EndState;
      readonly code: string;
      readonly text: string;
    };
