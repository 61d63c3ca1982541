// Agreement, by hand: generates so many registries and holds each rule's query against the rule, over all of them at once.
// `node bin/acr-warden.mjs --node test/agreement.ts [REGISTRIES] [SEED]`; exit code 1 if they differ where no reason is named.
import fc from 'fast-check';
import { blindSpots } from '../src/posture/kql.ts';
import { estateOf } from './agreement/drawn.ts';
import { policiesOf } from './agreement/policies.ts';
import { createRoutes } from './agreement/routes.ts';

const listed = 100;
const columns = ['judged', 'rows', 'agreeing', 'named', 'unnamed'] as const;
const print = (rule: string, cells: readonly (string | number)[]): void =>
  console.log(rule.padEnd(8) + cells.map((cell) => cell.toLocaleString('en').padStart(10)).join(''));

const [count = 10_000, seed = 1] = process.argv.slice(2).map(Number);
if (!(count >= 1)) throw new RangeError('How many registries? For example: test/agreement.ts 10000');
const [estate] = fc.sample(estateOf(count, count), { numRuns: 1, seed });
const [policy] = policiesOf(listed);
if (!estate) throw new Error('nothing was drawn');

const from = performance.now();
const found = await createRoutes(listed)(estate, policy);
const seconds = ((performance.now() - from) / 1000).toFixed(1);

console.log(
  `${count.toLocaleString('en')} registries, seed ${seed}, ${found.length} rules with KQL, ${seconds} s\n`,
);
print('rule', columns);
for (const { rule, judged, queried, named, unnamed } of found) {
  const agreeing = judged.filter((id) => !named.includes(id) && !unnamed.includes(id)).length;
  print(rule, [judged.length, queried.length, agreeing, named.length, unnamed.length]);
}
console.log('\njudged: registries that the rule fails. rows: of its query. named, because:');
for (const [rule, { side, why }] of Object.entries(blindSpots)) console.log(`${rule} ${side}: ${why}`);

const different = found.flatMap(({ rule, unnamed }) => unnamed.map((id) => `${rule} ${id}`));
if (different.length > 0) {
  console.error(`\n${different.length} without a name:\n${different.slice(0, 20).join('\n')}`);
  process.exitCode = 1;
}
