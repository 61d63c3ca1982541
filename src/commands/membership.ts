// The policy for one person: who they are by a link, and with the Entra groups they are in now. Asked anew for whatever decides; what cannot be read is
// no membership, and a refusal then says so.
import { entraGroupsOf, personOf } from '../policy/lookup.ts';
import type { Answer, Incoming } from '../ports.ts';
import { withLink } from './links.ts';
import type { Doors } from './doors.ts';
import { isRead } from './reads.ts';
import { refuse } from './refuse.ts';

export interface Membership {
  readonly doors: Doors;
  /** The answer, where it could not be known who is in which group. */
  explain(answer: Answer): Answer;
}

export async function asMember(given: Doors, { account, input }: Incoming): Promise<Membership> {
  const doors = await withLink(given, account);
  const unchanged = { doors, explain: (answer: Answer) => answer };
  const policy = doors.policy();
  const groups = entraGroupsOf(policy);
  const asker = personOf(policy, account);
  const entra = asker === undefined ? undefined : policy.people[asker]?.entra;
  if (asker === undefined || !entra || groups.length === 0) return unchanged;
  try {
    if (!doors.directory) throw new Error('There is no directory.');
    const ids = groups.map(({ id }) => id);
    const found = await doors.directory.groupsOf(entra.objectId, ids, { fresh: !isRead(input) });
    const own = groups.filter(({ id }) => found.has(id)).map(({ name }) => name);
    const member = { person: asker, groups: own };
    return { ...unchanged, doors: { ...doors, policy: () => ({ ...doors.policy(), member }) } };
  } catch (error) {
    doors.log.warn('the groups of a person could not be read', { person: asker, error: String(error) });
    return { doors, explain: explainUnread };
  }
}

const aboutRights: ReadonlySet<string> = new Set(['not-eligible', 'not-yours']);

const explainUnread = (answer: Answer): Answer =>
  answer.kind === 'refusal' && aboutRights.has(answer.code)
    ? refuse(
        'groups-unread',
        `Entra could not be asked which groups you are in, so only the lists of the policy counted. ${answer.card.summary} Try again in a minute.`,
      )
    : answer;
