// Questions that are put to a policy again and again: who is this, which groups, which registry serves what.
import { matchesGlob } from './glob.ts';
import type { AccountName, Edge, Policy, PolicyRegistry, Repository, Right } from './policy.ts';

/** Groups of a person: where the policy names them, and for whoever acts now those of Entra. */
export function groupsOf(policy: Policy, person: string): readonly string[] {
  return Object.entries(policy.groups)
    .filter(([name, group]) => group.members.includes(person) || isMember(policy, person, name))
    .map(([name]) => name);
}

const isMember = ({ member }: Policy, person: string, group: string): boolean =>
  member?.person === person && member.groups.includes(group);

/** Groups whose members Entra knows, with the Entra group's id, lower-cased. */
export const entraGroupsOf = (policy: Policy): readonly { readonly name: string; readonly id: string }[] =>
  Object.entries(policy.groups).flatMap(([name, { entraGroup }]) =>
    entraGroup ? [{ name, id: entraGroup.toLowerCase() }] : [],
  );

/**
 * The one person an account belongs to. Two people with one account is nobody: a wrong guess would be a wrong vote. What the
 * policy says wins over a link.
 */
export function personOf(policy: Policy, account: AccountName): string | undefined {
  const named = peopleNaming(policy, account);
  if (named.length > 0) return named.length === 1 ? named[0] : undefined;
  const { linked, people } = policy;
  const isLinked = linked !== undefined && accountId(linked.account) === accountId(account);
  return isLinked && Object.hasOwn(people, linked.person) ? linked.person : undefined;
}

/**
 * The one person of an address that `team` has confirmed, in a domain that the policy takes addresses of. Whoever runs another
 * workspace could give anybody's address to anybody.
 */
export function personOfAddress(
  { identity, people }: Policy,
  team: string,
  confirmed: string,
): string | undefined {
  const address = confirmed.toLowerCase();
  if (
    identity.email === 'off' ||
    !identity.email.teams.includes(team) ||
    !identity.email.domains.includes(address.slice(address.lastIndexOf('@') + 1))
  )
    return undefined;
  const [person, ...others] = Object.keys(people).filter((key) => people[key]?.email === address);
  return others.length === 0 ? person : undefined;
}

/** Everybody for whom the policy's own file names this account. */
export const peopleNaming = (policy: Policy, account: AccountName): readonly string[] =>
  Object.entries(policy.people)
    .filter(([key, { slack, entra }]) => {
      const named =
        account.channel === 'slack'
          ? slack && { channel: 'slack', tenant: slack.team, user: slack.user }
          : account.channel === 'teams'
            ? entra && { channel: 'teams', tenant: entra.tenant, user: entra.objectId }
            : { ...account, user: key };
      return named !== undefined && accountId(named) === accountId(account);
    })
    .map(([key]) => key);

/** An account in one word: `slack:TEAM/USER`, `teams:TENANT/OBJECT`. Ids of Entra are equal in any case. */
export function accountId({ channel, tenant, user }: AccountName): string {
  const id = `${channel}:${tenant}/${user}`;
  return channel === 'teams' ? id.toLowerCase() : id;
}

export const hasRight = (policy: Policy, person: string, right: Right): boolean =>
  groupsOf(policy, person).some((group) => policy.rights[right]?.includes(group));

/** The first entry under `repositories:` that matches, as the file orders them. */
export const repositoryRule = (policy: Policy, repository: string): Repository | undefined =>
  policy.repositories.find((entry) => matchesGlob(entry.match, repository));

export const ownersOf = (policy: Policy, repository: string): readonly string[] =>
  repositoryRule(policy, repository)?.owners ?? [];

/** Whether the policy lets images with this tag be promoted. No rule, no tags: `deny` wins over `allow`. */
export function isTagAllowed(policy: Policy, repository: string, tag: string): boolean {
  const tags = repositoryRule(policy, repository)?.tags;
  if (!tags) return true;
  if (tags.deny.some((pattern) => matchesGlob(pattern, tag))) return false;
  return tags.allow.length === 0 || tags.allow.some((pattern) => matchesGlob(pattern, tag));
}

/** Groups that may ask on this edge for this repository, `owners` resolved. */
export const requesterGroups = (policy: Policy, edge: Edge, repository: string): readonly string[] =>
  edge.requesters.flatMap((name) => (name === 'owners' ? ownersOf(policy, repository) : [name]));

export const registriesOfStage = (
  policy: Policy,
  stage: string,
): readonly (readonly [string, PolicyRegistry])[] =>
  Object.entries(policy.registries).filter(([, registry]) => registry.stage === stage);

export const edgeBetween = (policy: Policy, from: string, to: string): Edge | undefined =>
  policy.edges.find((edge) => edge.from === from && edge.to === to);
