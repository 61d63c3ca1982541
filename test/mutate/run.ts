// `npm run mutate [-- FILEWORD ...]`: changes the approval machine and the policy in every small way, and looks whether a
// test notices. Prints every survivor with its place, and the scores; ends with 1 where a room is below the floor, with 2
// where the suites cannot tell because they fail without a change.
import { type ChildProcess, fork } from 'node:child_process';
import { allMutants } from './plan.ts';
import { hung, report, type Result } from './report.ts';

type Message =
  | { readonly failing: readonly string[] }
  | { readonly id: number; readonly killer?: string; readonly reached: boolean };

/** Milliseconds after which a mutant has hung, and mutants before a process is replaced: it keeps all it ever loaded. */
const patience = 60_000;
const perProcess = 300;
const lanes = 2;

const words = process.argv.slice(2);
const wanted = (file: string): boolean => words.length === 0 || words.some((word) => file.includes(word));
const { files, mutants } = allMutants();
const queue = mutants.filter(({ file }) => wanted(file));
const results: Result[] = [];

/** One process over the queue; ends when it has done its share, or hangs. */
async function work(): Promise<void> {
  const child = fork(new URL('./child.ts', import.meta.url), {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const first = await message(child, patience);
  if (!first || !('failing' in first)) throw new Error('the suites could not be loaded');
  if (first.failing.length > 0) throw new Error(`fail without any change: ${first.failing.join('; ')}`);
  for (let count = 0; count < perProcess; count++) {
    const mutant = queue.shift();
    if (!mutant) break;
    child.send(mutant.id);
    const answer = await message(child, patience);
    if (answer && 'id' in answer) results.push({ mutant, killer: answer.killer, reached: answer.reached });
    else {
      results.push({ mutant, killer: hung, reached: true });
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

try {
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      while (queue.length > 0) await work();
    }),
  );
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(2);
}
const { lines, isGood } = report(files.filter(wanted), results);
for (const line of lines) console.log(line);
process.exit(isGood ? 0 : 1);
