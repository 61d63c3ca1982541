// The forms of this product: asking for a promotion, and saying why something is done to a request.
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

export const rejectForm = (id: string, nonce: string): Form =>
  reasonForm('reject', { id, nonce }, 'Reject the request', 'Reject', {
    intro: `A rejection of ${id} is final.`,
    hint: 'The requester sees it.',
  });

export const reviewForm = (id: string, nonce: string): Form =>
  reasonForm('review', { id, nonce }, 'Review the break-glass', 'Reviewed', {
    intro: `${id} ends with what you found.`,
    hint: 'What you found; the audit keeps it.',
  });

export function breakGlassForm(id: string, nonce: string): Form {
  const form = reasonForm('breakglass', { id, nonce }, 'Break the glass', 'Break it', {
    intro: `${id} passes quorum, windows, freezes and soak. Every other gate binds, and somebody else must review it.`,
    hint: 'What is wrong; the louder channel sees it.',
  });
  return {
    ...form,
    fields: [
      { kind: 'text', id: 'ticket', label: 'Ticket', multiline: false, maxLength: 100 },
      ...form.fields,
    ],
  };
}

function reasonForm(
  name: Form['name'],
  about: { readonly id: string; readonly nonce: string },
  title: string,
  submit: string,
  words: { readonly intro: string; readonly hint: string },
): Form {
  return {
    name,
    title,
    intro: words.intro,
    submit,
    value: { v: 1, ...about },
    fields: [
      { kind: 'text', id: 'reason', label: 'Reason', hint: words.hint, multiline: true, maxLength: 500 },
    ],
  };
}
