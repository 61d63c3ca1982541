// One process that runs the suites over mutants, one after the other. Told a mutant's number by its parent, it answers with
// what noticed it, or with nothing. First it learns which tests reach which mutants.
import { readdirSync } from 'node:fs';
import { installHooks } from './hooks.ts';
import { allMutants, root, suites } from './plan.ts';
import { collected } from './vitest-stand-in.ts';

interface Test {
  readonly name: string;
  readonly run: () => unknown;
}
interface Reaching {
  readonly file: string;
  readonly name: string;
  readonly took: number;
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

installHooks(root, allMutants().texts);
const files = suites.flatMap((folder) =>
  readdirSync(new URL(folder, root), { encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => new URL(`${folder}${file}`, root).href),
);
let runs = 0;

/** The file's tests by name, in a project that was loaded for this run. */
async function load(file: string): Promise<ReadonlyMap<string, Test>> {
  fuel = loopSteps;
  await import(`${file}?run=${runs}`);
  const tests = collected();
  const byName = new Map(tests.map((test) => [test.name, test]));
  if (tests.length === 0 || byName.size < tests.length)
    throw new Error(`${file} has no test, or two of one name`);
  return byName;
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

const reaching = new Map<number, Reaching[]>();

/** Which tests reach which mutants; tests that fail without any mutant are named, since they would say nothing. */
async function baseline(): Promise<readonly string[]> {
  const failing: string[] = [];
  for (const file of files) {
    runs += 1;
    reached.clear();
    const tests = await load(file);
    const atLoad = [...reached];
    for (const test of tests.values()) {
      reached.clear();
      const begun = performance.now();
      if (await fails(test)) failing.push(test.name);
      const found = { file, name: test.name, took: performance.now() - begun };
      for (const id of new Set([...atLoad, ...reached])) {
        const list = reaching.get(id) ?? [];
        list.push(found);
        reaching.set(id, list);
      }
    }
  }
  return failing;
}

/** The first test that fails with the mutant, the quickest first; nothing where all pass. */
async function killerOf(id: number): Promise<string | undefined> {
  runs += 1;
  active = id;
  const loaded = new Map<string, ReadonlyMap<string, Test>>();
  for (const { file, name } of [...(reaching.get(id) ?? [])].sort((a, b) => a.took - b.took)) {
    try {
      loaded.set(file, loaded.get(file) ?? (await load(file)));
    } catch (error) {
      return `loading: ${String(error)}`;
    }
    const test = loaded.get(file)?.get(name);
    if (test && (await fails(test))) return name;
  }
  return undefined;
}

process.on('message', (id: number) => {
  void killerOf(id).then((killer) => {
    active = -1;
    collected();
    process.send?.({ id, killer, reached: reaching.has(id) });
  });
});
process.on('disconnect', () => process.exit(0));
process.send?.({ failing: await baseline() });
