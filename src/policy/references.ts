// Names in a policy that point nowhere, and settings that are allowed but hardly meant. The schema checks each value
// by itself; this checks them against each other.
import { parseSigner } from '../promotion/signer.ts';
import { closestName } from './closest.ts';
import { groupsOf } from './lookup.ts';
import { notYet } from './not-yet.ts';
import type { Edge, Policy } from './policy.ts';

/** `path` as in the file: ['edges', 0, 'approvals', 'rules', 1, 'group']. */
export interface Problem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** References that cannot be resolved. The policy is refused if there is one. */
export function brokenReferences(policy: Policy): readonly Problem[] {
  const problems: Problem[] = [];
  const groups = Object.keys(policy.groups);
  const need = (known: readonly string[], what: string, value: string, ...path: (string | number)[]) => {
    if (known.includes(value)) return;
    const near = closestName(value, known);
    const hint = near
      ? ` Did you mean '${near}'?`
      : known.length > 0
        ? ` Must be one of: ${known.join(', ')}.`
        : '';
    problems.push({ path, message: `There is no ${what} '${value}'.${hint}` });
  };

  for (const [name, group] of Object.entries(policy.groups)) {
    group.members.forEach((person, i) => {
      need(Object.keys(policy.people), 'person', person, 'groups', name, 'members', i);
    });
  }
  for (const [key, registry] of Object.entries(policy.registries)) {
    need(policy.stages, 'stage', registry.stage, 'registries', key, 'stage');
    if (registry.team) need(groups, 'group', registry.team, 'registries', key, 'team');
    registry.readers.forEach((reader, i) => {
      if (!/^[0-9a-f-]{36}$/i.test(reader))
        need(Object.keys(policy.clusters), 'cluster', reader, 'registries', key, 'readers', i);
    });
  }
  for (const [right, names] of Object.entries(policy.rights)) {
    names.forEach((group, i) => {
      need(groups, 'group', group, 'rights', right, i);
    });
  }
  policy.repositories.forEach((entry, i) => {
    entry.owners.forEach((group, j) => {
      need(groups, 'group', group, 'repositories', i, 'owners', j);
    });
  });
  policy.edges.forEach((edge, i) => {
    checkEdge(policy, edge, i, need);
    problems.push(...unreadableSigners(edge, i));
  });
  policy.windows.forEach((window, i) => {
    window.stages.forEach((stage, j) => {
      need(policy.stages, 'stage', stage, 'windows', i, 'stages', j);
    });
    if (window.from === window.to)
      problems.push({
        path: ['windows', i, 'to'],
        message: "'from' and 'to' are the same time. Write a whole day as 00:00 to 24:00.",
      });
  });
  policy.mirrors.forEach((mirror, i) => {
    need(policy.stages, 'stage', mirror.from, 'mirrors', i, 'from');
    need(policy.stages, 'stage', mirror.to.stage, 'mirrors', i, 'to', 'stage');
  });
  policy.digests.forEach((digest, i) => {
    digest.scope.stages.forEach((stage, j) => {
      need(policy.stages, 'stage', stage, 'digests', i, 'scope', 'stages', j);
    });
    digest.scope.teams.forEach((team, j) => {
      need(groups, 'group', team, 'digests', i, 'scope', 'teams', j);
    });
    digest.scope.registries.forEach((registry, j) => {
      need(Object.keys(policy.registries), 'registry', registry, 'digests', i, 'scope', 'registries', j);
    });
  });
  policy.breakGlass?.stages.forEach((stage, i) => {
    need(policy.stages, 'stage', stage, 'breakGlass', 'stages', i);
  });
  if (policy.breakGlass) need(groups, 'group', policy.breakGlass.group, 'breakGlass', 'group');
  return [...problems, ...duplicates(policy)];
}

type Need = (known: readonly string[], what: string, value: string, ...path: (string | number)[]) => void;

function checkEdge(policy: Policy, edge: Edge, i: number, need: Need): void {
  const groups = Object.keys(policy.groups);
  need(policy.stages, 'stage', edge.from, 'edges', i, 'from');
  need(policy.stages, 'stage', edge.to, 'edges', i, 'to');
  edge.requesters.forEach((name, j) => {
    if (name !== 'owners') need(groups, 'group', name, 'edges', i, 'requesters', j);
  });
  edge.approvals?.rules.forEach((rule, j) => {
    need(groups, 'group', rule.group, 'edges', i, 'approvals', 'rules', j, 'group');
  });
  const escalate = edge.approvals?.escalate;
  if (escalate) need(groups, 'group', escalate.to, 'edges', i, 'approvals', 'escalate', 'to');
  edge.waivers.forEach((name, j) => {
    need(groups, 'group', name, 'edges', i, 'waivers', j);
  });
  if (edge.gates.soak)
    need(policy.stages, 'stage', edge.gates.soak.stage, 'edges', i, 'gates', 'soak', 'stage');
}

