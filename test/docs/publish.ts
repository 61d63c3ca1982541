// What is published beside the code and made from it: the JSON Schemas of the policy and of estates, the table of commands
// in the README and that of the rules. Run as a program it writes them; the tests say when one is stale.
import { readFileSync, writeFileSync } from 'node:fs';
import { verbs } from '../../src/commands/catalogue.ts';
import { rules } from '../../src/posture/catalogue.ts';
import { blindSpots } from '../../src/posture/kql.ts';
import { withoutQuery } from '../../src/posture/kql/without.ts';
import { policyJsonSchema } from '../../src/config/policy-schema.ts';
import { estateJsonSchema } from '../../src/sandbox/estate/schema.ts';
import { threats } from '../threats.ts';

export const root = new URL('../../', import.meta.url);
const read = (file: string): string => readFileSync(new URL(file, root), 'utf8');

/** What each published file should hold now, by its path in the project. */
export const published: Readonly<Record<string, () => string>> = {
  'docs/policy.schema.json': () => schemaText('The policy of acr-warden', policyJsonSchema()),
  'docs/estate.schema.json': () => schemaText('An estate of the sandbox of acr-warden', estateJsonSchema()),
  'README.md': () => withTable('README.md', 'commands', commandTable()),
  'docs/posture.md': () => withTable('docs/posture.md', 'rules', ruleTable()),
  'docs/threats.md': () => threatPage(),
};

const schemaText = (title: string, schema: object): string =>
  `${JSON.stringify({ title, ...schema }, null, 2)}\n`;

/** The page with the table between its marks, `<!-- NAME: ... -->` and `<!-- /NAME -->`. */
function withTable(file: string, name: string, table: string): string {
  const page = read(file);
  const block = new RegExp(`(<!-- ${name}: [^>]*-->\\n)[^]*?(<!-- /${name} -->)`);
  if (!block.test(page)) throw new Error(`${file} has no place for the table of ${name}`);
  return page.replace(block, (_, begin: string, end: string) => begin + table + end);
}

/** The verbs of the catalogue that people type; `refresh` is a button's. */
function commandTable(): string {
  const rows = verbs
    .filter((verb) => verb.name !== 'refresh')
    .map((verb) => `| \`${verb.usage.replaceAll('|', '\\|')}\` | ${verb.summary} |`);
  return ['| command | what it does |', '|---|---|', ...rows, ''].join('\n');
}

/** Every rule, with whether a query judges it in Azure's explorer. */
function ruleTable(): string {
  const rows = rules.map(({ id, title, impact }) => {
    const none = withoutQuery[id];
    const kql = none === undefined ? `yes. ${blindSpots[id]?.why ?? ''}`.trimEnd() : `no: it ${none}`;
    return `| ${id} | ${title} | ${impact} | ${kql} |`;
  });
  return ['| rule | what it asks for | impact | KQL |', '|---|---|---|---|', ...rows, ''].join('\n');
}

/** Every threat with its tests, by file. */
function threatPage(): string {
  const parts = Object.entries(threats).map(([threat, proofs]) => {
    const lines = proofs.map(([file, title]) => `- [${file}](../${file}): ${title}`);
    return [`## ${threat}`, '', ...lines, ''].join('\n');
  });
  const head = [
    '# Threats',
    '',
    'What might be tried against an approval, and the tests that show what comes of it. Made from test/threats.ts; a test',
    'says when one of these tests is gone or empty. What is proved beyond single tests stands in [proof.md](proof.md).',
    '',
  ];
  return [...head, ...parts].join('\n');
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  for (const [file, text] of Object.entries(published)) writeFileSync(new URL(file, root), text());
}
