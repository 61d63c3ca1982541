// The policy that the tests of policies change, a place at a time.
import { readFileSync } from 'node:fs';
import { parsePolicy } from '../../src/config/policy-file.ts';
import type { Policy } from '../../src/policy/policy.ts';

export const good = readFileSync(new URL('../fixtures/policy.yaml', import.meta.url), 'utf8');

/** The text with each place replaced; a place that is not there is a mistake of the test. */
export const changed = (...places: readonly (readonly [from: string | RegExp, to: string])[]): string =>
  places.reduce((text, [from, to]) => {
    if (text.search(typeof from === 'string' ? RegExp.escape(from) : from) < 0)
      throw new Error(`The policy has no ${from}`);
    return text.replace(from, to);
  }, good);

/** The policy of a text without errors. */
export function policyOf(text = good): Policy {
  const reading = parsePolicy(text);
  if (!reading.ok) throw new Error(reading.errors.map((error) => error.text).join('\n'));
  return reading.policy;
}

/** What is said of the policy: its errors, or where it has none its warnings. */
export function messagesOf(text: string): readonly string[] {
  const reading = parsePolicy(text);
  return (reading.ok ? reading.warnings : reading.errors).map((one) => `${one.path}: ${one.message}`);
}
