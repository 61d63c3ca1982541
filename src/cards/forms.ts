// The two forms of this product: asking for a promotion, and saying why a request is rejected.
import type { Choice, Form } from './card.ts';

/** `ways` are the edges the person may ask on: value `FROM>TO`, label "uat to prod". */
export function promoteForm(
  ways: readonly Choice[],
  nonce: string,
  filled: { way?: string; repository?: string; tag?: string } = {},
): Form {
  return {
    name: 'promote',
    title: 'Promote an image',
    intro: 'The image is imported by digest after the approval, and locked where the policy says so.',
    submit: 'Ask',
    value: { v: 1, id: 'new', nonce },
    fields: [
      {
        kind: 'choice',
        id: 'way',
        label: 'From and to',
        choices: ways,
        ...((filled.way ?? ways[0]?.value) && { value: filled.way ?? ways[0]?.value ?? '' }),
      },
      {
        kind: 'picker',
        id: 'repository',
        label: 'Repository',
        source: 'repositories',
        dependsOn: 'way',
        ...(filled.repository && { value: choice(filled.repository) }),
      },
      {
        kind: 'picker',
        id: 'tag',
        label: 'Tag',
        source: 'tags',
        dependsOn: 'repository',
        ...(filled.tag && { value: choice(filled.tag) }),
      },
      {
        kind: 'text',
        id: 'reason',
        label: 'Reason',
        hint: 'Approvers see it, and the audit keeps it.',
        multiline: true,
        maxLength: 500,
      },
    ],
  };
}

const choice = (value: string): Choice => ({ label: value, value });

export function rejectForm(id: string, nonce: string): Form {
  return {
    name: 'reject',
    title: 'Reject the request',
    intro: `A rejection of ${id} is final.`,
    submit: 'Reject',
    value: { v: 1, id, nonce },
    fields: [
      {
        kind: 'text',
        id: 'reason',
        label: 'Reason',
        hint: 'The requester sees it.',
        multiline: true,
        maxLength: 500,
      },
    ],
  };
}
