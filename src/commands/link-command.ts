// link: an account that the policy does not name gets a code; whoever gives the code from an account that it does name sees who
// asks, and confirms. Only then is it theirs. Codes are kept hashed, work once, for ten minutes, and only for whoever gave them
// first.
import { cleanLine } from '../cards/clean.ts';
import { codeCard, linkQuestionCard } from '../cards/link-cards.ts';
import { noticeCard } from '../cards/refusal-card.ts';
import { clip } from '../cards/wording.ts';
import { accountId, groupsOf, hasRight, peopleNaming } from '../policy/lookup.ts';
import type { Account, Answer, AuditEntry, Job, LinkAsked, LinkBasis, LinkVerdict } from '../ports.ts';
import type { Doors } from './doors.ts';
import { isInForce } from './links.ts';
import { refuse } from './refuse.ts';
import type { LinkNews } from './tell.ts';
import type { Call, Verb } from './verb.ts';

/** Milliseconds that a code works. */
const codeFor = 10 * 60_000;
/** Wrong codes of one person in that time. */
const mostWrong = 5;

export const link: Verb = {
  name: 'link',
  words: 1,
  usage: 'link [CODE], or: link --remove [ACCOUNT]',
  summary:
    'Takes an account that the policy does not name for you: `link` there gives a code, `link CODE` from your own account asks you to confirm it.',
  examples: ['link', 'link 7K3Q-XW2M-9TBC', 'link --remove'],
  access: 'anyone',
  writes: true,
  flags: { remove: { type: 'boolean' } },
  run: async (call, doors) => {
    const [word] = call.arguments.positional;
    if (call.account.channel === 'terminal')
      return refuse('not-here', 'Accounts of Slack and Teams are linked. Write it there: /acr link');
    if (call.arguments.flags['remove'] === true) return remove(call, doors, word);
    if (!doors.policy().identity.linking) return off;
    return word === undefined ? ask(call, doors) : question(call, doors, word);
  },
};

const off = refuse(
  'linking-off',
  'Accounts cannot be linked here: the policy has it off. Ask a platform admin to add your account under people, or to set identity: { linking: true }.',
);

/** A code for this account; the one of before works no more. */
async function ask(call: Call, doors: Doors): Promise<Answer> {
  const { account, person, called = '' } = call;
  if (person !== undefined)
    return refuse(
      'already-mapped',
      `This account is ${person} already. Write 'link' from the account that is nobody yet, and its code here.`,
    );
  if (peopleNaming(doors.policy(), account).length > 0)
    return refuse(
      'ambiguous',
      'The policy names this account for several people, so it counts for none of them. Ask a platform admin to leave it to one.',
    );
  if (!(await isMember(doors, account)))
    return refuse(
      'not-a-member',
      'Only full members of the organisation link accounts, and your chat does not say that this is one. Ask a platform admin to add it under people.',
    );
  const id = accountId(account);
  const code = doors.ids.code();
  return doors.ledger.changeLink({ id }, ({ before, now }) => {
    if (before?.state === 'confirmed' && isInForce(doors.policy(), before))
      return { result: refuse('already-mapped', `This account is ${before.person} already.`) };
    const until = now + codeFor;
    const wanted: LinkAsked = {
      state: 'asked',
      id,
      account,
      called: clip(cleanLine(called), 100),
      code: hashOf(doors, code),
      until,
    };
    return {
      result: { kind: 'card', card: codeCard(code, until), visibility: 'private' },
      decision: { link: wanted, audit: [row(call, 'link-asked', id, now, { until })], jobs: [] },
    };
  });
}

/** What cannot be found out is a no. */
async function isMember({ messengers, log }: Doors, account: Account): Promise<boolean> {
  try {
    return (await messengers.get(account.channel)?.isMember?.(account)) ?? true;
  } catch (error) {
    log.warn('it could not be asked whether an account is a guest', { error: String(error) });
    return false;
  }
}

/** Shows who asks to whoever gives the code; from then on it is theirs to confirm, and nobody else's. */
async function question(call: Call, doors: Doors, typed: string): Promise<Answer> {
  const person = namedPerson(call, doors);
  if (person === undefined) return notNamed;
  const subject = `link-codes:${person}`;
  const wrong = await doors.ledger.auditRows({ subject, limit: mostWrong });
  if (wrong.length === mostWrong && (wrong[0]?.at ?? 0) > doors.clock() - codeFor)
    return refuse(
      'too-many-codes',
      `${mostWrong} wrong codes in ten minutes, so none is taken for now. Wait ten minutes, and ask for a new one.`,
    );
  return doors.ledger.changeLink({ code: hashOf(doors, typed) }, ({ before, now }) => {
    if (!isOpen(before, now) || (before.by ?? person) !== person)
      return {
        result: refuse(
          'unknown-code',
          'There is no such code: it is mistyped, used, or older than ten minutes. Get a new one: write link from the account that is to be linked.',
        ),
        decision: {
          ...(before && { link: before }),
          audit: [row(call, 'link-code-wrong', subject, now)],
          jobs: [],
        },
      };
    const { id, called, account, until } = before;
    const card = linkQuestionCard({
      id,
      called,
      chat: account.channel === 'slack' ? 'Slack' : 'Teams',
      person,
      groups: groupsOf(doors.policy(), person),
      until,
      code: typed,
    });
    return {
      result: { kind: 'card', card, visibility: 'private' },
      decision: { link: { ...before, by: person }, audit: [row(call, 'link-seen', id, now)], jobs: [] },
    };
  });
}

