// Accounts that people linked to themselves: who an account is by its link, and what a link rests on.
import { accountId, peopleNaming, personOf, personOfAddress } from '../policy/lookup.ts';
import type { Policy } from '../policy/policy.ts';
import type { Account, Answer, LinkConfirmed } from '../ports.ts';
import type { Doors } from './doors.ts';
import { readAction, refuse } from './refuse.ts';

/**
 * Whether a link still counts: the file names the account for nobody, and the account that confirmed it is still that
 * person's. So whoever is taken out of the policy takes their links along.
 */
export function isInForce(policy: Policy, { account, person, confirmedBy }: LinkConfirmed): boolean {
  const { linked: _, ...file } = policy;
  return peopleNaming(policy, account).length === 0 && personOf(file, confirmedBy) === person;
}

/** The link of an account, if it counts. */
async function linkOf({ policy, ledger }: Doors, account: Account): Promise<LinkConfirmed | undefined> {
  if (!policy().identity.linking || peopleNaming(policy(), account).length > 0) return undefined;
  const link = await ledger.link(accountId(account));
  return link?.state === 'confirmed' && isInForce(policy(), link) ? link : undefined;
}

/** All links that count. */
export async function linksInForce({ policy, ledger }: Doors): Promise<readonly LinkConfirmed[]> {
  if (!policy().identity.linking) return [];
  return (await ledger.links()).filter((link) => isInForce(policy(), link));
}

/**
 * Whom the account's confirmed address names, where the policy takes addresses. Slack accounts only: Teams vouches for the
 * object id itself. What cannot be asked is nobody.
 */
async function byAddress({ policy, messengers, log }: Doors, account: Account): Promise<Policy['linked']> {
  if (policy().identity.email === 'off' || peopleNaming(policy(), account).length > 0) return undefined;
  try {
    const address = await messengers.get(account.channel)?.addressOf?.(account);
    const person = address && personOfAddress(policy(), account.tenant, address);
    return person ? { account, person } : undefined;
  } catch (error) {
    log.warn('an address could not be asked for', { account: accountId(account), error: String(error) });
    return undefined;
  }
}

/** The doors for whatever this account does: the policy knows who it is by its link, or else by its address. */
export async function withLink(doors: Doors, account: Account): Promise<Doors> {
  const linked = (await linkOf(doors, account)) ?? (await byAddress(doors, account));
  return linked ? { ...doors, policy: () => ({ ...doors.policy(), linked }) } : doors;
}

/** The person an account is, by the policy or by a link. */
export const whoIs = async (doors: Doors, account: Account): Promise<string | undefined> =>
  personOf((await withLink(doors, account)).policy(), account);

/** What an account is told that is nobody's. */
export const refuseNobody = ({ policy }: Doors, account: Account): Answer =>
  refuse(
    'unmapped',
    `Your account ${accountId(account)} belongs to nobody in the policy, so nothing is shown or done for it. Ask a platform admin to add it under people${policy().identity.linking ? ', or link it to yours: /acr link' : ''}.`,
    { suggestions: [readAction('whoami', 'Who am I here?')] },
  );
