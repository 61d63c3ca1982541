// promote: asks for a promotion. Text from chat only chooses among the policy's ways and registries.
import { promoteForm } from '../cards/forms.ts';
import { requestCard } from '../cards/request-card.ts';
import { noticeCard } from '../cards/refusal-card.ts';
import { isTagAllowed, requesterGroups } from '../policy/lookup.ts';
import type { Edge, Policy } from '../policy/policy.ts';
import { parseImageReference } from '../promotion/image-reference.ts';
import { decide } from '../promotion/decide.ts';
import { evolveAll } from '../promotion/evolve.ts';
import { isTerminal, type Request, type StateName, type Subject } from '../promotion/request.ts';
import type { Command } from '../promotion/machine.ts';
import type { Actor, Answer } from '../ports.ts';
import { apply } from './decisions.ts';
import type { Doors } from './doors.ts';
import { collectEvidence } from './evidence.ts';
import { refuse } from './refuse.ts';
import type { Call, Verb } from './verb.ts';
import { chooseEdge, chooseRegistry, edgesFor, mayAsk, quorumOf, type RegistryChoice } from './ways.ts';

type Promotion = Extract<Subject, { kind: 'promotion' }>;
const openStates: readonly StateName[] = ['resolving', 'pending', 'approved', 'importing', 'locking'];

export const promote: Verb = {
  name: 'promote',
  words: 1,
  usage: 'promote IMAGE [from STAGE] to STAGE because REASON',
  summary: 'Asks for a promotion; without arguments a form opens. --dry-run only shows the evidence.',
  examples: [
    'promote shop/web:v1.4.2 from uat to prod because "release 1.4.2"',
    'promote shop/web:v1.4.2 to prod --dry-run',
  ],
  access: 'mapped',
  writes: true,
  flags: { 'dry-run': { type: 'boolean' }, source: { type: 'string' }, target: { type: 'string' } },
  run: async (call, doors) => {
    const { positional, words, because, flags } = call.arguments;
    const [image] = positional;
    if (!image) return openForm(call, doors, {});
    const dryRun = flags['dry-run'] === true;
    const wanted = { source: text(flags['source']), target: text(flags['target']) };
    const planned = await plan(
      doors,
      call.person,
      image,
      words['from']?.toLowerCase(),
      words['to']?.toLowerCase(),
      wanted,
    );
    if ('kind' in planned) return planned;
    if (dryRun) return showDryRun(doors, call.person ?? 'nobody', planned);
    const reason = because?.trim();
    if (!reason)
      return refuse(
        'missing-argument',
        `Say why: /acr promote ${image} from ${planned.subject.fromStage} to ${planned.subject.toStage} because REASON`,
        { field: 'reason' },
      );
    return ask(call, doors, planned, reason);
  },
};

const text = (flag: string | boolean | undefined): string | undefined =>
  typeof flag === 'string' ? flag : undefined;

/** The form, with what is known filled in. `id` of a button: `uat>prod shop/web:v1.4.2`. */
export async function openForm(call: Call, doors: Doors, from: { readonly id?: string }): Promise<Answer> {
  const policy = doors.policy();
  const ways = edgesFor(policy, call.person ?? '').map((edge) => ({
    value: `${edge.from}>${edge.to}`,
    label: `${edge.from} to ${edge.to}`,
  }));
  if (ways.length === 0)
    return refuse(
      'not-eligible',
      'You may not ask for promotions on any way of the policy. See who may: /acr whoami',
    );
  const [way, image] = (from.id ?? '').split(' ');
  const reference = image ? parseImageReference(image) : undefined;
  const known = reference && !('problem' in reference) ? reference : undefined;
  return {
    kind: 'form',
    form: promoteForm(ways, doors.ids.token(), {
      ...(way && ways.some((each) => each.value === way) && { way }),
      ...(known && { repository: known.repository }),
      ...(known?.tag && { tag: known.tag }),
    }),
  };
}

interface Plan {
  readonly edge: Edge;
  readonly subject: Promotion;
}

