// A product process that dies: composed as product.ts does, with a crash point behind every door call. After the call number
// CRASH_AFTER it kills itself with SIGKILL, so nothing is cleaned up. Prints how many calls there were if it survives.
import { readEnvironment } from '../../src/config/environment.ts';
import { compose } from '../../src/product.ts';

const crashAfter = Number(process.env['CRASH_AFTER']);
/** Milliseconds into an import at which to die, for the crash in the middle of a call. */
const crashInImport = process.env['CRASH_IN_IMPORT'] === 'yes';
const request = process.env['REQUEST'] ?? '';
let calls = 0;

/** Calls that change something; with KILL=all the reads too, but for idle looks for work. */
const changing = new Set(['change', 'finish', 'importImage', 'lockTag', 'lockManifest', 'remember']);
const isPoint = (name: string, result: unknown): boolean =>
  process.env['KILL'] === 'all'
    ? name !== 'renew' && !(name === 'claim' && result === undefined)
    : changing.has(name);

function crashing<T extends object>(door: T): T {
  return new Proxy(door, {
    get: (target, name) => {
      const method = Reflect.get(target, name) as unknown;
      if (typeof method !== 'function') return method;
      return async (...args: unknown[]) => {
        if (crashInImport && name === 'importImage')
          setTimeout(() => process.kill(process.pid, 'SIGKILL'), 15);
        const result = (await method.apply(target, args)) as unknown;
        if (isPoint(String(name), result) && ++calls === crashAfter) process.kill(process.pid, 'SIGKILL');
        return result;
      };
    },
  });
}

const product = await compose(readEnvironment());
const { doors } = product;
const { ledger } = doors;
Object.assign(doors, {
  reader: crashing(doors.reader),
  writer: crashing(doors.writer),
  ledger: crashing(ledger),
});
const worker = product.startWork(400);
for (let wait = 0; wait < 400 && (await ledger.request(request))?.state !== 'promoted'; wait++) {
  await new Promise((resolve) => setTimeout(resolve, 25));
}
await worker.close();
process.stdout.write(String(calls));
process.exit(0);
