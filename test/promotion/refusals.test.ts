// What a refusal says: people act on the words, not on the code.
import { describe, expect, it } from 'vitest';
import { decide } from '../../src/promotion/decide.ts';
import type { Command } from '../../src/promotion/machine.ts';
import type { Request, Subject } from '../../src/promotion/request.ts';
import type { Terms } from '../../src/promotion/terms.ts';
import {
  after,
  approving,
  ask,
  asking,
  begin,
  digest,
  facts,
  hash,
  hour,
  judgement,
  other,
  scanned,
  vote,
} from './machine-world.ts';

const pending = after(asking);
const importing = after([...approving, begin()]);
const said = (request: Request, command: Command): string | undefined =>
  decide(request, command, 2, hash).refusal?.text;

describe('a refusal', () => {
  it('names what cannot be done any more once the import has begun', () => {
    const glass: Command = {
      kind: 'break-glass',
      person: 'ines',
      may: true,
      reason: 'outage',
      ticket: 'INC-1',
      reviewWithin: hour,
      judgement: judgement(),
    };

    expect(said(importing, { kind: 'cancel', person: 'dana', admin: false })).toContain(
      'cannot be cancelled',
    );
    expect(said(importing, { kind: 'hold', person: 'dana', may: false })).toContain('cannot be held');
    expect(said(importing, glass)).toContain('cannot be broken out');
  });

  it('names the groups that decide', () => {
    expect(said(pending, vote('olga', ['shop-team']))).toBe(
      'Only members of release, security decide this. Ask one of them.',
    );
  });

  it('of a vote on a tag that moved names both digests', () => {
    const moved = judgement({ facts: { ...facts, digest: other } });

    expect(said(pending, vote('rui', ['release'], { judgement: moved }))).toContain(
      `moved from ${digest} to ${other}`,
    );
  });

  it('of a vote on evidence that got worse says what got worse', () => {
    const worse = judgement({ facts: scanned(0, 5) });

    expect(said(pending, vote('rui', ['release'], { judgement: worse }))).toBe(
      'The scanner finds more by now: 0 critical and 5 high. Look at the card as it is now, and decide again.',
    );
  });
});

describe('a waiver that was asked for under a loose policy', () => {
  const subject: Subject = { kind: 'waiver', rule: 'CR-1', scope: 'prod', until: 1, values: {} };
  const needing = (total: number): Terms => ({
    quorum: { rules: [{ group: 'security', min: 1 }], total, validFor: hour },
    gates: {},
  });
  const asked = after([{ ...ask, subject, terms: needing(1) }]);
  const vouched = (person: string, total: number): Command => {
    const { judgement: _, ...ballot } = vote(person, ['security']) as Extract<Command, { kind: 'vote' }>;
    return { ...ballot, terms: needing(total) };
  };

  it('is granted by as many as the policy of now asks for', () => {
    const once = after([vouched('sofia', 2)], 2, asked);

    expect(after([vouched('sofia', 1)], 2, asked).state).toBe('granted');
    expect(once.state).toBe('pending');
    expect(after([vouched('rui', 2)], 3, once).state).toBe('granted');
  });
});
