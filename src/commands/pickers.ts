// Choices for the pickers of a form: repositories and tags that this person could really ask for.
import type { Choice } from '../cards/card.ts';
import { isTagAllowed, personOf, registriesOfStage } from '../policy/lookup.ts';
import type { Edge, Policy } from '../policy/policy.ts';
import type { PickerQuery } from '../ports.ts';
import { parseImageReference } from '../promotion/image-reference.ts';
import type { Doors } from './doors.ts';
import { edgesFor, mayAsk, refOf } from './ways.ts';

const maxChoices = 100;

/** At most 100, the best first. Nobody, and a registry that does not answer, get none. */
export async function findChoices(doors: Doors, query: PickerQuery): Promise<readonly Choice[]> {
  const policy = doors.policy();
  const person = personOf(policy, query.account);
  if (person === undefined) return [];
  const [from, to] = (query.fields['way'] ?? '').split('>');
  const edges = edgesFor(policy, person).filter((edge) => !to || (edge.from === from && edge.to === to));
  const typed = query.typed.toLowerCase();
  const found =
    query.source === 'repositories'
      ? await repositoriesOf(doors, policy, edges, person)
      : await tagsOf(doors, policy, edges, query.fields['repository'] ?? '');
  const matching = found.filter((name) => name.toLowerCase().includes(typed));
  return matching.slice(0, maxChoices).map((name) => ({ label: name, value: name }));
}

async function repositoriesOf(
  doors: Doors,
  policy: Policy,
  edges: readonly Edge[],
  person: string,
): Promise<readonly string[]> {
  const names = await Promise.all(
    edges.flatMap((edge) =>
      registriesOfStage(policy, edge.from).map(async ([key]) => {
        const all = await doors.reader.repositories(refOf(policy, key)).catch(() => []);
        return all.filter((repository) => mayAsk(policy, edge, repository, person));
      }),
    ),
  );
  return [...new Set(names.flat())].sort();
}

/** Newest first, without those that the policy does not let through. */
async function tagsOf(
  doors: Doors,
  policy: Policy,
  edges: readonly Edge[],
  repository: string,
): Promise<readonly string[]> {
  const reference = parseImageReference(repository);
  if ('problem' in reference || reference.repository !== repository) return [];
  const tags = await Promise.all(
    edges.flatMap((edge) =>
      registriesOfStage(policy, edge.from).map(([key]) =>
        doors.reader.tags(refOf(policy, key), repository).catch(() => []),
      ),
    ),
  );
  const names = tags.flat().map((each) => each.tag);
  return [...new Set(names)].filter(
    (tag) => !/^sha256-[0-9a-f]{64}\./.test(tag) && isTagAllowed(policy, repository, tag),
  );
}