/** Everything that can be refused before anything is stored. */
async function plan(
  doors: Doors,
  /** Nobody in a dry run from a terminal: who may ask is not judged then. */
  person: string | undefined,
  image: string,
  from: string | undefined,
  to: string | undefined,
  wanted: { readonly source: string | undefined; readonly target: string | undefined },
): Promise<Plan | Answer> {
  const policy = doors.policy();
  const reference = parseImageReference(image);
  if ('problem' in reference) return refuse('malformed-image', reference.problem, { field: 'repository' });
  const { repository, tag } = reference;
  if (reference.digest)
    return refuse(
      'malformed-image',
      `Leave the digest out of '${image.slice(0, 80)}': name the tag, and its digest is pinned when it is asked for.`,
      { field: 'tag' },
    );
  if (!tag)
    return refuse(
      'missing-argument',
      `Which tag of ${repository}? Promotions name a tag; see them with: /acr image ${repository}`,
      { field: 'tag' },
    );
  if (!to)
    return refuse(
      'missing-argument',
      `To which stage? Writes have no default: /acr promote ${repository}:${tag} to ${policy.stages.slice(1).join(' or ')} because REASON`,
    );
  const choice = chooseEdge(policy, from, to);
  if ('problem' in choice) return refuse('unknown-way', choice.problem, { field: 'way' });
  const { edge } = choice;
  if (person !== undefined && !mayAsk(policy, edge, repository, person))
    return refuse('not-eligible', notEligibleText(policy, edge, repository), { field: 'repository' });
  if (!isTagAllowed(policy, repository, tag))
    return refuse(
      'tag-not-allowed',
      `The policy does not let the tag '${tag}' of ${repository} be promoted. See which it does: acr-warden policy explain ${repository} ${to}`,
      { field: 'tag' },
    );
  const source = await chooseRegistry(doors, edge.from, repository, wanted.source, tag);
  if ('problem' in source)
    return refuse('ambiguous-registry', ambiguousText(source, '--source'), { field: 'repository' });
  const target = await chooseRegistry(doors, edge.to, repository, wanted.target);
  if ('problem' in target)
    return refuse('ambiguous-registry', ambiguousText(target, '--target'), { field: 'repository' });
  return {
    edge,
    subject: {
      kind: 'promotion',
      edge: edge.name,
      repository,
      tag,
      source: source.key,
      target: target.key,
      fromStage: edge.from,
      toStage: edge.to,
      lock: edge.lock,
    },
  };
}

const ambiguousText = (choice: Extract<RegistryChoice, { problem: string }>, flag: string): string =>
  choice.candidates.length === 0
    ? choice.problem
    : `${choice.problem} Add ${flag} ${choice.candidates.join(` or ${flag} `)}.`;

function notEligibleText(policy: Policy, edge: Edge, repository: string): string {
  const groups = requesterGroups(policy, edge, repository);
  return groups.length === 0
    ? `Nobody may ask for ${repository} from ${edge.from} to ${edge.to}: the policy names no owners of it. Add them under repositories.`
    : `Only ${groups.join(', ')} may ask for ${repository} from ${edge.from} to ${edge.to}. Ask one of them.`;
}

async function ask(call: Call, doors: Doors, { edge, subject }: Plan, reason: string): Promise<Answer> {
  const policy = doors.policy();
  const person = call.person ?? '';
  const crowded = await tooMany(doors, policy, person, subject);
  if (crowded) return crowded;
  const now = doors.clock();
  const quorum = quorumOf(edge);
  const command: Omit<Extract<Command, { kind: 'ask' }>, 'id'> = {
    kind: 'ask',
    subject,
    requester: person,
    reason: reason.slice(0, 500),
    policy: policy.hash,
    expiresAt: now + (edge.approvals?.expiresIn ?? 72 * 3_600_000),
    nonce: doors.ids.token(),
    ...(call.place.id !== 'terminal' && { askedIn: call.place.id }),
    ...(quorum && { quorum }),
  };
  const id = await store(doors, command, {
    person,
    channel: call.account.channel,
    account: call.account.user,
  });
  const where = edge.notify.length > 0 ? ' The approvers see it in their channels.' : '';
  return {
    kind: 'card',
    card: noticeCard(
      `Asked: ${id}`,
      `${subject.repository}:${subject.tag} from ${subject.fromStage} to ${subject.toStage} is asked for as ${id}.${where}`,
    ),
    visibility: 'private',
  };
}

