// An edge with `auto` asks by itself: whatever is pushed to where it begins is asked for on to where it ends, in the name of
// the product. Its gates and approvals are those of any request; without approval rules it is imported at once.
import { noticeCard } from '../cards/refusal-card.ts';
import { requesterGroups } from '../policy/lookup.ts';
import type { Edge } from '../policy/policy.ts';
import type { Answer, RegistryEvent } from '../ports.ts';
import { isTerminal } from '../promotion/request.ts';
import { apply, ask, product } from './decisions.ts';
import type { Doors } from './doors.ts';
import { judgeNow } from './judge-now.ts';
import { type Plan, planPromotion } from './promotion-plan.ts';
import { wantedOn } from './promote-command.ts';
import { postOnce } from './tell.ts';

/** Attachments under tags of cosign's go with their image. */
const attachmentTag = /^sha256-[0-9a-f]{64}/;

/** Milliseconds after which a push is asked for again, where too much of its repository was open. */
const laterBy = 10 * 60_000;

/** Gives the time at which to try again what is over a limit now. */
export async function askByItself(
  doors: Doors,
  registry: string,
  event: RegistryEvent,
): Promise<number | undefined> {
  const policy = doors.policy();
  const { repository, tag } = event;
  if (tag === undefined || attachmentTag.test(tag)) return undefined;
  let again: number | undefined;
  for (const edge of policy.edges) {
    if (!edge.auto || edge.from !== policy.registries[registry]?.stage) continue;
    // What nobody may ask for on this edge, the product does not ask for either.
    if (requesterGroups(policy, edge, repository).length === 0) continue;
    const answer = await askOn(doors, edge, registry, { ...event, tag });
    if (answer?.kind !== 'refusal' || answer.code === 'tag-not-allowed') continue;
    await tellAdmins(doors, edge, repository, answer);
    if (answer.code === 'limit-repository') again = doors.clock() + laterBy;
  }
  return again;
}

/** What stands in the way, if anything does. */
async function askOn(
  doors: Doors,
  edge: Edge,
  registry: string,
  { repository, tag, digest }: RegistryEvent & { readonly tag: string },
): Promise<Answer | undefined> {
  const planned = await planPromotion(doors, undefined, `${repository}:${tag}`, edge.from, edge.to, {
    source: registry,
    target: undefined,
  });
  if ('kind' in planned) return planned;
  if (await isKnown(doors, planned, digest)) return undefined;
  const asked = await ask(
    doors,
    wantedOn(doors, planned, product.person, `pushed to ${registry}, and '${edge.name}' asks by itself`),
    product,
  );
  return 'kind' in asked ? asked : undefined;
}

/** Asked for already, with this very digest; an older one that is still open gives way. */
async function isKnown(doors: Doors, { subject }: Plan, digest: string | undefined): Promise<boolean> {
  const { repository, tag, target } = subject;
  const all = await doors.ledger.requests({ repository, limit: Number.MAX_SAFE_INTEGER });
  const same = all.filter(
    ({ subject: each }) => each.kind === 'promotion' && each.target === target && each.tag === tag,
  );
  for (const request of same) {
    if (isTerminal(request)) {
      if (request.state === 'promoted' && request.evidence?.digest === digest) return true;
      continue;
    }
    const judged = request.subject.kind === 'promotion' && (await judgeNow(doors, request, request.subject));
    if (!judged) return true;
    const { request: after } = await apply(doors, request.id, judged, product);
    if (!after || !isTerminal(after)) return true;
  }
  return false;
}

/** What a person would be told is told to the admins, once a repository. */
async function tellAdmins(
  doors: Doors,
  edge: Edge,
  repository: string,
  { code, card: { summary } }: Extract<Answer, { kind: 'refusal' }>,
): Promise<void> {
  doors.log.warn('an edge could not ask by itself', { edge: edge.name, repository, code });
  const title = `'${edge.name}' could not ask by itself`;
  const card = noticeCard(title, `${repository} was pushed to ${edge.from}. ${summary}`, 'warning');
  await postOnce(doors, `auto:${edge.name}:${repository}:${code}`, doors.policy().channels.admins, card);
}
