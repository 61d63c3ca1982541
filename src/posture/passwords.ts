// Ways into a registry that are no role assignments: the admin user's password and repository tokens. Whoever has one is
// nobody that Azure can name.
import type { RegistryFacts, RepositoryToken } from './facts.ts';
import { listText, unreadText } from './shapes.ts';

type Verb = 'write' | 'read';

/** Azure's own maps are of all repositories; those that begin with `_repositories_pull` only read. */
const systemMap = /(?:^|\/)_repositories_([a-z]+)/i;

/** Of a map that Azure did not make, it is not known what it permits. */
function can(token: RepositoryToken, verb: Verb): boolean | undefined {
  const map = systemMap.exec(token.scopeMap ?? '')?.[1]?.toLowerCase();
  if (map === undefined) return undefined;
  return verb === 'read' || !map.startsWith('pull');
}

const tokensThat = (facts: RegistryFacts, verb: Verb, wanted: boolean | undefined): readonly string[] =>
  facts.tokens?.read
    ? facts.tokens.value
        .filter((token) => token.enabled && can(token, verb) === wanted)
        .map((token) => token.name)
    : [];

/** Who surely can with a password, in words. */
export function passwordText(facts: RegistryFacts, verb: Verb): string | undefined {
  if (facts.adminUserEnabled === true)
    return `The admin user is on: whoever has its password can ${verb} (CR-9).`;
  const tokens = tokensThat(facts, verb, true);
  return tokens.length > 0
    ? `Whoever has these tokens can ${verb}: ${listText(tokens)} (ACR-05).`
    : undefined;
}

/** Why it is not known whether a password opens it. */
export function unknownPasswordText(facts: RegistryFacts, verb: Verb): string | undefined {
  if (facts.adminUserEnabled === undefined) return 'The row does not say whether the admin user is on.';
  if (!facts.tokens?.read) return unreadText('the tokens', facts.tokens);
  const tokens = tokensThat(facts, verb, undefined);
  return tokens.length > 0
    ? `It is not known whether these tokens can ${verb}: ${listText(tokens)}.`
    : undefined;
}
