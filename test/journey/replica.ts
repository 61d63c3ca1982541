// One of two replicas: the product composed as product.ts does, in a process of its own. Told so, it is clicked CLICKS times at
// once by everybody of the cast, in both chats in turn, on `REQUEST`, and says how each click was answered.
import { randomUUID } from 'node:crypto';
import { readEnvironment } from '../../src/config/environment.ts';
import { compose } from '../../src/product.ts';
import type { Answer } from '../../src/ports.ts';
import { people } from '../../src/sandbox/cast.ts';
import { accountOf } from '../world.ts';

const { REQUEST: id = '', CLICKS: clicks = '0' } = process.env;
const product = await compose(readEnvironment());
const { ledger } = product.doors;
const nonce = (await ledger.request(id))?.nonce ?? '';
const worker = product.startWork();

async function click(i: number): Promise<string> {
  const { role } = people[i % people.length]!;
  const account = accountOf(role, i % 2 === 0 ? 'slack' : 'teams');
  const place = { id: `${account.channel}:test`, kind: 'channel' } as const;
  const input = { kind: 'action', action: 'approve', id, nonce } as const;
  const incoming = { key: randomUUID(), account, place, input };
  await product.dispatch.accept(incoming);
  const answer: Answer = await product.dispatch.answer(incoming);
  return answer.kind === 'refusal' ? answer.code : answer.kind;
}

async function clickAll(): Promise<void> {
  const answers = await Promise.all(Array.from({ length: Number(clicks) }, (_, i) => click(i)));
  process.send?.({ answers });
}

async function end(): Promise<void> {
  await worker.close();
  await ledger.close();
  process.exit(0);
}

process.once('message', () => void clickAll());
process.once('disconnect', () => void end());
process.send?.('ready');
