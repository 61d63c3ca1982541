import { describe, expect, it } from 'vitest';
import { driftBetween } from '../../src/digest/drift.ts';

describe('drift', () => {
  it('names every outcome that became another, better ones too, and leaves new and gone registries out', () => {
    const before = {
      asOf: 1,
      findings: { prod: { 'CR-1': 'fail', 'CR-8': 'unknown' }, gone: { 'CR-1': 'fail' } },
    };
    const now = {
      asOf: 2,
      findings: { prod: { 'CR-8': 'unknown', 'CR-9': 'fail' }, fresh: { 'CR-1': 'fail' } },
    };

    expect(driftBetween(before, now)).toEqual([
      { registry: 'prod', rule: 'CR-1', before: 'fail', now: 'fine' },
      { registry: 'prod', rule: 'CR-9', before: 'fine', now: 'fail' },
    ]);
  });

  it('is nothing between two equal scores', () => {
    const score = { asOf: 1, findings: { prod: { 'CR-1': 'fail' } } };

    expect(driftBetween(score, score)).toEqual([]);
  });
});
