// What a run of the mutants comes to, in words: every survivor, the score of each file and each room, and whether the
// tool itself can be believed.
import { control, type Mutant } from './mutants.ts';
import { explained, floor, rooms } from './plan.ts';

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

/** `hung`: the killer of a mutant that never answered. */
export const hung = 'it hung';

/**
 * The results of `files`. It is not good where a room is below the floor, where a mutant that changes nothing was noticed,
 * and where an explanation belongs to no survivor.
 */
export function report(files: readonly string[], all: readonly Result[]): Report {
  const isControl = ({ mutant }: Result): boolean => mutant.operator === control;
  const results = all.filter((each) => !isControl(each)).sort((a, b) => a.mutant.id - b.mutant.id);
  const survivors = results.filter(({ killer }) => killer === undefined);
  const broken = all.filter((each) => isControl(each) && each.killer !== undefined);
  const stale = files.flatMap((file) =>
    Object.keys(explained[file] ?? {})
      .filter(
        (change) => !survivors.some(({ mutant }) => mutant.file === file && changeOf(mutant) === change),
      )
      .map((change) => `${file}: ${change}`),
  );
  const scores = rooms.map((room) => scoreOf(results, room)).filter(({ total }) => total > 0);
  const lines = [
    ...survivors.map(sentence),
    ...results.filter(({ killer }) => killer === hung).map((each) => `${sentence(each)} (${hung})`),
    ...broken.map(({ mutant, killer }) => `${mutant.file}: nothing was changed, and yet: ${killer}`),
    ...stale.map((line) => `explained, but no survivor: ${line}`),
    ...files.map((file) => lineOf(file, scoreOf(results, file))),
    ...rooms.flatMap((room) => {
      const score = scoreOf(results, room);
      return score.total > 0 ? [lineOf(room, score)] : [];
    }),
    `${results.length} mutants: ${waysOf(results)}; ${all.filter(isControl).length - broken.length} of ${all.filter(isControl).length} without any change survived`,
  ];
  return {
    lines,
    isGood: broken.length + stale.length === 0 && scores.every(({ percent }) => percent >= floor),
  };
}

const changeOf = ({ original, changed }: Mutant): string => `${original}  ->  ${changed}`;

function sentence({ mutant, reached }: Result): string {
  const why = explained[mutant.file]?.[changeOf(mutant)];
  const place = `${mutant.file}:${mutant.line} ${mutant.operator}${reached ? '' : ' (no test gets there)'}`;
  return `${place}: ${changeOf(mutant)}${why ? `\n  explained: ${why}` : ''}`;
}

function scoreOf(results: readonly Result[], under: string) {
  const own = results.filter(({ mutant }) => mutant.file.startsWith(under));
  const killed = own.filter(({ killer }) => killer !== undefined).length;
  const reasons = own.filter(
    ({ mutant, killer }) => killer === undefined && explained[mutant.file]?.[changeOf(mutant)],
  );
  return { total: own.length, killed, reasons: reasons.length, percent: (100 * killed) / own.length };
}

function lineOf(what: string, { total, killed, reasons, percent }: ReturnType<typeof scoreOf>): string {
  if (total === 0) return `${what}: nothing to change, it holds types`;
  const left = total === killed ? '' : `, ${total - killed} survived (${reasons} explained)`;
  return `${what}: ${percent.toFixed(1)} %, ${killed} of ${total} killed${left}`;
}

function waysOf(results: readonly Result[]): string {
  const killers = results.flatMap(({ killer }) => killer ?? []);
  const ends = killers.filter((killer) => killer === hung).length;
  const loading = killers.filter((killer) => killer.startsWith('loading')).length;
  return `${killers.length - ends - loading} killed by a test, ${loading} at loading, ${ends} by hanging`;
}
