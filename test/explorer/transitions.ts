// What can happen next in the small world: people, the world around them, time, and two replicas between any two calls.
import type { Command } from '../../src/promotion/machine.ts';
import { isTerminal } from '../../src/promotion/request.ts';
import { decideOn, type Play, type Step } from './play.ts';
import { childOf, type Image, other, type Target } from './registries.ts';
import { byReplica } from './replicas.ts';
import {
  type AccountName,
  accounts,
  groupsOf,
  hour,
  judged,
  judgementOf,
  type Look,
  lookAt,
  type Person,
  policies,
  type PolicyName,
  type Replica,
  type State,
} from './world.ts';

/** Everything that can happen in a state. */
export async function stepsFrom(play: Play, state: State): Promise<readonly Step[]> {
  const ended = isTerminal(state.request);
  return [
    ...(ended ? [] : byPeople(play, state)),
    ...(ended || state.adversity === 0 ? [] : byTheWorld(state)),
    ...byTime(play, state),
    ...(await byReplica(play, state, 0)),
    ...(play.size.replicas === 2 ? await byReplica(play, state, 1) : []),
  ];
}

// --- People --------------------------------------------------------------------------------------------------------

function byPeople(play: Play, state: State): readonly Step[] {
  const { request, click } = state;
  const look = lookAt(state);
  const names = Object.keys(accounts) as AccountName[];
  const seen = judged(request, look);
  const steps: Step[] = [];
  const add = (what: string, command: Command, by?: Look) => {
    steps.push(decideOn(play, state, what, command, by));
  };
  for (const account of names) steps.push(approves(play, state, account, look));
  add('sofia rejects', ballot('slack:U-SOFIA', 'reject', look));
  if (play.size.slow && !click && request.state === 'pending')
    for (const account of names)
      steps.push({
        what: `${account} opens the card`,
        before: state,
        after: { ...state, click: { account, look } },
      });
  if (click) {
    const { click: _, ...rest } = state;
    const late = approves(play, rest, click.account, click.look);
    steps.push({ ...late, what: `${late.what}, on what was seen before`, before: state });
  }
  add('dana cancels', { kind: 'cancel', person: 'dana', admin: false });
  add('rui holds', { kind: 'hold', person: 'rui', may: true });
  if (request.state === 'held')
    add(
      'dana resumes',
      seen.kind === 'judge' ? { ...seen, kind: 'resume', person: 'dana', may: false } : seen,
      look,
    );
  for (const person of ['dana', 'sofia', 'rui'] as const) {
    const may = groupsOf[person].includes('incident') || person === 'dana';
    const glass = {
      kind: 'break-glass',
      person,
      may,
      reason: 'down',
      ticket: 'INC-1',
      reviewWithin: hour,
    } as const;
    if (seen.kind === 'judge')
      add(`${person} breaks the glass`, { ...glass, judgement: seen.judgement }, look);
  }
  return steps;
}

function approves(play: Play, state: State, account: AccountName, look: Look): Step {
  const seen = judged(state.request, look);
  // A tag that moved is told to the machine by the vote itself, past the guard that the product has before it.
  const judgement = look.source !== 'gone' && seen.kind !== 'mismatch' && judgementOf(look.source, look);
  const command = judgement ? { ...ballot(account, 'approve', look), judgement } : seen;
  return decideOn(play, state, `${account} approves`, command, look);
}

function ballot(
  account: AccountName,
  decision: 'approve' | 'reject',
  look: Look,
): Extract<Command, { kind: 'vote' }> {
  const person: Person = accounts[account];
  return {
    kind: 'vote',
    person,
    decision,
    channel: account.split(':')[0] ?? '',
    groups: groupsOf[person],
    terms: policies[look.policy],
    ...(decision === 'reject' ? { reason: 'no' } : {}),
  };
}

// --- The world -----------------------------------------------------------------------------------------------------

function byTheWorld(state: State): readonly Step[] {
  const { source, target, policy, high, frozen, refusesLocks, request } = state;
  const turn = (what: string, change: Partial<State>): Step => ({
    what,
    before: state,
    after: { ...state, ...change, adversity: state.adversity - 1 },
  });
  const turns = [
    turn(`the source tag moves`, { source: source === 'gone' ? 'a' : other(source) }),
    turn(frozen ? 'the freeze is lifted' : 'the stage is frozen', { frozen: !frozen }),
    turn(high === 2 ? 'the scanner finds more' : 'the scanner finds less', { high: high === 2 ? 4 : 2 }),
    ...(Object.keys(policies) as PolicyName[])
      .filter((name) => name !== policy)
      .map((name) => turn(`the policy is the ${name} one`, { policy: name })),
  ];
  if (source !== 'gone') turns.push(turn('the source tag is deleted', { source: 'gone' }));
  if (request.state === 'locking' && !refusesLocks)
    turns.push(turn('the registry refuses locks from now on', { refusesLocks: true }));
  // Whoever may do this in the middle of a look can undo whatever was looked at: it is not asked of one look.
  if (!state.replicas.some(isLooking)) turns.push(...byStrangers(target, turn));
  return turns;
}

/** Somebody else with rights on the target: pushes where no lock is, or takes locks off. */
function byStrangers(target: Target, turn: (what: string, change: Partial<State>) => Step): readonly Step[] {
  const steps: Step[] = [];
  const pushed: Image = target.tag ? other(target.tag) : 'b';
  if (!target.locked.includes('tag')) {
    const held = [...new Set([...target.held, pushed, ...childOf[pushed]])].sort();
    steps.push(
      turn(`somebody pushes ${pushed} to the target tag`, { target: { ...target, tag: pushed, held } }),
    );
  }
  if (target.locked.length > 0)
    steps.push(turn('somebody takes the locks off', { target: { ...target, locked: [] } }));
  return steps;
}

const isLooking = (replica: Replica): boolean =>
  (replica.kind === 'running' && replica.run.step === 'read-back') ||
  (replica.kind === 'ready' && replica.command.kind === 'step-done' && replica.command.step === 'read-back');

function byTime(play: Play, state: State): readonly Step[] {
  const tick = decideOn(play, state, 'time is looked at', { kind: 'tick' }, undefined);
  const steps = tick.decided ? [tick] : [];
  if (state.now >= play.size.hours || isTerminal(state.request)) return steps;
  return [...steps, { what: 'an hour passes', before: state, after: { ...state, now: state.now + 1 } }];
}
