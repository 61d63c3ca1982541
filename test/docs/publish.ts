// What is published beside the code and made from it: the JSON Schemas of the policy and of estates, and the table of
// commands in the README. Run as a program it writes them; the tests say when one is stale.
import { readFileSync, writeFileSync } from 'node:fs';
import { verbs } from '../../src/commands/catalogue.ts';
import { policyJsonSchema } from '../../src/config/policy-schema.ts';
import { estateJsonSchema } from '../../src/sandbox/estate/schema.ts';

export const root = new URL('../../', import.meta.url);
const read = (file: string): string => readFileSync(new URL(file, root), 'utf8');

/** What each published file should hold now, by its path in the project. */
export const published: Readonly<Record<string, () => string>> = {
  'docs/policy.schema.json': () => schemaText('The policy of acr-warden', policyJsonSchema()),
  'docs/estate.schema.json': () => schemaText('An estate of the sandbox of acr-warden', estateJsonSchema()),
  'README.md': () => withCommands(read('README.md')),
};

const schemaText = (title: string, schema: object): string =>
  `${JSON.stringify({ title, ...schema }, null, 2)}\n`;

function withCommands(readme: string): string {
  const block = /(<!-- commands: [^>]*-->\n)[^]*?(<!-- \/commands -->)/;
  if (!block.test(readme)) throw new Error('README.md has no place for the table of commands');
  return readme.replace(block, (_, begin: string, end: string) => begin + commandTable() + end);
}

/** The verbs of the catalogue that people type; `refresh` is a button's. */
function commandTable(): string {
  const rows = verbs
    .filter((verb) => verb.name !== 'refresh')
    .map((verb) => `| \`${verb.usage.replaceAll('|', '\\|')}\` | ${verb.summary} |`);
  return ['| command | what it does |', '|---|---|', ...rows, ''].join('\n');
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  for (const [file, text] of Object.entries(published)) writeFileSync(new URL(file, root), text());
}