/** A signer that cannot be read would be one that nobody is. */
function unreadableSigners({ gates }: Edge, i: number): readonly Problem[] {
  return (gates.signature?.signers ?? []).flatMap((text, j) =>
    parseSigner(text)
      ? []
      : [
          {
            path: ['edges', i, 'gates', 'signature', 'signers', j],
            message: `'${text}' names no signer. Write attributes of the certificate's subject, such as: CN=release, O=Contoso`,
          },
        ],
  );
}

/** Two registries of one id, two people of one account or address, two edges between the same stages: each would be a guess. */
function duplicates(policy: Policy): readonly Problem[] {
  const problems: Problem[] = [];
  const once = (seen: Map<string, string>, value: string, owner: string, path: (string | number)[]) => {
    const other = seen.get(value.toLowerCase());
    if (other)
      problems.push({ path, message: `'${value}' is already '${other}'. Each may stand once only.` });
    else seen.set(value.toLowerCase(), owner);
  };
  const ids = new Map<string, string>();
  for (const [key, registry] of Object.entries(policy.registries))
    once(ids, registry.id, key, ['registries', key, 'id']);
  const slack = new Map<string, string>();
  const entra = new Map<string, string>();
  const addresses = new Map<string, string>();
  for (const [key, person] of Object.entries(policy.people)) {
    if (person.slack) once(slack, `${person.slack.team}/${person.slack.user}`, key, ['people', key, 'slack']);
    if (person.entra)
      once(entra, `${person.entra.tenant}/${person.entra.objectId}`, key, ['people', key, 'entra']);
    if (person.email) once(addresses, person.email, key, ['people', key, 'email']);
  }
  const edges = new Map<string, string>();
  policy.edges.forEach((edge, i) => {
    once(edges, `${edge.from} -> ${edge.to}`, edge.name, ['edges', i, 'name']);
  });
  const digests = new Map<string, string>();
  policy.digests.forEach((digest, i) => {
    once(digests, digest.name, digest.name, ['digests', i, 'name']);
  });
  return problems;
}

/** Settings that are allowed but hardly meant. */
export function warnings(policy: Policy): readonly Problem[] {
  const problems: Problem[] = [];
  const last = policy.stages.at(-1);
  policy.edges.forEach((edge, i) => {
    if (edge.to === last && !edge.lock) {
      problems.push({
        path: ['edges', i, 'lock'],
        message: `'${edge.name}' leads to ${last} and locks nothing.`,
      });
    }
    if (edge.to === last && !edge.approvals) {
      problems.push({
        path: ['edges', i],
        message: `'${edge.name}' leads to ${last} and needs no approval.`,
      });
    }
    problems.push(...tooSmallGroups(policy, edge, i));
  });
  for (const [key, person] of Object.entries(policy.people)) {
    const isByAddress = person.email !== undefined && policy.identity.email !== 'off';
    if (!person.slack && !person.entra && !isByAddress) {
      problems.push({
        path: ['people', key],
        message: `'${key}' has no account in any channel: nobody can be this person.`,
      });
    }
    if (groupsOf(policy, key).length === 0) {
      problems.push({ path: ['people', key], message: `'${key}' is in no group.` });
    }
  }
  return [...problems, ...notYet(policy)];
}

/** Rules that nobody can meet in the worst case: when one who may ask is a member. Entra's groups are not known here. */
function tooSmallGroups(policy: Policy, edge: Edge, i: number): readonly Problem[] {
  const { rules = [], exclude = [] } = edge.approvals ?? {};
  const asking = edge.requesters.flatMap((name) =>
    name === 'owners' ? policy.repositories.flatMap(({ owners }) => owners) : [name],
  );
  const mayAsk = (person: string) => groupsOf(policy, person).some((group) => asking.includes(group));
  return rules.flatMap(({ group, min }, j) => {
    const { members = [], entraGroup } = policy.groups[group] ?? {};
    const left = members.length - (exclude.includes('requester') && members.some(mayAsk) ? 1 : 0);
    if (entraGroup || left >= min) return [];
    const message = `Group '${group}' has ${members.length} members; without the requester too few are left for min ${min}.`;
    return [{ path: ['edges', i, 'approvals', 'rules', j], message }];
  });
}
