import { describe, expect, it } from 'vitest';
import { standing } from '../../src/promotion/quorum.ts';
import type { Vote } from '../../src/promotion/request.ts';

const vote = (person: string, groups: readonly string[], decision: Vote['decision'] = 'approve'): Vote => ({
  person,
  decision,
  groups,
  at: 1,
  evidence: 'e',
  channel: 'slack',
});
const two = {
  rules: [
    { group: 'release', min: 1 },
    { group: 'security', min: 1 },
  ],
  total: 2,
  validFor: 1,
};

describe('the standing of the votes', () => {
  it('never counts the requester, even if a vote of theirs came to be stored', () => {
    const votes = [vote('dana', ['release', 'security']), vote('rui', ['release'])];

    expect(standing(two, votes, ['dana'])).toMatchObject({ met: false, people: 1 });
  });

  it('counts a person of two groups for both, but once in all', () => {
    expect(standing(two, [vote('rui', ['release', 'security'])], ['dana'])).toMatchObject({
      met: false,
      people: 1,
    });
    expect(
      standing(two, [vote('rui', ['release', 'security']), vote('paul', ['release'])], ['dana']),
    ).toMatchObject({ met: true, people: 2 });
  });

  it('does not count a rejection, nor one person’s votes twice', () => {
    const votes = [
      vote('rui', ['release']),
      vote('rui', ['security']),
      vote('sofia', ['security'], 'reject'),
    ];

    expect(standing(two, votes, ['dana'])).toMatchObject({ met: false, people: 1 });
  });

  it('needs at least as many people as the largest group’s minimum', () => {
    const quorum = { rules: [{ group: 'release', min: 2 }], total: 1, validFor: 1 };

    expect(standing(quorum, [vote('rui', ['release'])], ['dana'])).toMatchObject({ met: false, total: 2 });
  });
});
