// Sends a digest that is due: claimed before, posted once, and what does not fit its message in the thread. A channel that
// is gone is told to the admins once, and gets no more until it is resumed.
import { digestCard, digestThread } from '../cards/digest-card.ts';
import { noticeCard } from '../cards/refusal-card.ts';
import { isUnchanged } from '../digest/digest.ts';
import {
  DeliveryError,
  type DigestSlot,
  type Lease,
  type MessageRef,
  type Messenger,
  type unposted,
} from '../ports.ts';
import { product } from './decisions.ts';
import { digestContent } from './digest-content.ts';
import { type ChannelDigest, digestSchedules } from './digest-schedules.ts';
import type { Doors } from './doors.ts';
import { channelOf, postOnce, quietly } from './tell.ts';

/** The job `digest`. May run twice: the message is keyed by its slot, and noted before its thread. */
export async function sendDigest(lease: Lease, doors: Doors): Promise<void> {
  const slot = lease.payload['slot'] as DigestSlot;
  const unsent = await doors.ledger.unsentDigests();
  if (!unsent.some(({ name, to, periodEnd }) => keyOf({ name, to, periodEnd }) === keyOf(slot))) return;
  const schedule = (await digestSchedules(doors)).find(
    ({ name, to }) => name === slot.name && to === slot.to,
  );
  if (!schedule || schedule.paused !== undefined) return close(doors, slot, 'withdrawn');
  const messenger = doors.messengers.get(channelOf(slot.to));
  if (!messenger) {
    doors.log.warn('a digest is due to a channel that is not configured', { to: slot.to });
    return;
  }
  const content = await digestContent(doors, schedule, slot);
  if (schedule.skipIfUnchanged && isUnchanged(content)) return close(doors, slot, 'unchanged');
  try {
    const ref = await postDigest(doors, messenger, lease, digestCard(content));
    const rest = digestThread(content);
    // Whoever deleted the digest meanwhile deleted its thread; the channel is there.
    if (rest) await quietly(doors, slot.to, () => messenger.reply(ref, rest, `${keyOf(slot)}:rest`));
    await close(doors, slot, ref.message);
  } catch (error) {
    // What may pass is tried again; a place that is gone or a card that is not taken is noted once.
    if (!(error instanceof DeliveryError) || error.problem === 'transient') throw error;
    await giveUp(doors, slot, schedule, error);
  }
}

const keyOf = ({ name, periodEnd, to }: DigestSlot): string => `digest:${name}:${periodEnd}:${to}`;

const maybeTwice = 'may have been sent twice';

/** Noted as soon as it is known, so that only a death between the two could make it a second message. */
async function postDigest(
  doors: Doors,
  messenger: Messenger,
  { attempts, payload }: Lease,
  card: ReturnType<typeof digestCard>,
): Promise<MessageRef> {
  const slot = payload['slot'] as DigestSlot;
  const [known] = await doors.ledger.messages(keyOf(slot));
  if (known) return known;
  const ref = await messenger.post(slot.to, card, keyOf(slot));
  if (ref.unseen === 'again' || (ref.unseen === 'restart' && attempts > 1)) {
    doors.log.warn('a digest may have been sent twice', { to: slot.to });
    await doors.ledger.noteDigest(slot, maybeTwice);
  }
  await doors.ledger.remember(keyOf(slot), ref);
  return ref;
}

async function close(
  doors: Doors,
  slot: DigestSlot,
  message: (typeof unposted)[number] | (string & {}),
): Promise<void> {
  const at = doors.clock();
  await doors.ledger.digestSent(slot, { channel: channelOf(slot.to), place: slot.to, message }, at);
  await doors.ledger.audit({
    at,
    actor: product,
    action:
      message === 'undeliverable' || message === 'unchanged' || message === 'withdrawn'
        ? `digest-${message}`
        : 'digest-sent',
    subject: slot.name,
    facts: { to: slot.to, periodEnd: slot.periodEnd, message },
  });
}

async function giveUp(
  doors: Doors,
  slot: DigestSlot,
  { byChat, cron, timezone, scope, skipIfUnchanged }: ChannelDigest,
  { problem, message }: DeliveryError,
): Promise<void> {
  const { name, to } = slot;
  doors.log.error('a digest could not be delivered', { to, problem, error: message });
  if (problem === 'gone')
    await doors.ledger.setDigest({
      name,
      to,
      ...(byChat && { schedule: { cron, timezone, scope, skipIfUnchanged } }),
      paused: 'the channel is gone, or the bot is no member of it',
      by: product.person,
    });
  const cure =
    problem === 'gone'
      ? `It is paused. Invite the bot there and resume it: /acr digest resume ${name}`
      : 'The channel did not take it; the next one is tried as scheduled.';
  const card = noticeCard(
    `The digest '${name}' could not be delivered`,
    `To ${to}: ${message}. ${cure}`,
    'warning',
  );
  const admins = doors.policy().channels.admins.filter((place) => place !== to);
  await postOnce(doors, `${keyOf(slot)}:undeliverable`, admins, card);
  await close(doors, slot, 'undeliverable');
}
