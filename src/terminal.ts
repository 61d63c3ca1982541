// The terminal's side of the composition root: runs one verb of the catalogue or one operation, prints it, and says by
// its exit code how it went (0 fine, 1 findings or refusal, 2 usage, 78 configuration).
import { appendFileSync, writeFileSync } from 'node:fs';
import { progressBar } from './channels/terminal/progress.ts';
import { renderText } from './channels/terminal/render.ts';
import { findVerb } from './commands/catalogue.ts';
import { changesWith } from './commands/verb.ts';
import { readEstate, selectRegistries } from './commands/estate.ts';
import { requestJson, rulesJson, statusJson } from './commands/json.ts';
import { viewRequest } from './commands/request-view.ts';
import { readEnvironment } from './config/environment.ts';
import { openStore } from './data.ts';
import { compose, type Product } from './product.ts';
import type { Answer, Ledger } from './ports.ts';
import { createLog } from './server/log.ts';

export interface TerminalOptions {
  readonly json?: boolean;
  readonly as?: string;
}

const zone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;
export const print = (text: string): void => void process.stdout.write(`${text}\n`);
export const printError = (text: string): void => void process.stderr.write(`${text}\n`);
export const printJson = (value: unknown): void => print(JSON.stringify(value, null, 2));

/** One verb of the catalogue, its words as they were given. */
export async function runVerb(words: readonly string[], options: TerminalOptions): Promise<number> {
  const environment = readEnvironment();
  const [name = 'help', ...rest] = words;
  const verb = findVerb(name);
  const changes = verb && changesWith(verb, rest) && !words.includes('--dry-run');
  if (changes && !environment.terminalWrites) {
    printError(
      `'${name}' changes something, and whoever decides is identified by the chat: ask in chat with /acr ${name} ...`,
    );
    return 1;
  }
  const product = await compose({ ...environment, logLevel: process.env['LOG_LEVEL'] ?? 'silent' });
  try {
    const worker = changes ? product.startWork(2000) : undefined;
    // Elsewhere nobody is believed to be somebody: without a person only reads and dry runs are answered.
    const { as: _, ...anonymous } = options;
    const code = await answer(product, words, environment.terminalWrites ? options : anonymous);
    await worker?.close();
    return code;
  } finally {
    product.doors.reader.close?.();
    await product.doors.ledger.close();
  }
}

async function answer(product: Product, words: readonly string[], options: TerminalOptions): Promise<number> {
  const { dispatch, doors } = product;
  if (options.json && (await printReadAsJson(product, words))) return 0;
  const text = words.map((word) => (/[\s"']/.test(word) ? JSON.stringify(word) : word)).join(' ');
  const account = { channel: 'terminal', tenant: 'local', user: options.as ?? '' } as const;
  const key = `terminal:${doors.ids.token()}`;
  const incoming = {
    key,
    account,
    place: { id: 'terminal', kind: 'personal' },
    input: { kind: 'text', text },
  } as const;
  await dispatch.accept(incoming);
  const before = new Set((await doors.ledger.requests({ limit: 50 })).map((request) => request.id));
  const bar = progressBar(process.stderr);
  const given = await dispatch.answer(incoming, bar.show);
  bar.clear();
  if (options.json) printJson(given.kind === 'form' ? given.form : given.card);
  else
    print(
      given.kind === 'form'
        ? 'In a terminal, name the image and the stages: acr-warden promote IMAGE from STAGE to STAGE because REASON'
        : renderText(given.card, zone()),
    );
  await showNewRequests(product, before);
  return exitCode(given);
}

/** A request that was just asked for is shown once its evidence is there. */
async function showNewRequests({ doors }: Product, before: ReadonlySet<string>): Promise<void> {
  const fresh = (await doors.ledger.requests({ limit: 50 })).filter((request) => !before.has(request.id));
  for (const { id } of fresh) {
    for (let wait = 0; wait < 300 && (await doors.ledger.request(id))?.state === 'resolving'; wait++) {
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    const now = await doors.ledger.request(id);
    if (now) print(`\n${renderText(await viewRequest(doors, now), zone())}`);
  }
}

function exitCode(given: Answer): number {
  if (given.kind === 'refusal')
    return given.code === 'usage' || given.code === 'missing-argument' || given.code === 'unknown-verb'
      ? 2
      : 1;
  const findings =
    given.kind === 'card' &&
    ['status', 'check', 'show', 'dry-run'].includes(given.card.name) &&
    given.card.blocks.some((block) => block.kind === 'status' && block.tone === 'bad');
  return findings ? 1 : 0;
}

/** The shapes of the contract; other reads print their card as JSON. */
async function printReadAsJson({ doors }: Product, words: readonly string[]): Promise<boolean> {
  const [verb, ...rest] = words;
  if (verb === 'check' && rest.includes('--list')) {
    printJson(rulesJson(doors.policy()));
    return true;
  }
  if (verb === 'requests') {
    printJson((await doors.ledger.requests({ limit: 500 })).map(requestJson));
    return true;
  }
  if (verb !== 'status') return false;
  const estate = await readEstate(doors);
  const indexes = selectRegistries(estate, doors.policy(), rest[0]);
  if (!indexes) return false;
  printJson(statusJson(estate, indexes));
  return true;
}

export async function verifyAudit(anchor: string | undefined, options: TerminalOptions): Promise<number> {
  const match = anchor === undefined ? undefined : /^(\d+):([0-9a-f]{32,64})$/.exec(anchor);
  if (match === null) {
    printError('An anchor is SEQ:HASH, as the digest messages show it.');
    return 2;
  }
  return withLedger(async (ledger) => {
    const verdict = await ledger.verifyAudit(
      match ? { seq: Number(match[1]), hash: match[2] ?? '' } : undefined,
    );
    if (options.json) printJson(verdict);
    else
      print(
        verdict.ok
          ? `The chain of ${verdict.rows} rows is whole${verdict.head ? `; its head is ${verdict.head.seq}:${verdict.head.hash}` : ''}.`
          : `The chain is broken: ${verdict.problem}`,
      );
    return verdict.ok ? 0 : 1;
  });
}

/** JSON Lines, to a file or to the terminal. */
export async function exportAudit(file: string | undefined): Promise<number> {
  return withLedger(async (ledger) => {
    const rows = await ledger.auditRows();
    if (file) writeFileSync(file, '');
    for (const row of rows) {
      const text = JSON.stringify({ ...row, at: new Date(row.at).toISOString() });
      if (file) appendFileSync(file, `${text}\n`);
      else print(text);
    }
    return 0;
  });
}

/** The audit needs neither Azure nor a policy. */
async function withLedger(use: (ledger: Ledger) => Promise<number>): Promise<number> {
  const ledger = await openStore(readEnvironment(), Date.now, createLog('silent'));
  try {
    return await use(ledger);
  } finally {
    await ledger.close();
  }
}
