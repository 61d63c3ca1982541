// promote: asks for a promotion. Text from chat only chooses among the policy's ways and registries.
import { promoteForm } from '../cards/forms.ts';
import { dryRunCard } from '../cards/dry-run-card.ts';
import { noticeCard } from '../cards/refusal-card.ts';
import { parseImageReference } from '../promotion/image-reference.ts';
import { decide } from '../promotion/decide.ts';
import { evolveAll } from '../promotion/evolve.ts';
import { stoppedBy } from '../promotion/judgement.ts';
import type { Request } from '../promotion/request.ts';
import type { Command } from '../promotion/machine.ts';
import type { Answer } from '../ports.ts';
import { ask, type Wanted } from './decisions.ts';
import type { Doors } from './doors.ts';
import { judgeNow } from './judge-now.ts';
import { type Plan, planPromotion } from './promotion-plan.ts';
import { refuse } from './refuse.ts';
import type { Call, Verb } from './verb.ts';
import { edgesFor, termsOf } from './ways.ts';

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

/** What is asked for, on the terms of its edge. */
export function wantedOn(doors: Doors, { edge, subject }: Plan, requester: string, reason: string): Wanted {
  const { escalate } = edge.approvals ?? {};
  return {
    subject,
    requester,
    reason: reason.slice(0, 500),
    policy: doors.policy().hash,
    expiresIn: edge.approvals?.expiresIn ?? 72 * 3_600_000,
    nonce: doors.ids.token(),
    terms: termsOf(edge),
    ...(escalate && { escalation: escalate }),
  };
}

/** Asks for what was planned. */
export async function askFor(
  call: Call,
  doors: Doors,
  { edge, subject }: Plan,
  reason: string,
): Promise<Answer> {
  const person = call.person ?? '';
  const asked = await ask(
    doors,
    {
      ...wantedOn(doors, { edge, subject }, person, reason),
      ...(call.place.id !== 'terminal' && { askedIn: call.place.id }),
    },
    { person, channel: call.account.channel, account: call.account.user },
  );
  if ('kind' in asked) return asked;
  const where = edge.notify.length > 0 ? ' The approvers see it in their channels.' : '';
  return {
    kind: 'card',
    card: noticeCard(`Asked: ${asked.id}`, `${aboutText(subject)} is asked for as ${asked.id}.${where}`),
    visibility: 'private',
  };
}

const aboutText = ({ repository, tag, fromStage, toStage, rollback }: Plan['subject']): string =>
  rollback
    ? `To roll ${toStage} back to ${repository}:${tag}`
    : `${repository}:${tag} from ${fromStage} to ${toStage}`;

/** What the request would look like, with nothing stored and nothing asked. */
async function showDryRun(doors: Doors, person: string, { edge, subject }: Plan): Promise<Answer> {
  const now = doors.clock();
  const asking: Command = {
    kind: 'ask',
    id: 'DRY-RUN',
    subject,
    requester: person,
    reason: 'dry run: nothing is asked',
    policy: doors.policy().hash,
    terms: termsOf(edge),
    expiresAt: now + 1,
    nonce: '',
  };
  const step = (state: Request | undefined, command: Command) =>
    evolveAll(state, decide(state, command, now, doors.ids.hash).events, now);
  const asked = step(undefined, asking);
  const judged = asked && (await judgeNow(doors, asked, subject));
  if (judged?.kind === 'refuse') return refuse(judged.code, judged.text);
  const request = judged && step(asked, judged);
  if (!request) return refuse('not-found', 'The dry run came to nothing.');
  return { kind: 'card', visibility: 'private', card: dryRunCard({ request, now }, stoppedBy(request)) };
}
