// A thread beside the fuzzer: an input that never ends blocks the thread that it is in, so somebody else has to see it.
import { writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';

const { beat, names, seed } = workerData as { beat: Int32Array; names: readonly string[]; seed: number };
/** No input needs so long, nor does a world need it to begin. */
const hangSeconds = 60;
let last = -1;
let since = Date.now();

setInterval(() => {
  const now = Atomics.load(beat, 1);
  if (now !== last) {
    last = now;
    since = Date.now();
    return;
  }
  if (Date.now() - since < hangSeconds * 1000) return;
  const name = names[Atomics.load(beat, 0)];
  writeSync(1, `${name}: execution ${now} does not end: --seed ${seed} --target ${name} --at ${now}\n`);
  // Of the whole process: an exit here would end this thread alone.
  process.kill(process.pid, 'SIGKILL');
}, 1000);
