// What a request is about, in words.
import type { Subject } from '../promotion/request.ts';

/** What is asked for: as the title of its card, and inside a sentence or a list. */
export function subjectText(subject: Subject): { readonly title: string; readonly summary: string } {
  switch (subject.kind) {
    case 'promotion': {
      const image = `${subject.repository}:${subject.tag}`;
      return subject.rollback
        ? {
            title: `Roll ${subject.toStage} back to ${image}`,
            summary: `rollback of ${subject.toStage} to ${image}`,
          }
        : {
            title: `Promote ${image} to ${subject.toStage}`,
            summary: `${image} from ${subject.fromStage} to ${subject.toStage}`,
          };
    }
    case 'waiver':
      return {
        title: `Waive ${subject.rule} on ${subject.scope}`,
        summary: `waiver of ${subject.rule} on ${subject.scope}`,
      };
    case 'gate':
      return {
        title: `Let the gate ${subject.gate} of ${subject.request} pass`,
        summary: `waiver of the gate ${subject.gate} of ${subject.request}`,
      };
    case 'review':
      return {
        title: `Review the break-glass of ${subject.request}`,
        summary: `review of the break-glass of ${subject.request}`,
      };
  }
}
