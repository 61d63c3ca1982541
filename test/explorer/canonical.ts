// A state as text, equal for states that behave alike. Left out: ages, versions, nonces, texts for people, and whatever
// only counts upwards and decides nothing. The replicas are alike, so their order does not matter.
import type { Request } from '../../src/promotion/request.ts';
import type { Look, Replica, State } from './world.ts';

export function canonical(state: State): string {
  const { now, source, target, policy, high, frozen, refusesLocks, click, cast } = state;
  return [
    now,
    source,
    target.tag ?? '',
    target.held,
    target.locked,
    target.imports,
    policy,
    high,
    frozen ? 'frozen' : '',
    refusesLocks ? 'refuses' : '',
    textOf(state.request),
    Object.entries(cast)
      .map(([person, look]) => `${person} ${ofLook(look)}`)
      .sort(),
    click ? `${click.account.split(':')[1]?.toLowerCase()} ${ofLook(click.look)}` : '',
    state.replicas.map(ofReplica).sort(),
  ].join('|');
}

/** A request stands in many states, and its text is made once. */
const texts = new WeakMap<Request, string>();
function textOf(request: Request): string {
  const text = texts.get(request) ?? ofRequest(request);
  texts.set(request, text);
  return text;
}

function ofRequest(request: Request): string {
  const { state, evidence, votes, glass, approvedAt, quorum, gates, done, attempt, alarm } = request;
  const verified = state === 'locking' && !alarm && done.find(({ step }) => step === 'verify')?.at;
  return [
    state,
    evidence?.digest ?? '',
    evidence?.scan?.high ?? '',
    evidence?.gates.map(({ outcome }) => outcome) ?? '',
    votes.map(({ person, evidence: seen }) => `${person} ${seen}`).sort(),
    glass?.by ?? '',
    approvedAt ?? '',
    quorum?.validFor ?? '',
    gates?.scan?.maxHigh ?? '',
    done.map(({ step }) => step),
    state === 'importing' ? attempt : '',
    alarm ? 'alarmed' : '',
    verified || '',
    state === 'waiting' ? request.waits?.why : '',
  ].join(';');
}

const ofLook = ({ source, target, policy, high }: Look): string =>
  `${source} ${target ?? ''} ${policy} ${high}`;

function ofReplica(replica: Replica): string {
  switch (replica.kind) {
    case 'idle':
      return '';
    case 'running':
      return `${replica.run.step} ${replica.run.digest} ${JSON.stringify(replica.run.answers)}`;
    case 'ready': {
      const { command, look } = replica;
      const about = 'step' in command ? command.step : 'digest' in command ? command.digest : '';
      const retry = 'retry' in command && command.retry ? 'retry' : '';
      return `${command.kind} ${about} ${retry} ${look ? ofLook(look) : ''}`;
    }
  }
}
