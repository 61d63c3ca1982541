// Two replicas of the product: each takes up what is due, goes on call by call, tells the machine late, twice or never, and
// dies wherever it is. A call goes wrong in the ways of registries.ts.
import type { Command } from '../../src/promotion/machine.ts';
import type { Request } from '../../src/promotion/request.ts';
import { decideOn, type Play, type Step } from './play.ts';
import { canGoWrong, type Fault, faults, type Image, perform } from './registries.ts';
import { isClosed, judged, lookAt, type Replica, type State } from './world.ts';

type Slot = 0 | 1;
const idle: Replica = { kind: 'idle' };
const name = (slot: Slot): string => `replica ${slot + 1}`;

const put = ({ replicas }: State, slot: Slot, replica: Replica): State['replicas'] =>
  slot === 0 ? [replica, replicas[1]] : [replicas[0], replica];

export async function byReplica(play: Play, state: State, slot: Slot): Promise<readonly Step[]> {
  const replica = state.replicas[slot];
  switch (replica.kind) {
    case 'idle':
      return starts(play, state, slot);
    case 'ready':
      return [
        tells(play, state, slot, replica),
        // Told now, and once more later.
        ...(play.size.slow ? [tells(play, state, slot, replica, replica)] : []),
        {
          what: `${name(slot)} dies before it tells`,
          before: state,
          after: { ...state, replicas: put(state, slot, idle) },
        },
      ];
    case 'running': {
      const next = await play.replay(replica.run, state.request);
      if ('command' in next) throw new Error('a run that has ended is ready');
      const { call } = next;
      const turns = state.adversity > 0 ? faults.filter((fault) => canGoWrong(call, fault)) : [];
      return [
        await calls(play, state, slot, undefined),
        ...(await Promise.all(turns.map((fault) => calls(play, state, slot, fault)))),
        { what: `${name(slot)} dies`, before: state, after: { ...state, replicas: put(state, slot, idle) } },
      ];
    }
  }
}

/** Takes up the job of the version that is stored: whoever had it before may still be at it. */
export async function starts(play: Play, state: State, slot: Slot): Promise<readonly Step[]> {
  const { request } = state;
  const effect = play.machine.nextEffect(request);
  if (!effect || effect.kind === 'await') return [];
  const look = lookAt(state);
  const set = async (what: string, replica: Replica): Promise<readonly Step[]> => [
    {
      what: `${name(slot)} ${what}`,
      before: state,
      after: { ...state, replicas: put(state, slot, replica) },
    },
  ];
  if (effect.kind === 'judge') return set('looks', { kind: 'ready', command: judged(request, look), look });
  if (effect.kind === 'begin') {
    const seen = judged(request, look);
    const command: Command = seen.kind === 'judge' ? { ...seen, kind: 'begin' } : seen;
    return set('looks before it begins', { kind: 'ready', command, look });
  }
  const run = { step: effect.step, digest: request.evidence?.digest as Image, answers: [] };
  return set(`starts ${effect.step}`, await settle(play, { kind: 'running', run }, request));
}

export function tells(
  play: Play,
  state: State,
  slot: Slot,
  { command, look }: Extract<Replica, { kind: 'ready' }>,
  next: Replica = idle,
): Step {
  const step = 'step' in command ? ` ${command.step}` : '';
  const what = `${name(slot)} tells: ${command.kind}${step}${next === idle ? '' : ', and will again'}`;
  // Whether the stage is closed is read in the transaction that decides.
  const closed = command.kind === 'begin' && isClosed(state) && { closed: { why: 'closed' } };
  return decideOn(play, state, what, { ...command, ...closed }, look, { replicas: put(state, slot, next) });
}

/** The next call of the step under way, and its answer. */
export async function calls(play: Play, state: State, slot: Slot, fault: Fault | undefined): Promise<Step> {
  const replica = state.replicas[slot];
  if (replica.kind !== 'running') throw new Error('nothing is under way');
  const next = await play.replay(replica.run, state.request);
  if ('command' in next) throw new Error('a run that has ended is ready');
  const { target, answer } = perform(state.target, next.call, fault, state.refusesLocks);
  const run = { ...replica.run, answers: [...replica.run.answers, answer] };
  const after = await settle(play, { kind: 'running', run }, state.request);
  const adversity = state.adversity - (fault ? 1 : 0);
  return {
    what: `${name(slot)} in ${run.step}: ${next.call.kind}${fault ? ` (${fault})` : ''}`,
    before: state,
    after: { ...state, target, adversity, replicas: put(state, slot, after) },
    call: next.call,
  };
}

/** A run whose step has ended is ready to be told. */
async function settle(
  play: Play,
  running: Extract<Replica, { kind: 'running' }>,
  request: Request,
): Promise<Replica> {
  const next = await play.replay(running.run, request);
  return 'command' in next ? { kind: 'ready', command: next.command } : running;
}
