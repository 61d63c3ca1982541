// ACR-05: a repository token is a password. It is off, or it opens few repositories and ends by itself.
import type { RepositoryToken } from '../facts.ts';
import { seen } from '../rule.ts';
import { listText, partRule } from '../shapes.ts';

/** The maps that Azure makes itself open every repository. */
const isScoped = (token: RepositoryToken): boolean =>
  token.scopeMap !== undefined && !/(^|\/)_repositories_[a-z_]+$/i.test(token.scopeMap);

const isTame = (token: RepositoryToken): boolean =>
  !token.enabled || (isScoped(token) && !token.expiries.includes(undefined));

const flaw = (token: RepositoryToken): string =>
  [
    ...(isScoped(token) ? [] : ['opens every repository']),
    ...(token.expiries.includes(undefined) ? ['never ends'] : []),
  ].join(', ');

export const repositoryTokens = partRule({
  id: 'ACR-05',
  title: 'Repository tokens are off, or scoped and expiring',
  impact: 'Medium',
  source: 'ACR',
  references: ['Azure Policy ff05e24e'],
  guidance:
    'Prefer managed identities. A token that stays has a scope map of its own and passwords with an end.',
  what: 'the tokens',
  part: (facts) => facts.tokens,
  judge: (tokens) => (tokens.every(isTame) ? 'pass' : 'fail'),
  explain: (tokens, facts) => {
    const bad = tokens.filter((token) => !isTame(token));
    return {
      reason:
        bad.length > 0
          ? `${listText(bad.map((token) => `${token.name} ${flaw(token)}`))}.`
          : tokens.length === 0
            ? 'There are no tokens.'
            : 'Every token is off, or scoped and expiring.',
      evidence: bad.map((token) => seen(facts, 'registry tokens', `tokens/${token.name}`, flaw(token))),
    };
  },
  remedy: (facts) => `az acr token update --registry ${facts.name} --name TOKEN --status disabled`,
});
