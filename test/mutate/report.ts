// What a run of the mutants comes to, in words: every survivor, the score of each file and each room, and whether the
// tool itself can be believed.
import { control, type Mutant } from './mutants.ts';
import { type Explanation, explanations } from './explanations.ts';
import { floor, rooms } from './plan.ts';

export interface Result {
  readonly mutant: Mutant;
  /** The test that noticed it, or how else it was noticed. */
  readonly killer: string | undefined;
  /** Whether any test runs the changed code. */
  readonly reached: boolean;
}

export interface Report {
  readonly lines: readonly string[];
  readonly isGood: boolean;
}

/** The killer of a mutant that never answered. */
export const hung = 'it hung, or its process ended';

/**
 * The results of `files`. It is not good where a room is below the floor, where a mutant that changes nothing was noticed,
 * and where an explanation belongs to no survivor.
 */
export function report(files: readonly string[], all: readonly Result[]): Report {
  const controls = all.filter(({ mutant }) => mutant.operator === control);
  const results = all
    .filter(({ mutant }) => mutant.operator !== control)
    .sort((a, b) => a.mutant.id - b.mutant.id);
  const survivors = results.filter(({ killer }) => killer === undefined);
  const broken = controls.filter(({ killer }) => killer !== undefined);
  const stale = explanations
    .filter(({ file }) => files.includes(file))
    .flatMap((each) => staleOf(each, survivors));
  const scores = rooms.map((room) => scoreOf(results, room)).filter(({ total }) => total > 0);
  const lines = [
    ...survivors.map(sentence),
    ...results.filter(({ killer }) => killer === hung).map((each) => `${sentence(each)}  ${hung}`),
    ...broken.map(({ mutant, killer }) => `${mutant.file}: nothing was changed, and yet: ${killer}`),
    ...stale,
    ...files.map((file) => lineOf(scoreOf(results, file))),
    ...scores.map(lineOf),
    `${results.length} mutants: ${waysOf(results)}`,
    `${controls.length - broken.length} of ${controls.length} files without any change pass`,
  ];
  const isGood = broken.length + stale.length === 0 && scores.every(({ percent }) => percent >= floor);
  return { lines, isGood };
}

const changeOf = ({ original, changed }: Mutant): string => `${original}  ->  ${changed}`.trim();

const isAbout = ([code, change]: Explanation['places'][number], mutant: Mutant): boolean =>
  mutant.code.includes(code) && changeOf(mutant) === change;

const whyOf = (mutant: Mutant): string | undefined =>
  explanations.find(
    ({ file, places }) => file === mutant.file && places.some((place) => isAbout(place, mutant)),
  )?.why;

const staleOf = ({ file, places }: Explanation, survivors: readonly Result[]): readonly string[] =>
  places
    .filter((place) => !survivors.some(({ mutant }) => mutant.file === file && isAbout(place, mutant)))
    .map(([code, change]) => `${file}: explained, but no survivor: ${change}, at ${code}`);

function sentence({ mutant, reached }: Result): string {
  const { file, line, operator } = mutant;
  const why = whyOf(mutant);
  const note = why ? `  (${why})` : '';
  return `${file}:${line} ${operator}${reached ? '' : ', no test gets there'}: ${changeOf(mutant)}${note}`;
}

function scoreOf(results: readonly Result[], under: string) {
  const own = results.filter(({ mutant }) => mutant.file.startsWith(under));
  const left = own.filter(({ killer }) => killer === undefined);
  const total = own.length;
  const killed = total - left.length;
  const explained = left.filter(({ mutant }) => whyOf(mutant)).length;
  return { under, total, killed, explained, percent: (100 * killed) / total };
}

function lineOf({ under, total, killed, explained, percent }: ReturnType<typeof scoreOf>): string {
  if (total === 0) return `${under}: nothing to change, it holds types`;
  const left = total === killed ? '' : `, ${total - killed} survived, ${explained} of them explained`;
  return `${under}: ${percent.toFixed(1)} %, ${killed} of ${total} killed${left}`;
}

function waysOf(results: readonly Result[]): string {
  const killers = results.flatMap(({ killer }) => killer ?? []);
  const ends = killers.filter((killer) => killer === hung).length;
  const loading = killers.filter((killer) => killer.startsWith('loading')).length;
  return `${killers.length - ends - loading} killed by a test, ${loading} by a suite that cannot be set up, ${ends} by hanging`;
}
