// help, whoami: what can be done here, and by whom.
import { helpCard, whoamiCard } from '../cards/person-cards.ts';
import { closestName } from '../policy/closest.ts';
import { accountId, groupsOf } from '../policy/lookup.ts';
import type { Right } from '../policy/policy.ts';
import { linksInForce } from './links.ts';
import { refuse } from './refuse.ts';
import type { Verb } from './verb.ts';
import { edgesFor } from './ways.ts';

const prefixes = { slack: '/acr ', teams: '@ACR ', terminal: 'acr-warden ' } as const;

/** Help is written from the catalogue, which it cannot import (it is in it): so it is given it. */
export const helpVerb = (all: () => readonly Verb[]): Verb => ({
  name: 'help',
  words: 1,
  usage: 'help [command]',
  summary: 'What can be done here, with examples.',
  examples: ['help', 'help promote'],
  access: 'anyone',
  writes: false,
  run: async (call) => {
    const shown = all().filter(
      (verb) => verb.name !== 'refresh' && (call.person !== undefined || verb.access === 'anyone'),
    );
    const [wanted] = call.arguments.positional;
    const found = wanted === undefined ? shown : shown.filter((verb) => verb.name === wanted.toLowerCase());
    if (found.length === 0) {
      const near = closestName(
        wanted ?? '',
        shown.map((verb) => verb.name),
      );
      return refuse(
        'unknown-verb',
        `There is no command '${(wanted ?? '').slice(0, 40)}'.${near ? ` Did you mean ${near}?` : ''}`,
      );
    }
    return { kind: 'card', card: helpCard(found, prefixes[call.account.channel]), visibility: 'private' };
  },
});

export const whoami: Verb = {
  name: 'whoami',
  words: 0,
  usage: 'whoami',
  summary: 'The person, groups and rights this account maps to.',
  examples: ['whoami'],
  access: 'anyone',
  writes: false,
  run: async (call, doors) => {
    const policy = doors.policy();
    const { person } = call;
    const links = await linksInForce(doors);
    const own = accountId(call.account);
    const link = links.find((each) => each.id === own);
    const groups = person === undefined ? [] : groupsOf(policy, person);
    const rights = (Object.entries(policy.rights) as [Right, readonly string[]][]).filter(([, names]) =>
      names.some((group) => groups.includes(group)),
    );
    const approves = policy.edges.filter((edge) =>
      edge.approvals?.rules.some((rule) => groups.includes(rule.group)),
    );
    return {
      kind: 'card',
      visibility: 'private',
      card: whoamiCard({
        person,
        account: own,
        ...(link && { link: { since: link.since, from: accountId(link.confirmedBy) } }),
        linked: links.filter((each) => each.person === person && each.id !== own).map(({ id }) => id),
        mayLink: policy.identity.linking,
        groups,
        rights: rights.map(([right]) => right),
        mayAsk:
          person === undefined ? [] : edgesFor(policy, person).map((edge) => `${edge.from} to ${edge.to}`),
        mayApprove: approves.map((edge) => `${edge.from} to ${edge.to}`),
      }),
    };
  },
};
