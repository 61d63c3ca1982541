// What can be done to a request (commands) and what can happen to it (events).
import type { Evidence, Quorum, SagaStep, Subject, Vote } from './request.ts';

export type Command =
  | {
      readonly kind: 'ask';
      readonly id: string;
      readonly subject: Subject;
      readonly requester: string;
      readonly reason: string;
      readonly askedIn?: string;
      readonly policy: string;
      readonly quorum?: Quorum;
      readonly expiresAt: number;
      readonly nonce: string;
    }
  | {
      readonly kind: 'resolved';
      readonly evidence: Evidence;
      readonly evidenceHash: string;
      readonly nonce: string;
    }
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
      readonly quorum?: Quorum;
      /** What the source tag points at now; absent if the tag is gone. */
      readonly sourceDigest?: string;
      /** From the card that was clicked; absent when it was typed. */
      readonly nonce?: string;
    }
  | { readonly kind: 'cancel'; readonly person: string; readonly admin: boolean; readonly reason?: string }
  | { readonly kind: 'tick' }
  | { readonly kind: 'moved'; readonly sourceDigest?: string }
  /** `quorum`: what the policy of now asks for; votes that were enough when they were cast may not be any more. */
  | { readonly kind: 'begin'; readonly quorum?: Quorum }
  | { readonly kind: 'step-done'; readonly step: SagaStep }
  | {
      readonly kind: 'step-failed';
      readonly step: SagaStep;
      readonly retry: boolean;
      readonly code: string;
      readonly text: string;
    }
  | { readonly kind: 'mismatch'; readonly digest: string };

export type Event =
  | { readonly kind: 'asked'; readonly command: Extract<Command, { kind: 'ask' }> }
  | {
      readonly kind: 'resolved';
      readonly evidence: Evidence;
      readonly evidenceHash: string;
      readonly nonce: string;
    }
  | { readonly kind: 'voted'; readonly vote: Vote }
  | { readonly kind: 'approved' }
  | { readonly kind: 'granted' }
  | { readonly kind: 'import-began' }
  | { readonly kind: 'step-done'; readonly step: SagaStep }
  | { readonly kind: 'lock-began' }
  | { readonly kind: 'trouble'; readonly step: SagaStep; readonly text: string; readonly alarm: boolean }
  | { readonly kind: 'promoted' }
  | {
      readonly kind: 'ended';
      readonly state:
        | 'refused'
        | 'rejected'
        | 'cancelled'
        | 'expired'
        | 'superseded'
        | 'failed'
        | 'quarantined';
      readonly code: string;
      readonly text: string;
    };