/** The button of the question: the account is the person's from now on, and both accounts are told. */
export const confirmLink = (call: Call, doors: Doors): Promise<Answer> =>
  answerQuestion(call, doors, (before, person, now) => {
    const { id, account, called } = before;
    const confirmedBy = call.account;
    const news = newsJob(id, now, {
      title: 'Linked',
      text: `The account ${id} acts as ${person} now, confirmed from ${accountId(confirmedBy)}. If this was not you, write: /acr link --remove ${id}`,
      accounts: [account, confirmedBy],
    });
    return {
      result: { kind: 'updated', card: noticeCard('Linked', `The account ${id} acts as ${person} now.`) },
      decision: {
        link: { state: 'confirmed', id, account, called, person, confirmedBy, since: now },
        audit: [row(call, 'link-confirmed', id, now, { confirmedBy: accountId(confirmedBy) })],
        jobs: [news],
      },
    };
  });

/** The other button: the code is spent, and whoever asked is told. */
export const cancelLink = (call: Call, doors: Doors): Promise<Answer> =>
  answerQuestion(call, doors, ({ id, account }, _person, now) => ({
    result: { kind: 'updated', card: noticeCard('Not linked', `The account ${id} stays as it was.`) },
    decision: {
      audit: [row(call, 'link-cancelled', id, now)],
      jobs: [
        newsJob(id, now, {
          title: 'Not linked',
          text: 'Whoever was given the code of this account said no.',
          accounts: [account],
        }),
      ],
    },
  }));

async function answerQuestion(
  call: Call,
  doors: Doors,
  decide: (before: LinkAsked, person: string, now: number) => LinkVerdict<Answer>,
): Promise<Answer> {
  const policy = doors.policy();
  const person = namedPerson(call, doors);
  if (!policy.identity.linking) return off;
  if (person === undefined) return notNamed;
  const answer = await doors.ledger.changeLink<Answer>(
    { code: hashOf(doors, call.nonce ?? '') },
    ({ before, now }) => {
      const isAsked =
        isOpen(before, now) && before.by === person && before.id === call.arguments.positional[0];
      // Named by the file meanwhile: then that counts.
      return isAsked && peopleNaming(policy, before.account).length === 0
        ? decide(before, person, now)
        : {
            result: refuse(
              'link-over',
              'This question is over: it was answered, the code is older than ten minutes, or the policy names the account by now. See with: /acr whoami',
            ),
          };
    },
  );
  doors.wake();
  return answer;
}

/** Own accounts by whoever they are of; any by whoever has the right `admin`. */
async function remove(call: Call, doors: Doors, word: string | undefined): Promise<Answer> {
  const { person, account } = call;
  const own = accountId(account);
  const links = await doors.ledger.links();
  const mine = links.filter((each) => each.id === own || (person !== undefined && each.person === person));
  const only = mine.find((each) => each.id === own) ?? (mine.length === 1 ? mine[0] : undefined);
  const id = word === undefined ? only?.id : word.startsWith('teams:') ? word.toLowerCase() : word;
  if (id === undefined)
    return refuse(
      'no-link',
      mine.length === 0
        ? 'No account is linked to you. An admin names the account: /acr link --remove slack:TEAM/USER'
        : `Say which: ${mine.map((each) => `/acr link --remove ${each.id}`).join(', ')}`,
    );
  const isMine = mine.some((each) => each.id === id);
  if (!isMine && !(person !== undefined && hasRight(doors.policy(), person, 'admin')))
    return refuse(
      'not-yours',
      'Only whoever an account is linked to, and the groups with the right admin, remove its link. See yours with: /acr whoami',
    );
  const answer = await doors.ledger.changeLink<Answer>({ id }, ({ before, now }) => {
    if (before?.state !== 'confirmed')
      return {
        result: refuse('no-link', `There is no link of ${id.slice(0, 100)}. See yours with: /acr whoami`),
      };
    const text = `The account ${id} acts as ${before.person} no more. Its link was removed by ${person ?? own}.`;
    return {
      result: { kind: 'card', card: noticeCard('Link removed', text), visibility: 'private' },
      decision: {
        audit: [row(call, 'link-removed', id, now, { of: before.person })],
        jobs: [
          newsJob(id, now, {
            title: 'Link removed',
            text,
            accounts: [before.account, before.confirmedBy].filter((each) => accountId(each) !== own),
          }),
        ],
      },
    };
  });
  doors.wake();
  return answer;
}

/** The person that the policy itself names this account for: a link never confirms another one. */
function namedPerson({ account }: Call, doors: Doors): string | undefined {
  const named = peopleNaming(doors.policy(), account);
  return named.length === 1 ? named[0] : undefined;
}

const notNamed = refuse(
  'not-named',
  'A code is given from an account that the policy itself names under people. This one is not: write it from another.',
);

const isOpen = (before: LinkBasis['before'], now: number): before is LinkAsked =>
  before?.state === 'asked' && before.until > now;

/** However it was typed: in small letters, with blanks or dashes elsewhere. */
const hashOf = (doors: Doors, typed: string): string =>
  doors.ids.hash(`link:${typed.toUpperCase().replaceAll(/[^0-9A-Z]/g, '')}`);

const newsJob = (id: string, now: number, news: LinkNews): Job => ({
  key: `link:${id}:${now}`,
  kind: 'link',
  payload: { ...news },
  runAt: now,
});

const row = (
  { account, person }: { readonly account: Account; readonly person: string | undefined },
  action: string,
  subject: string,
  at: number,
  facts: AuditEntry['facts'] = {},
): AuditEntry => ({
  at,
  actor: { person: person ?? 'unknown', channel: account.channel, account: account.user },
  action,
  subject,
  facts,
});