/** Under an id that nobody has yet: short ids are typed by people, so one can come twice. */
async function store(
  doors: Doors,
  command: Omit<Extract<Command, { kind: 'ask' }>, 'id'>,
  actor: Actor,
): Promise<string> {
  for (;;) {
    const id = doors.ids.request();
    if ((await apply(doors, id, { ...command, id }, actor)).changed) return id;
  }
}

/** Limits per person and repository, and one open request a target tag. */
async function tooMany(
  doors: Doors,
  policy: Policy,
  person: string,
  subject: Promotion,
): Promise<Answer | undefined> {
  const open = await doors.ledger.requests({ states: openStates, limit: 10_000 });
  const same = open.find(
    (each) =>
      each.subject.kind === 'promotion' &&
      each.subject.target === subject.target &&
      each.subject.repository === subject.repository &&
      each.subject.tag === subject.tag,
  );
  if (same)
    return refuse(
      'already-open',
      `${same.id} asks for the same already. See it with: /acr request ${same.id}`,
    );
  const mine = open.filter((each) => each.requester === person);
  if (mine.length >= policy.limits.openPerPerson)
    return refuse(
      'limit-person',
      `You have ${mine.length} open requests; the policy allows ${policy.limits.openPerPerson}. Cancel one or wait: /acr requests mine`,
    );
  const ofRepository = open.filter(
    (each) => each.subject.kind === 'promotion' && each.subject.repository === subject.repository,
  );
  if (ofRepository.length >= policy.limits.openPerRepository)
    return refuse(
      'limit-repository',
      `${subject.repository} has ${ofRepository.length} open requests; the policy allows ${policy.limits.openPerRepository}. See them: /acr requests`,
    );
  return undefined;
}

/** What the request would look like, with nothing stored and nothing asked. */
async function showDryRun(doors: Doors, person: string, { edge, subject }: Plan): Promise<Answer> {
  const now = doors.clock();
  const collected = await collectEvidence(doors, subject, edge);
  if (collected.kind === 'refused') return refuse(collected.code, collected.text);
  const quorum = quorumOf(edge);
  const commands: readonly Command[] = [
    {
      kind: 'ask',
      id: 'DRY-RUN',
      subject,
      requester: person,
      reason: 'dry run: nothing is asked',
      policy: doors.policy().hash,
      expiresAt: now + 1,
      nonce: '',
      ...(quorum && { quorum }),
    },
    { kind: 'resolved', evidence: collected.evidence, evidenceHash: collected.hash, nonce: '' },
  ];
  const request = commands.reduce<Request | undefined>(
    (state, command) => evolveAll(state, decide(state, command, now).events, now),
    undefined,
  );
  if (!request) return refuse('not-found', 'The dry run came to nothing.');
  const card = requestCard({ request, now });
  const title = isTerminal(request) ? 'Dry run: it would be refused' : 'Dry run: it could be asked for';
  const blocks = card.blocks.filter((block) => block.kind !== 'actions' && block.kind !== 'status');
  return {
    kind: 'card',
    visibility: 'private',
    card: {
      ...card,
      name: 'dry-run',
      title,
      summary: `${title}. ${request.end?.text ?? ''}`.trim(),
      blocks: [
        {
          kind: 'status',
          tone: isTerminal(request) ? 'bad' : 'good',
          label: title,
          text: request.end?.text ?? 'Nothing was stored and nobody was asked.',
        },
        ...blocks,
      ],
    },
  };
}
