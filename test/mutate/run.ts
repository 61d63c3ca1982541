// `npm run mutate [-- FILEWORD ...]`: changes the approval machine and the policy in every small way, and looks whether a
// test notices. Prints the score by room and every survivor with its place. A mutant that hangs counts as noticed.
import { type ChildProcess, fork } from 'node:child_process';
import type { Mutant } from './mutants.ts';
import { allMutants, rooms } from './plan.ts';

interface Result {
  readonly mutant: Mutant;
  readonly killer: string | undefined;
  readonly reached: boolean;
}
type Message =
  | { readonly ready: readonly string[] }
  | { readonly id: number; readonly killer?: string; readonly reached: boolean };

/** Milliseconds after which a mutant has hung, and mutants before a process is replaced: it keeps all it ever loaded. */
const patience = 120_000;
const perProcess = 300;
const lanes = 2;

const { mutants } = allMutants();
const words = process.argv.slice(2);
const queue = mutants.filter(({ file }) => words.length === 0 || words.some((word) => file.includes(word)));
const total = queue.length;
const results: Result[] = [];
let without: readonly string[] = [];

/** One process over the queue; ends when it has done its share, or hangs. */
async function work(): Promise<void> {
  const child = fork(new URL('./child.ts', import.meta.url), {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const first = await message(child, 120_000);
  if (!first || !('ready' in first)) throw new Error('the suites could not be loaded');
  without = first.ready;
  for (let count = 0; count < perProcess; count++) {
    const mutant = queue.shift();
    if (!mutant) break;
    child.send(mutant.id);
    const answer = await message(child, patience);
    if (answer && 'id' in answer) results.push({ mutant, killer: answer.killer, reached: answer.reached });
    else {
      results.push({ mutant, killer: 'it hung', reached: true });
      break;
    }
  }
  child.kill('SIGKILL');
}

/** Nothing where the child ends, or says nothing in time. */
const message = (child: ChildProcess, within: number): Promise<Message | undefined> =>
  new Promise((resolve) => {
    const timer = setTimeout(() => resolve(undefined), within);
    const end = (said?: Message) => {
      clearTimeout(timer);
      child.removeAllListeners();
      resolve(said);
    };
    child.once('message', (said) => end(said as Message));
    child.once('exit', () => end());
  });

await Promise.all(
  Array.from({ length: lanes }, async () => {
    while (queue.length > 0) await work();
  }),
);

const survivors = results
  .filter(({ killer }) => killer === undefined)
  .sort((a, b) => a.mutant.id - b.mutant.id);
for (const { mutant, reached } of survivors) {
  const { file, line, operator, original, changed } = mutant;
  console.log(
    `${file}:${line} ${operator}${reached ? '' : ' (no test gets there)'}: ${original}  ->  ${changed}`,
  );
}
if (without.length > 0) console.log(`left out, since they fail with fewer draws: ${without.join('; ')}`);
for (const room of rooms) {
  const of = results.filter(({ mutant }) => mutant.file.startsWith(room));
  const killed = of.filter(({ killer }) => killer !== undefined).length;
  if (of.length > 0)
    console.log(
      `${room}: ${killed} killed, ${of.length - killed} survived, score ${((100 * killed) / of.length).toFixed(1)} %`,
    );
}
console.log(`${total} mutants, ${results.length} run`);
process.exit(0);
