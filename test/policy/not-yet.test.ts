import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parsePolicy } from '../../src/config/policy-file.ts';

const good = readFileSync(new URL('../fixtures/policy.yaml', import.meta.url), 'utf8');

function warningsOf(text: string): readonly string[] {
  const reading = parsePolicy(text);
  if (!reading.ok) throw new Error(reading.errors.map((error) => error.text).join('\n'));
  return reading.warnings.map((warning) => `${warning.path}: ${warning.message}`);
}

describe('the check of a policy', () => {
  it('says nothing of a policy all of which is acted on', () => {
    expect(warningsOf(good)).toEqual([]);
  });

  it.each([
    ["the rule 'ORG-99'", good.replace('sbom: { mode: warn }', 'posture: { require: [CR-1, ORG-99] }')],
  ])('says that it does not act on %s', (what, text) => {
    expect(warningsOf(text).filter((line) => line.includes(`does not act on ${what} yet`))).toHaveLength(1);
  });

  it('does not warn of a known rule, of a soak where the image comes from, or of a gate that is off', () => {
    const text = good.replace(
      'sbom: { mode: warn }',
      'posture: { require: [CR-1] }\n      soak: { stage: uat, min: 1h }\n      signature: { mode: off, trusted: [a.pem] }',
    );

    expect(warningsOf(text).filter((line) => line.startsWith('edges[1]'))).toEqual([]);
  });

  it('warns of windows that leave a stage closed for good, and not of one that is always open', () => {
    const windows = (text: string) => good.replace(/^ {2}- \{ name: office.*$/m, text);
    const days = 'days: [mon, tue, wed, thu, fri, sat, sun], from: "00:00", to: "24:00"';

    expect(
      warningsOf(windows(`  - { name: never, stages: [prod], kind: deny, ${days} }`)).filter((line) =>
        line.startsWith('windows'),
      ),
    ).toEqual(["windows: The windows never open 'prod': nothing can be imported into it."]);
    expect(
      warningsOf(windows(`  - { name: always, stages: [prod], kind: allow, ${days} }`)).filter((line) =>
        line.startsWith('windows'),
      ),
    ).toEqual([]);
  });
});
