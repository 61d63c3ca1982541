// One process that runs the suites over mutants, one after the other. Told a mutant's number by its parent, it answers with
// the test that noticed it, or none. First it learns which tests reach which mutants.
import { readdirSync } from 'node:fs';
import { installHooks } from './hooks.ts';
import { allMutants, root, suites } from './plan.ts';
import { collected } from './vitest-stand-in.ts';

interface Test {
  readonly file: string;
  readonly name: string;
  readonly run: () => unknown;
}

/** Steps of all loops of one test: far more than any takes, and soon over. */
const loopSteps = 5_000_000;
let active = -1;
let fuel = loopSteps;
const reached = new Set<number>();
Object.assign(globalThis, {
  mutant: (id: number): boolean => {
    if (active < 0) reached.add(id);
    return id === active;
  },
  fuel: (): void => {
    if (--fuel < 0) throw new Error('it goes on and on');
  },
});

const { texts } = allMutants();
installHooks(root, texts);
const files = suites.flatMap((folder) =>
  readdirSync(new URL(folder, root), { encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => new URL(`${folder}${file}`, root).href),
);
let runs = 0;

async function load(file: string): Promise<readonly Test[]> {
  await import(`${file}?run=${runs}`);
  return collected().map((test) => ({ ...test, file }));
}

const fails = async (test: Test): Promise<boolean> => {
  fuel = loopSteps;
  try {
    await test.run();
    return false;
  } catch {
    return true;
  }
};

/** Tests by the mutants that they reach; a test that fails without any mutant says nothing. */
const reaching = new Map<number, { readonly file: string; readonly name: string; readonly took: number }[]>();
const idle: string[] = [];
for (const file of files) {
  reached.clear();
  const tests = await load(file);
  const atLoad = [...reached];
  for (const test of tests) {
    reached.clear();
    const begun = performance.now();
    if (await fails(test)) {
      idle.push(test.name);
      continue;
    }
    const took = performance.now() - begun;
    for (const id of new Set([...atLoad, ...reached])) {
      const list = reaching.get(id) ?? [];
      list.push({ file, name: test.name, took });
      reaching.set(id, list);
    }
  }
}

/** The first test that fails with the mutant, the quickest first; nothing where all pass. */
async function killerOf(id: number): Promise<string | undefined> {
  const wanted = [...(reaching.get(id) ?? [])].sort((a, b) => a.took - b.took);
  runs += 1;
  active = id;
  const loaded = new Map<string, ReadonlyMap<string, Test>>();
  try {
    for (const { file, name } of wanted) {
      fuel = loopSteps;
      let tests = loaded.get(file);
      if (!tests) {
        tests = new Map((await load(file)).map((test) => [test.name, test]));
        loaded.set(file, tests);
      }
      const test = tests.get(name);
      if (!test || (await fails(test))) return name;
    }
    return undefined;
  } catch (error) {
    return `loading: ${String(error)}`;
  } finally {
    collected();
    active = -1;
  }
}

process.on('message', (id: number) => {
  void killerOf(id).then((killer) => process.send?.({ id, killer, reached: reaching.has(id) }));
});
process.on('disconnect', () => process.exit(0));
process.send?.({ ready: idle });
