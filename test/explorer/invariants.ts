// What must hold on every step, whatever happened before: the invariants of the approval machine, judged by the world's own
// record and not by the machine's. I9 (no mention or link that we did not write) and I10 (one digest a channel and period)
// are about cards and the ticker: test/cards/hostile.test.ts and test/schedule/ticker.test.ts.
import { auditOf, jobsOf } from '../../src/commands/consequences.ts';
import { isTerminal, type Request } from '../../src/promotion/request.ts';
import type { Machine } from './machine.ts';
import {
  type Call,
  type Image,
  isWrite,
  referrersOf,
  source,
  tag,
  target,
  identity,
  wholeOf,
} from './registries.ts';
import { hash, type Step } from './play.ts';
import { groupsOf, hour, isClosed, type Look, type Person, type State } from './world.ts';

/** `I1: ...` for each invariant that the step breaks. */
export function brokenBy({ before, after, decided, call }: Step, machine: Machine): readonly string[] {
  const broken: string[] = [];
  const must = (holds: boolean, text: string) => {
    if (!holds) broken.push(text);
  };
  if (call && isWrite(call)) onWrite(call, before, must);
  must(after.target.imports <= 1, 'I3: the target was imported into twice');
  if (!decided || decided.events.length === 0) return broken;
  const { events, look } = decided;
  must(!isTerminal(before.request), 'I4: a request that has ended changed');
  onRecord(before, after, events, machine, must);
  const pinned = before.request.evidence?.digest;
  must(!pinned || pinned === after.request.evidence?.digest, 'I2: the digest that people vote on changed');
  for (const event of events) {
    if (event.kind === 'voted') onVote(before, event.vote.person, event.vote.decision, must, look);
    if (event.kind === 'import-began' && look) onBegin(after, look, must);
    if (event.kind === 'promoted') onPromoted(after, must);
  }
  return broken;
}

type Must = (holds: boolean, text: string) => void;

/** I1: a vote counts in time, of an eligible person who did not ask, on the digest that the tag has. */
function onVote(before: State, person: string, decision: string, must: Must, look: Look | undefined): void {
  must(before.now * hour < before.request.expiresAt, 'I1: a vote was counted after the expiry');
  if (decision !== 'approve') return;
  must(person !== before.request.requester, 'I1: the requester approved');
  must(
    look?.source === before.request.evidence?.digest,
    'I2: a vote was counted while the tag had another digest',
  );
}

/** I1 and I5: what has to be there when an import begins. */
function onBegin(state: State, look: Look, must: Must): void {
  const { now, request, cast } = state;
  const { glass } = request;
  const maxHigh = look.policy === 'tighter' ? 3 : 5;
  must(look.high <= maxHigh, 'I1: an import began that the policy of now forbids');
  must(look.source === request.evidence?.digest, 'I2: an import began of a tag that had moved');
  must(isApproved(request, cast), 'I1: an import began without its quorum');
  must(!isClosed(state) || glass !== undefined, 'I5: an import began outside its window or in a freeze');
  if (glass) return;
  must(
    request.approvedAt !== undefined && now * hour < request.approvedAt + 2 * hour,
    'I1: an import began on an approval that had lapsed',
  );
  for (const seen of Object.values(cast))
    must(seen.high >= look.high, 'I1: an import began on worse evidence than was approved');
}

/** By the policy it was asked under: one of release and another of security, neither of whom asked; or a broken glass. */
function isApproved(request: Request, cast: State['cast']): boolean {
  const { glass, requester } = request;
  if (glass) return glass.by !== requester && groupsOf[glass.by as Person].includes('incident');
  const people = (Object.keys(cast) as Person[]).filter(
    (person) => person !== requester && request.votes.some((vote) => vote.person === person),
  );
  const has = (group: string) => people.some((person) => groupsOf[person].includes(group));
  return people.length >= 2 && has('release') && has('security');
}

/** I11: registries, identity and digests are the edge's and the request's; I1: nothing is written before it has begun. */
function onWrite(call: Call, { request }: State, must: Must): void {
  must(
    request.approvedAt !== undefined || request.glass !== undefined,
    'I1: a write to a registry without an approval',
  );
  const image = request.evidence?.digest as Image;
  const attached = referrersOf[image].map(({ digest }) => digest);
  if (call.kind === 'import') {
    const { order } = call;
    const isEdge = order.source === source && order.target === target && order.identity === identity;
    const isOurs = order.digest === image ? order.tag === tag : attached.includes(order.digest) && !order.tag;
    must(isEdge && isOurs, 'I11: an import off the edge');
  } else if ('by' in call) {
    const isOurs = call.kind === 'lock-tag' || wholeOf(image).includes(call.digest);
    must(call.by === identity && call.registry === target.id && isOurs, 'I11: a lock off the edge');
  }
}

/** I2 and I7, at the moment of the promotion. */
function onPromoted({ request, target: held, cast }: State, must: Must): void {
  const digest = request.evidence?.digest as Image;
  must(held.tag === digest, 'I2: the promoted digest is not the approved one');
  for (const seen of request.glass ? [] : Object.values(cast))
    must(seen.source === digest, 'I2: somebody approved another digest than was promoted');
  must(
    wholeOf(digest).every((each) => held.locked.includes(each)),
    'I7: promoted, and not everything is locked',
  );
}

/** I6: one row an event, from the stored version to the next; and work that will go on with it (I8). */
function onRecord(
  { request: before }: State,
  { request: after, now }: State,
  events: NonNullable<Step['decided']>['events'],
  machine: Machine,
  must: Must,
): void {
  const rows = auditOf(events, { before, after, actor: { person: 'p', channel: 'c' }, at: now * hour }, hash);
  const [first] = rows;
  must(rows.length === events.length, 'I6: an event without its row');
  must(first?.before === JSON.stringify(before), 'I6: a row that does not start at what was stored');
  must(first?.after === JSON.stringify(after), 'I6: a row that does not end at what is stored');
  must(after.version === before.version + 1, 'I6: a version was left out');
  const jobs = jobsOf(after, events, now * hour);
  const goesOn = jobs.some((job) => job.kind === 'step' && job.payload['version'] === after.version);
  must(goesOn === (machine.nextEffect(after) !== undefined), 'I8: a request that nobody goes on with');
  must(isTerminal(after) || machine.nextEffect(after) !== undefined, 'I8: a request with nothing to do');
}
