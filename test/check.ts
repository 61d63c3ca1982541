// `npm run check`: types, lint, format, dead code, architecture. Each says how much it saw: a gate that saw nothing
// passes for nothing.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { checkArchitecture } from './architecture.ts';

const root = new URL('..', import.meta.url).pathname;
const bin = (name: string): string => join(root, 'node_modules', '.bin', name);
const folders = ['src', 'test'];
const files = folders.flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.includes('output'))
    .map((file) => join(folder, file)),
);

interface Gate {
  readonly name: string;
  readonly command: readonly string[];
  /** How much it saw, read from what it printed. */
  readonly saw: (output: string) => number;
}

const number =
  (pattern: RegExp) =>
  (output: string): number =>
    Number(pattern.exec(output)?.[1] ?? 0);
const gates: readonly Gate[] = [
  {
    name: 'types',
    command: [bin('tsc'), '-p', '.', '--listFiles'],
    saw: (output) =>
      output
        .split('\n')
        .filter((line) => /\/(src|test)\/.*\.ts$/.test(line) && !line.includes('node_modules')).length,
  },
  {
    name: 'lint',
    command: [bin('oxlint'), '--type-aware', '-c', '.oxlintrc.json', ...folders],
    saw: number(/on (\d+) files/),
  },
  { name: 'format', command: [bin('biome'), 'format', ...folders], saw: number(/Checked (\d+) files/) },
  { name: 'dead code', command: [bin('knip'), '--no-progress'], saw: () => files.length },
];

let failed = false;
for (const gate of gates) {
  const { status, stdout, stderr } = spawnSync(gate.command[0] ?? '', gate.command.slice(1), {
    cwd: root,
    encoding: 'utf8',
  });
  const saw = gate.saw(stdout + stderr);
  const good = status === 0 && saw > 100;
  console.log(`${good ? 'ok  ' : 'FAIL'} ${gate.name}: ${saw} files`);
  if (!good) {
    failed = true;
    console.log((stdout + stderr).split('\n').slice(0, 60).join('\n'));
  }
}
const architecture = checkArchitecture(root);
console.log(
  `${architecture.problems.length === 0 ? 'ok  ' : 'FAIL'} architecture: ${architecture.files} files, ${architecture.imports} imports`,
);
for (const problem of architecture.problems) console.log(`  ${problem}`);
process.exit(failed || architecture.problems.length > 0 || architecture.files < 100 ? 1 : 0);
