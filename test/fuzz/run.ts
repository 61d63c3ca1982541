// `npm run fuzz [-- --seconds N --seed N --target WORD --at N]`: so many seconds for all targets together. Prints per target
// executions and crashes; each crash's input is a file, and the execution can be run again with --seed, --target and --at.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { fuzz } from './harness.ts';
import { targets } from './targets.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    target: { type: 'string', default: '' },
    at: { type: 'string' },
  },
});
const number = (name: 'seconds' | 'seed' | 'at'): number => {
  const value = Number(values[name]);
  if (!Number.isInteger(value) || value < 0)
    throw new RangeError(`--${name} is a whole number, not '${values[name]}'`);
  return value;
};
const chosen = targets.filter(({ name }) => name.includes(values.target));
if (chosen.length === 0)
  throw new RangeError(`--target is a part of one of: ${targets.map(({ name }) => name).join(', ')}`);

const seed = number('seed');
const seconds = number('seconds') / chosen.length;
/** Beats at each execution; what does not end is ended, with its number, by who watches. */
const beat = new Int32Array(new SharedArrayBuffer(8));
const watch = new Worker(new URL('./watch.ts', import.meta.url), {
  workerData: { beat, names: chosen.map(({ name }) => name), seed },
});
watch.unref();
let isDone = false;
process.on('exit', () => {
  if (isDone) return;
  process.exitCode = 1;
  console.log(`the process ended in ${chosen[beat[0] ?? 0]?.name}, execution ${beat[1]}, seed ${seed}`);
});

const folder = mkdtempSync(join(tmpdir(), 'fuzz-'));
let crashed = 0;
console.log(`seed ${seed}, ${seconds.toFixed(1)} s a target`);
for (const [place, target] of chosen.entries()) {
  const outcome = await fuzz(target, {
    seed,
    seconds,
    ...(values.at !== undefined && { at: number('at') }),
    onBegin: (_name, execution) => {
      Atomics.store(beat, 0, place);
      Atomics.store(beat, 1, execution);
    },
  });
  const { executions, crashes } = outcome;
  const rate = Math.round(executions / outcome.seconds);
  console.log(`${target.name}: ${executions} executions, ${rate}/s, ${crashes.length} crashes`);
  for (const { execution, problem, input } of crashes) {
    const file = join(folder, `${target.name}-${execution}.txt`);
    writeFileSync(file, input);
    console.log(`  --seed ${seed} --target ${target.name} --at ${execution}, ${file}`);
    console.log(`  ${problem.split('\n').slice(0, 6).join('\n  ')}`);
  }
  crashed += crashes.length;
}
isDone = true;
console.log(`${crashed} crashes`);
process.exit(crashed > 0 ? 1 : 0);
