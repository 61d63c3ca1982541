import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { verbs } from '../../src/commands/catalogue.ts';
import { faultNames } from '../../src/sandbox/azure/faults.ts';
import { people } from '../../src/sandbox/cast.ts';
import { rules } from '../../src/posture/catalogue.ts';
import { published, root } from './publish.ts';

const top = fileURLToPath(root);
const read = (file: string): string => readFileSync(join(top, file), 'utf8');
const pages = [
  'README.md',
  'AGENTS.md',
  'CHANGELOG.md',
  'deploy/README.md',
  ...readdirSync(join(top, 'docs'))
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`),
];

describe('what is published', () => {
  it.each(Object.keys(published))('%s is what the code says now (else run test/docs/publish.ts)', (file) => {
    expect(read(file)).toBe(published[file]?.());
  });

  it('the table of commands names every verb that people type', () => {
    const readme = read('README.md');

    for (const verb of verbs.filter((each) => each.name !== 'refresh'))
      expect(readme).toContain(`| \`${verb.usage.replaceAll('|', '\\|')}\``);
  });

  it('the schema of the policy knows the keys of the example in docs/policy.md', () => {
    const schema = JSON.parse(read('docs/policy.schema.json')) as { properties: Record<string, unknown> };
    const example = /```yaml\n([^]*?)```/.exec(read('docs/policy.md'))?.[1] ?? '';

    const keys = Object.keys(parse(example) as object);

    expect(keys.length).toBeGreaterThan(5);
    expect(keys.filter((key) => !(key in schema.properties))).toEqual([]);
  });

  it('docs/policy.md speaks of every key of the policy', () => {
    const schema = JSON.parse(read('docs/policy.schema.json')) as { properties: Record<string, unknown> };
    const page = read('docs/policy.md');

    expect(Object.keys(schema.properties).filter((key) => !page.includes(key))).toEqual([]);
  });

  it('docs/sandbox.md names exactly the faults and the people there are', () => {
    const page = read('docs/sandbox.md');
    const faults = page.split('## Faults')[1]?.split('##')[0] ?? '';

    expect([...faults.matchAll(/^\| `([\w-]+)` \|/gm)].map(([, name]) => name)).toEqual([...faultNames]);
    for (const person of people) expect(page).toContain(person.name);
  });

  it('the README says of every rule that is never judged that it is unknown', () => {
    const limits = read('README.md').split('## What this version does not do')[1] ?? '';
    const unread = rules.filter((rule) => rule.judge.toString().replaceAll(/\s/g, '') === "()=>'unknown'");

    for (const { id } of unread) expect(limits).toContain(id);
  });

  it.each(pages)('%s links to nothing that is missing', (page) => {
    const links = [...read(page).matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, link]) => link ?? '');

    const missing = links
      .filter((link) => !link.startsWith('docs/pictures/'))
      .filter((link) => !existsSync(join(top, dirname(page), link)));

    expect(missing).toEqual([]);
  });

  // Pictures are taken by `npm run screenshots`; before the first time there are none.
  it.skipIf(!existsSync(join(top, 'docs/pictures')) || readdirSync(join(top, 'docs/pictures')).length === 0)(
    'the README shows only pictures that were taken',
    () => {
      const shown = [...read('README.md').matchAll(/!\[[^\]]+\]\(([^)]+)\)/g)].map(([, file]) => file ?? '');

      expect(shown.length).toBeGreaterThan(0);
      expect(shown.filter((file) => !existsSync(join(top, file)))).toEqual([]);
    },
  );

  it.each(pages)('%s names no host of a package registry and no path of a machine', (page) => {
    expect(read(page)).not.toMatch(/registry\.npmjs|\/root\/|\/home\/\w+\/(?!\.ssh)/);
  });
});
