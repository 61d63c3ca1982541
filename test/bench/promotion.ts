// From the click on Approve to "promoted" (imported, verified, locked, read back), at 50 ms a request, against the round
// trips that nobody can save.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';
import { readEnvironment } from '../../src/config/environment.ts';
import { compose, type Product } from '../../src/product.ts';
import type { Account, Input } from '../../src/ports.ts';
import type { Request } from '../../src/promotion/request.ts';
import { type Figure, figure, startHelper } from './measure.ts';
import { roundImage } from './round-image.ts';
import { accountOf } from '../world.ts';

const latency = 50;

/**
 * The critical path: what must wait for what, each line as many round trips as it takes at the least. Everything that can
 * be asked at once is one. Tokens are warm, the registries' addresses and the image's manifests are known.
 */
export const criticalPath = [
  ['read the tag in the source and in the target, at once', 1],
  ['order the import of the image', 1],
  ['the import itself: the stand-in takes two latencies; the last poll overlaps it', 2],
  ['read the tag and the referrers in the target, at once', 1],
  ['order the imports of all referrers, at once', 1],
  ['these imports themselves', 2],
  ['read the tag and the referrers in the target again', 1],
  ['lock the image, its children and its referrers, at once', 1],
  ['lock the tag, after what hangs on it', 1],
  ['read all locks back, at once', 1],
] as const satisfies readonly (readonly [string, number])[];

export async function benchPromotion(rounds: number): Promise<Figure> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-promotion-'));
  const azure = await startHelper<Record<string, string>>(new URL('./azure-process.ts', import.meta.url), [
    folder,
    String(latency),
    String(rounds + 1),
  ]);
  const product = await openProduct(azure.ready, join(folder, 'data'));
  const worker = product.startWork();
  const trips = criticalPath.reduce((sum, [, count]) => sum + count, 0);
  const requests: number[] = [];
  try {
    await promote(product, 0);
    const times: number[] = [];
    for (let round = 1; round <= rounds; round++) {
      const request = await ask(product, round);
      const before = await requestCount(azure);
      times.push(await approve(product, request));
      requests.push((await requestCount(azure)) - before);
    }
    const note = `floor: ${trips} round trips one after the other x ${latency} ms; ours sent ${Math.max(...requests)} requests in all, many at once`;
    return figure('approve to locked at 50 ms', times, [trips * latency], note);
  } finally {
    await worker.close();
    await product.doors.ledger.close();
    await azure.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The first promotion of a process also fetches tokens and addresses: it is not measured. */
async function promote(product: Product, round: number): Promise<void> {
  await approve(product, await ask(product, round));
}

async function openProduct(environment: Record<string, string>, data: string): Promise<Product> {
  Object.assign(process.env, environment);
  const authority = readFileSync(environment['NODE_EXTRA_CA_CERTS'] ?? '', 'utf8');
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), authority]);
  return compose(readEnvironment({ ...environment, ACR_WARDEN_DATA: data, LOG_LEVEL: 'silent' }));
}

async function requestCount(azure: { ask(question: string): Promise<unknown> }): Promise<number> {
  const counters = (await azure.ask('counters')) as Record<string, number>;
  return Object.entries(counters)
    .filter(([name]) => !name.startsWith('import ') && !name.startsWith('resourceGraph.'))
    .reduce((sum, [, count]) => sum + count, 0);
}

async function send(product: Product, account: Account, input: Input): Promise<void> {
  const incoming = {
    key: `bench:${product.doors.ids.token()}`,
    account,
    place: { id: `${account.channel}:bench`, kind: 'channel' },
    input,
  } as const;
  await product.dispatch.accept(incoming);
  const answer = await product.dispatch.answer(incoming);
  if (answer.kind === 'refusal') throw new Error(`refused: ${answer.card.summary}`);
}

async function ask(product: Product, round: number): Promise<Request> {
  const image = roundImage(round);
  await send(product, accountOf('developer', 'slack'), {
    kind: 'text',
    text: `promote ${image} from uat to prod because bench`,
  });
  const tag = image.split(':')[1];
  const found = (await product.doors.ledger.requests()).find(
    ({ subject }) => subject.kind === 'promotion' && subject.tag === tag,
  );
  if (!found) throw new Error(`${image} was not asked for`);
  return until(product, found.id, 'pending');
}

async function approve(product: Product, request: Request): Promise<number> {
  const from = performance.now();
  await send(product, accountOf('release-approver', 'teams'), {
    kind: 'action',
    action: 'approve',
    id: request.id,
    nonce: request.nonce,
  });
  await until(product, request.id, 'promoted');
  return performance.now() - from;
}

/** Looks every 2 ms; a state that does not lead there ends the bench. */
async function until(product: Product, id: string, state: string): Promise<Request> {
  for (let look = 0; look < 15_000; look++) {
    const request = await product.doors.ledger.request(id);
    if (request?.state === state) return request;
    if (request?.end) throw new Error(`${id} is ${request.state}: ${request.end.text}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  throw new Error(`${id} did not become ${state} in 30 seconds`);
}
