import { describe, expect, it } from 'vitest';
import { isTighter, strictest, type Terms } from '../../src/promotion/terms.ts';

const terms = (gates: Terms['gates']): Terms => ({ gates });
const signature = (certificates?: readonly string[], accept: readonly string[] = []) =>
  terms({ signature: { mode: 'warn', accept, ...(certificates && { certificates }) } });
const signers = (...names: string[]) =>
  terms({ signature: { mode: 'warn', accept: [], certificates: [], ...(names[0] && { signers: names }) } });
const labels = (...require: string[]) => terms({ labels: { mode: 'warn', require } });
const posture = (registry: string, ...require: string[]) =>
  terms({ posture: { mode: 'warn', registry, require } });

const deciding = (...rules: readonly string[]): Terms => ({
  quorum: {
    rules: rules.map((rule) => ({ group: rule.slice(0, 1), min: Number(rule.slice(2)) })),
    total: 1,
    validFor: 1,
  },
  gates: {},
});

describe('the stricter of two policies', () => {
  it('trusts and accepts what both do', () => {
    expect(
      strictest(signature(['a', 'b'], ['x']), signature(['b', 'c'], ['x', 'y'])).gates.signature,
    ).toEqual({
      mode: 'warn',
      accept: ['x'],
      certificates: ['b'],
    });
    expect(strictest(signature(['a']), signature()).gates.signature?.certificates).toEqual([]);
    expect(strictest(signature(), signature(['a'])).gates.signature?.certificates).toEqual([]);
    const either = (a: Terms, b: Terms) => strictest(a, b).gates.signature?.signers;
    expect(either(signers('CN=a', 'CN=b'), signers('CN=b', 'CN=c'))).toEqual(['CN=b']);
    expect(either(signers('CN=a'), signers('CN=b'))).toEqual([]);
    expect([either(signers('CN=a'), signers()), either(signers(), signers('CN=a'))]).toEqual([
      ['CN=a'],
      ['CN=a'],
    ]);
    expect(either(signers(), signers())).toBeUndefined();
  });

  it('requires what either does', () => {
    expect(strictest(labels('a'), labels('b')).gates.labels?.require).toEqual(['a', 'b']);
    expect(strictest(posture('target', 'CR-1'), posture('source', 'CR-8')).gates.posture).toEqual({
      mode: 'warn',
      registry: 'source',
      require: ['CR-1', 'CR-8'],
    });
    expect(
      strictest(
        terms({ soak: { mode: 'off', stage: 'dev', min: 5 } }),
        terms({ soak: { mode: 'enforce', stage: 'uat', min: 3 } }),
      ).gates.soak,
    ).toEqual({ mode: 'enforce', stage: 'uat', min: 5 });
  });

  it('scans as often and accepts as little as either, and counts each group for itself', () => {
    const scan = (maxHigh: number, maxAge: number) =>
      terms({ scan: { mode: 'warn', maxCritical: maxHigh, maxHigh, maxAge } });
    const quorum = (...rules: { group: string; min: number }[]): Terms => ({
      quorum: { rules, total: 1, validFor: 1 },
      gates: {},
    });

    expect(strictest(scan(1, 9), scan(2, 3)).gates.scan).toMatchObject({
      maxCritical: 1,
      maxHigh: 1,
      maxAge: 3,
    });
    expect(
      strictest(quorum({ group: 'a', min: 3 }, { group: 'b', min: 1 }), quorum({ group: 'b', min: 2 })).quorum
        ?.rules,
    ).toEqual([
      { group: 'a', min: 3 },
      { group: 'b', min: 2 },
    ]);
  });

  it('is as strict in its mode as either, whichever comes first', () => {
    const modes = ['off', 'warn', 'enforce'] as const;
    const sbom = (mode: (typeof modes)[number]) => terms({ sbom: { mode } });

    for (const [i, loose] of modes.entries())
      for (const strict of modes.slice(i)) {
        expect(strictest(sbom(loose), sbom(strict)).gates.sbom).toEqual({ mode: strict });
        expect(strictest(sbom(strict), sbom(loose)).gates.sbom).toEqual({ mode: strict });
      }
  });

  it('lets an approval hold as short as either', () => {
    const holding = (validFor: number): Terms => ({ quorum: { rules: [], total: 1, validFor }, gates: {} });

    expect(strictest(holding(5), holding(9)).quorum?.validFor).toBe(5);
    expect(strictest(holding(9), holding(5)).quorum?.validFor).toBe(5);
  });

  it('keeps a gate that only one has', () => {
    const sbom = terms({ sbom: { mode: 'enforce' } });

    expect(strictest(sbom, terms({})).gates).toEqual(sbom.gates);
    expect(strictest(terms({}), sbom).gates).toEqual(sbom.gates);
    expect(strictest(sbom, terms({ sbom: { mode: 'warn' } })).gates).toEqual(sbom.gates);
  });
});

describe('a policy is tighter', () => {
  it.each([
    ['a certificate less', signature(['a', 'b']), signature(['a'])],
    ['one kind of signature less', signature(['a'], ['x']), signature(['a'])],
    ['signers that are named', signers(), signers('CN=a')],
    ['a signer less', signers('CN=a', 'CN=b'), signers('CN=a')],
    ['a label more', labels('a'), labels('a', 'b')],
    ['a rule more', posture('target', 'CR-1'), posture('target', 'CR-1', 'CR-8')],
    ['another registry', posture('target', 'CR-1'), posture('source', 'CR-1')],
    ['a gate more', labels('a'), terms({ ...labels('a').gates, sbom: { mode: 'warn' } })],
  ])('with %s, and not the other way round or in another order', (_, before, now) => {
    expect(isTighter(before, now)).toBe(true);
    expect(isTighter(now, now)).toBe(false);
  });

  it('not by lists in another order', () => {
    expect(isTighter(labels('a', 'b'), labels('b', 'a'))).toBe(false);
    expect(isTighter(posture('target', 'a', 'b'), posture('target', 'b', 'a'))).toBe(false);
    expect(isTighter(signature(['a', 'b'], ['x', 'y']), signature(['b', 'a'], ['y', 'x']))).toBe(false);
    expect(isTighter(deciding('a 1', 'b 2'), deciding('b 2', 'a 1'))).toBe(false);
  });

  it('by one approver more of one group, or by an approval at all', () => {
    expect(isTighter(deciding('a 1', 'b 2'), deciding('a 2', 'b 2'))).toBe(true);
    expect(isTighter(deciding('a 1'), deciding('a 1', 'b 1'))).toBe(true);
    expect(isTighter(deciding('a 2', 'b 2'), deciding('a 1'))).toBe(false);
    expect(isTighter(terms({}), deciding('a 1'))).toBe(true);
    expect(isTighter(deciding('a 1'), terms({}))).toBe(false);
  });
});
