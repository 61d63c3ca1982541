// What a person typed or chose, made into the subject of a request: everything that can be refused before anything is
// stored. Text only chooses among the policy's ways and registries.
import { isTagAllowed, requesterGroups } from '../policy/lookup.ts';
import type { Edge, Policy } from '../policy/policy.ts';
import { parseImageReference } from '../promotion/image-reference.ts';
import type { Subject } from '../promotion/request.ts';
import type { Answer } from '../ports.ts';
import type { Doors } from './doors.ts';
import { refuse } from './refuse.ts';
import { chooseEdge, chooseRegistry, mayAsk, type RegistryChoice } from './ways.ts';

export type Promotion = Extract<Subject, { kind: 'promotion' }>;

export interface Plan {
  readonly edge: Edge;
  readonly subject: Promotion;
}

/** `person` is nobody in a dry run from a terminal: who may ask is not judged then. */
export async function planPromotion(
  doors: Doors,
  person: string | undefined,
  image: string,
  from: string | undefined,
  to: string | undefined,
  wanted: { readonly source: string | undefined; readonly target: string | undefined },
): Promise<Plan | Answer> {
  const policy = doors.policy();
  const named = readImage(image);
  if ('kind' in named) return named;
  const { repository, tag } = named;
  const edge = chooseWay(policy, repository, tag, from, to);
  if ('kind' in edge) return edge;
  const barred = whyNot(policy, edge, repository, tag, person);
  if (barred) return barred;
  const source = await chooseRegistry(doors, edge.from, repository, wanted.source, tag);
  if ('problem' in source) return ambiguous(source, '--source');
  const target = await chooseRegistry(doors, edge.to, repository, wanted.target);
  if ('problem' in target) return ambiguous(target, '--target');
  const stages = { fromStage: edge.from, toStage: edge.to };
  return {
    edge,
    subject: {
      kind: 'promotion',
      edge: edge.name,
      repository,
      tag,
      source: source.key,
      target: target.key,
      ...stages,
      lock: edge.lock,
    },
  };
}

export interface RollbackWanted {
  readonly image: string;
  readonly stage: string;
  /** Of several ways into the stage, whose approvals it takes. */
  readonly from: string | undefined;
  readonly wanted: string | undefined;
}

/** Both ends are the registry that holds it; who may ask, and who approves, is as for the way into the stage. */
export async function planRollback(
  doors: Doors,
  person: string | undefined,
  { image, stage, from, wanted }: RollbackWanted,
): Promise<Plan | Answer> {
  const policy = doors.policy();
  const named = readImage(image);
  if ('kind' in named) return named;
  const { repository, tag } = named;
  const edge = chooseWay(policy, repository, tag, from?.toLowerCase(), stage);
  if ('kind' in edge) return edge;
  const barred = whyNot(policy, edge, repository, tag, person);
  if (barred) return barred;
  const target = await chooseRegistry(doors, edge.to, repository, wanted, tag);
  if ('problem' in target) return ambiguous(target, '--target');
  const [source, fromStage, toStage] = [target.key, edge.from, edge.to];
  const way = { edge: edge.name, source, target: source, fromStage, toStage, lock: edge.lock };
  return { edge, subject: { kind: 'promotion', repository, tag, ...way, rollback: true } };
}

function readImage(image: string): { readonly repository: string; readonly tag: string } | Answer {
  const reference = parseImageReference(image);
  if ('problem' in reference) return refuse('malformed-image', reference.problem, { field: 'repository' });
  const { repository, tag, digest } = reference;
  if (digest) {
    const text = `Leave the digest out of '${image.slice(0, 80)}': name the tag, and its digest is pinned when it is asked for.`;
    return refuse('malformed-image', text, { field: 'tag' });
  }
  if (tag) return { repository, tag };
  const text = `Which tag of ${repository}? Promotions name a tag; see them with: /acr image ${repository}`;
  return refuse('missing-argument', text, { field: 'tag' });
}

function chooseWay(
  policy: Policy,
  repository: string,
  tag: string,
  from: string | undefined,
  to: string | undefined,
): Edge | Answer {
  if (!to) {
    const stages = policy.stages.slice(1).join(' or ');
    return refuse(
      'missing-argument',
      `To which stage? Writes have no default: /acr promote ${repository}:${tag} to ${stages} because REASON`,
    );
  }
  const choice = chooseEdge(policy, from, to);
  return 'problem' in choice ? refuse('unknown-way', choice.problem, { field: 'way' }) : choice.edge;
}

/** Who asks, and which tag. */
function whyNot(
  policy: Policy,
  edge: Edge,
  repository: string,
  tag: string,
  person: string | undefined,
): Answer | undefined {
  if (person !== undefined && !mayAsk(policy, edge, repository, person)) {
    return refuse('not-eligible', notEligibleText(policy, edge, repository), { field: 'repository' });
  }
  if (isTagAllowed(policy, repository, tag)) return undefined;
  const text = `The policy does not let the tag '${tag}' of ${repository} be promoted. See which it does: acr-warden policy explain ${repository} ${edge.to}`;
  return refuse('tag-not-allowed', text, { field: 'tag' });
}

function ambiguous(choice: Extract<RegistryChoice, { problem: string }>, flag: string): Answer {
  const cure =
    choice.candidates.length === 0 ? '' : ` Add ${flag} ${choice.candidates.join(` or ${flag} `)}.`;
  return refuse('ambiguous-registry', `${choice.problem}${cure}`, { field: 'repository' });
}

function notEligibleText(policy: Policy, edge: Edge, repository: string): string {
  const groups = requesterGroups(policy, edge, repository);
  return groups.length === 0
    ? `Nobody may ask for ${repository} from ${edge.from} to ${edge.to}: the policy names no owners of it. Add them under repositories.`
    : `Only ${groups.join(', ')} may ask for ${repository} from ${edge.from} to ${edge.to}. Ask one of them.`;
}
