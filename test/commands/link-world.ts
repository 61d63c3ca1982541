// A world in which Olga's Slack account is nobody's, with the gestures of linking it.
import { afterAll, afterEach, beforeAll } from 'vitest';
import { createDispatch } from '../../src/commands/dispatch.ts';
import type { Doors } from '../../src/commands/doors.ts';
import { doWork } from '../../src/commands/work.ts';
import type { Policy } from '../../src/policy/policy.ts';
import type { Account, Answer, Input } from '../../src/ports.ts';
import { createWorld, type World } from '../world.ts';

export let world: World;
/** What tests bend: the time, in milliseconds ahead, and the policy. */
export const now: { ahead: number; change: (policy: Policy) => Policy } = {
  ahead: 0,
  change: (policy) => policy,
};
export let doors: Doors;
let dispatch: ReturnType<typeof createDispatch>;
export let olga: Account;
export let rui: Account;
export let paul: Account;

/** Sets it up for the file that calls this; after each test nobody is linked. */
export function useLinks(): void {
  beforeAll(async () => {
    world = await createWorld({
      work: false,
      policy: (text) => text.replace('commandsPerMinute: 20', 'commandsPerMinute: 1000'),
    });
    const real = world.product.doors;
    // The store's own clock goes with the one of the doors; work is due at once.
    const ledger: Doors['ledger'] = {
      ...real.ledger,
      changeLink: (of, decide) =>
        real.ledger.changeLink(of, ({ before, now: at }) => {
          const { result, decision } = decide({ before, now: at + now.ahead });
          const jobs = decision?.jobs.map((job) => ({ ...job, runAt: 0 })) ?? [];
          return { result, ...(decision && { decision: { ...decision, jobs } }) };
        }),
    };
    doors = {
      ...real,
      ledger,
      clock: () => real.clock() + now.ahead,
      policy: () => now.change(real.policy()),
    };
    dispatch = createDispatch(doors);
    olga = world.as('outsider', 'slack');
    rui = world.as('release-approver', 'teams');
    paul = world.as('platform-admin', 'slack');
  });
  afterAll(() => world.close());
  afterEach(async () => {
    now.ahead += 20 * 60_000;
    now.change = (policy) => policy;
    for (const { id } of await doors.ledger.links()) await say(paul, `link --remove ${id}`);
    await work();
  });
}

let keys = 0;
export const send = (account: Account, input: Input, called?: string): Promise<Answer> =>
  dispatch.answer({
    key: `link${keys++}`,
    account,
    place: { id: 'slack:test', kind: 'channel' },
    input,
    ...(called && { called }),
  });
export const say = (account: Account, text: string, called?: string) =>
  send(account, { kind: 'text', text }, called);
export const codeOf = (answer: Answer) => (answer.kind === 'refusal' ? answer.code : answer.kind);
export const shown = (answer: Answer) => (answer.kind === 'form' ? '' : JSON.stringify(answer.card));
export const given = (answer: Answer) =>
  /\/acr link (\w{4}-\w{4}-\w{4})/.exec(shown(answer))?.[1] ?? 'no code';
export const buttons = (answer: Answer) =>
  answer.kind === 'form'
    ? []
    : answer.card.blocks.flatMap((block) => (block.kind === 'actions' ? block.actions : []));
export const press = (account: Account, question: Answer, action: string) => {
  const { value } = buttons(question).find((each) => each.action === action) ?? {
    value: { id: '', nonce: '' },
  };
  return send(account, { kind: 'action', action, id: value.id, nonce: value.nonce });
};
/** Olga asks, somebody gives the code and confirms. */
export async function linkTo(confirming: Account, asking = olga): Promise<Answer> {
  const question = await say(confirming, `link ${given(await say(asking, 'link'))}`);
  return press(confirming, question, 'link:confirm');
}
export const person = async (account: Account) =>
  /You are ([\w-]+)/.exec(shown(await say(account, 'whoami')))?.[1];
export const actions = async () => (await doors.ledger.auditRows({ limit: 3 })).map((row) => row.action);
export async function work(): Promise<void> {
  for (let lease = await doors.ledger.claim('w', 1000); lease; lease = await doors.ledger.claim('w', 1000)) {
    if (lease.kind === 'link') await doWork(lease, doors);
    await doors.ledger.finish(lease);
  }
}
