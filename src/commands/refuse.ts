// Refusals as answers. Each says the rule and the cure; suggestions are reads, never writes.
import type { Action } from '../cards/card.ts';
import { refusalCard } from '../cards/refusal-card.ts';
import { closestName } from '../policy/closest.ts';
import type { Answer } from '../ports.ts';

export function refuse(
  code: string,
  text: string,
  extra: {
    readonly suggestions?: readonly Action[];
    readonly details?: readonly string[];
    readonly field?: string;
  } = {},
): Answer {
  return {
    kind: 'refusal',
    code,
    card: refusalCard(text, extra.suggestions, extra.details),
    ...(extra.field && { field: extra.field }),
  };
}

/** "There is no registry 'prd'. Did you mean 'prod'?" */
export function unknownName(what: string, name: string, known: readonly string[], field?: string): Answer {
  const near = closestName(name, known);
  const cure = near
    ? `Did you mean '${near}'?`
    : known.length <= 12
      ? `There are: ${[...new Set(known)].join(', ')}.`
      : '';
  return refuse(
    `unknown-${what}`,
    `There is no ${what} '${name.slice(0, 80)}'. ${cure}`.trim(),
    field ? { field } : {},
  );
}

export const readAction = (action: string, label: string, id = ''): Action => ({
  action,
  label,
  accessibilityLabel: id ? `${label}: ${id}` : label,
  value: { v: 1, id, nonce: '' },
});
