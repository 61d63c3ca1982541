import { describe, expect, it } from 'vitest';
import { changed, good, messagesOf } from './fixture.ts';

const gates = (text: string) => changed(['sbom: { mode: warn }', text]);
const windows = (...lines: readonly string[]) =>
  changed([/^ {2}- \{ name: office.*$/m, lines.map((line) => `  - { ${line} }`).join('\n')]);
const always = 'days: [mon, tue, wed, thu, fri, sat, sun], from: "00:00", to: "24:00"';

describe('the check of a policy', () => {
  it('says nothing of a policy all of which is acted on', () => {
    expect(messagesOf(good)).toEqual([]);
  });

  it('says where it does not act on a rule, and what becomes of the gate', () => {
    expect(messagesOf(gates('posture: { require: [CR-1, ORG-99] }'))).toEqual([
      "edges[1].gates.posture.require[1]: This version does not act on the rule 'ORG-99' yet. The gate is always unknown.",
    ]);
    expect(messagesOf(gates('posture: { mode: off, require: [ORG-99] }'))).toEqual([]);
  });

  it('says that an enforced signature gate that trusts nothing can never be met', () => {
    const signature = (rule: string) => messagesOf(gates(`signature: { ${rule} }`));

    expect(signature('mode: enforce, trusted: []')).toEqual([
      "edges[1].gates.signature.trusted: The signature gate of 'to-prod' trusts no certificate, so nothing can meet it. Name PEM files of authorities.",
    ]);
    expect(signature('mode: enforce, trusted: [a.pem]')).toEqual([]);
    expect(signature('mode: enforce, trusted: [], accept: [cosign-present]')).toEqual([]);
    expect(signature('mode: enforce, trusted: [a.pem], accept: [cosign-present]')).toEqual([]);
    expect(signature('mode: warn, trusted: []')).toEqual([]);
  });

  it('does not warn of a known rule, of a soak where the image comes from, or of a gate that is off', () => {
    const text = gates(
      'posture: { require: [CR-1] }\n      soak: { stage: uat, min: 1h }\n      signature: { mode: off, trusted: [a.pem] }',
    );

    expect(messagesOf(text)).toEqual([]);
  });

  it('warns of windows that leave a stage closed for good, and not of one that is always open', () => {
    expect(messagesOf(windows(`name: never, stages: [prod], kind: deny, ${always}`))).toEqual([
      "windows: The windows never open 'prod': nothing can be imported into it.",
    ]);
    expect(messagesOf(windows(`name: always, stages: [prod], kind: allow, ${always}`))).toEqual([]);
  });

  it('warns of the closed stage alone where another has windows of its own', () => {
    const never = `name: never, stages: [prod], kind: deny, ${always}`;
    const open = `name: always, stages: [uat], kind: allow, ${always}`;

    expect(messagesOf(windows(never, open))).toEqual([
      "windows: The windows never open 'prod': nothing can be imported into it.",
    ]);
  });
});
