// The stand-in's Resource Graph over an organisation of any size, in a process of its own: what it costs is not counted as
// the product's. Keeps each page it answers as a file. Arguments: folder, registries.
import { writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { join } from 'node:path';
import { ensureCertificate } from '../../src/sandbox/azure/certificate.ts';
import { createResourceGraph } from '../../src/sandbox/azure/resource-graph/server.ts';
import type { Tables } from '../../src/sandbox/azure/resource-graph/tables.ts';
import { scaledTables } from './estate.ts';

/** One query of a scan: its pages are the files `NUMBER-0.json` to `NUMBER-(pages - 1).json`. */
export interface AnsweredQuery {
  readonly query: string;
  rows: number;
  pages: number;
}

const [folder = '', count = '0'] = process.argv.slice(2);
const tables = scaledTables(Number(count)) as unknown as Tables;
// The product keeps to its own share of the quota: refusals are tested elsewhere.
const graph = createResourceGraph({ tables: () => tables, quota: { limit: 1_000_000, windowMs: 5000 } });
const queries: AnsweredQuery[] = [];
const numbers = new Map<string, number>();

/** Keeps the page; answers its text. */
function keep(query: string, body: { readonly data: readonly unknown[] }): string {
  const number = numbers.get(query) ?? queries.length;
  numbers.set(query, number);
  const entry = (queries[number] ??= { query, rows: 0, pages: 0 });
  const text = JSON.stringify(body);
  writeFileSync(join(folder, `${number}-${entry.pages}.json`), text);
  entry.rows += body.data.length;
  entry.pages += 1;
  return text;
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = (await json(request)) as { readonly query: string };
  const { status, headers, body: given } = await graph.handle(body, 'scale');
  const text =
    status === 200 ? keep(body.query, given as { data: readonly unknown[] }) : JSON.stringify(given);
  response.writeHead(status, { ...headers, 'content-type': 'application/json' }).end(text);
}

const { caFile, cert, key } = ensureCertificate(folder);
const server = createServer({ cert, key }, (request, response) => {
  answer(request, response).catch((error: unknown) => {
    // While a long query blocks this process, clients may drop a connection and ask again.
    if (!request.destroyed || request.complete) console.error(error);
    response.destroy();
  });
}).listen(0, '127.0.0.1', () => {
  const rows = Object.fromEntries([...tables].map(([name, all]) => [name, all.length]));
  process.send?.({ url: `https://localhost:${(server.address() as AddressInfo).port}`, caFile, rows });
});
// A long query blocks this process; idle connections must not count as forgotten meanwhile.
server.keepAliveTimeout = 10 * 60_000;
server.requestTimeout = 0;
process.on('message', () => process.send?.(queries));
process.on('SIGTERM', () => process.exit(0));
process.on('disconnect', () => process.exit(0));
