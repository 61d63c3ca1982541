// promote: asks for a promotion. Text from chat only chooses among the policy's ways and registries.
import { promoteForm } from '../cards/forms.ts';
import { requestCard } from '../cards/request-card.ts';
import { noticeCard } from '../cards/refusal-card.ts';
import { parseImageReference } from '../promotion/image-reference.ts';
import { decide } from '../promotion/decide.ts';
import { evolveAll } from '../promotion/evolve.ts';
import { isTerminal, type Request } from '../promotion/request.ts';
import type { Command } from '../promotion/machine.ts';
import type { Answer } from '../ports.ts';
import { ask } from './decisions.ts';
import type { Doors } from './doors.ts';
import { collectEvidence } from './evidence.ts';
import { type Plan, planPromotion } from './promotion-plan.ts';
import { refuse } from './refuse.ts';
import type { Call, Verb } from './verb.ts';
import { edgesFor, quorumOf } from './ways.ts';

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
    const planned = await planPromotion(
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
    return askFor(call, doors, planned, reason);
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

async function askFor(call: Call, doors: Doors, { edge, subject }: Plan, reason: string): Promise<Answer> {
  const person = call.person ?? '';
  const quorum = quorumOf(edge);
  const asked = await ask(
    doors,
    {
      subject,
      requester: person,
      reason: reason.slice(0, 500),
      policy: doors.policy().hash,
      expiresIn: edge.approvals?.expiresIn ?? 72 * 3_600_000,
      nonce: doors.ids.token(),
      ...(call.place.id !== 'terminal' && { askedIn: call.place.id }),
      ...(quorum && { quorum }),
    },
    { person, channel: call.account.channel, account: call.account.user },
  );
  if ('kind' in asked) return asked;
  const where = edge.notify.length > 0 ? ' The approvers see it in their channels.' : '';
  return {
    kind: 'card',
    card: noticeCard(
      `Asked: ${asked.id}`,
      `${subject.repository}:${subject.tag} from ${subject.fromStage} to ${subject.toStage} is asked for as ${asked.id}.${where}`,
    ),
    visibility: 'private',
  };
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
