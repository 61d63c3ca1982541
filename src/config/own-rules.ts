// Reads the organisation's own rules: every .kql file of the folder that the policy names. What is wrong with one is said
// by file, line and column, as the policy's own errors are.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type OwnRule, ownRule, parseFront } from '../posture/own-rule.ts';

export interface OwnRuleProblem {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

export interface OwnRules {
  readonly rules: readonly OwnRule[];
  readonly problems: readonly OwnRuleProblem[];
  /** Of every file, for the hash of the policy. */
  readonly texts: readonly string[];
}

/** Reads the folder; `unread` is the reason if it cannot be read. Queries are not parsed here. */
export function readOwnRules(
  folder: string,
  stages: readonly string[],
): OwnRules | { readonly unread: string } {
  const problems: OwnRuleProblem[] = [];
  const rules: OwnRule[] = [];
  const texts: string[] = [];
  const owner = (id: string) => rules.find((rule) => rule.id === id)?.definition.file;
  try {
    const names = readdirSync(folder).filter((name) => name.toLowerCase().endsWith('.kql'));
    for (const name of names.sort()) {
      const file = join(folder, name);
      const text = readFileSync(file, 'utf8');
      texts.push(text);
      const front = parseFront(text, file, { stages, owner });
      if (front.ok) rules.push(ownRule(front.definition));
      else problems.push(...front.problems.map((problem) => ({ ...problem, file })));
    }
  } catch (error) {
    return { unread: (error as NodeJS.ErrnoException).code ?? 'error' };
  }
  return { rules, problems, texts };
}
