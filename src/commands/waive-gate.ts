// waive gate: asks that one gate of one request be let pass at the value it has. Granted by the way's waiver group, never by
// whoever asked for the promotion.
import { noticeCard } from '../cards/refusal-card.ts';
import { stoppedBy } from '../promotion/judgement.ts';
import type { Answer } from '../ports.ts';
import { ask } from './decisions.ts';
import type { Doors } from './doors.ts';
import { refuse } from './refuse.ts';
import { actorOf } from './request-commands.ts';
import type { Call } from './verb.ts';
import { gateQuorum } from './voters.ts';
import { edgeOf } from './ways.ts';

const day = 24 * 3_600_000;

export async function waiveGate(call: Call, doors: Doors): Promise<Answer> {
  const [, gate = '', id = ''] = call.arguments.positional;
  const reason = call.arguments.because?.trim();
  if (!gate || !id || !reason)
    return refuse('missing-argument', 'Say all of it: /acr waive gate GATE ID because REASON');
  const found = await doors.ledger.request(id.toUpperCase());
  if (!found || found.subject.kind !== 'promotion')
    return refuse(
      'unknown-request',
      `There is no promotion '${id.slice(0, 40)}'. See them with: /acr requests`,
    );
  const edge = edgeOf(doors.policy(), found.subject);
  if (!edge?.waivers.length)
    return refuse(
      'nobody-may',
      'Nobody may let gates of this way pass. Name groups under waivers of the edge.',
    );
  const stops = stoppedBy(found);
  const stopped = stops.find((each) => each.gate === gate.toLowerCase());
  if (!stopped)
    return refuse(
      'nothing-to-waive',
      stops.length === 0
        ? `No gate stops ${found.id}, so there is nothing to let pass.`
        : `The gate '${gate.slice(0, 40)}' does not stop ${found.id}. These do: ${stops.map((each) => each.gate).join(', ')}.`,
    );
  const person = call.person ?? '';
  const asked = await ask(
    doors,
    {
      subject: { kind: 'gate', request: found.id, edge: edge.name, gate: stopped.gate, value: stopped.value },
      requester: person,
      reason: reason.slice(0, 500),
      policy: doors.policy().hash,
      terms: { quorum: gateQuorum, gates: {} },
      barred: [found.requester],
      expiresIn: Math.min(7 * day, Math.max(1, found.expiresAt - doors.clock())),
      nonce: doors.ids.token(),
      ...(call.place.id !== 'terminal' && { askedIn: call.place.id }),
    },
    actorOf(call),
  );
  if ('kind' in asked) return asked;
  const text = `The gate ${stopped.gate} of ${found.id} is asked to be let pass as ${asked.id}, for ${edge.waivers.join(', ')} to grant.`;
  return { kind: 'card', card: noticeCard(`Asked: ${asked.id}`, text), visibility: 'private' };
}
