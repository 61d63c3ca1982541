import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { root } from './publish.ts';

const top = fileURLToPath(root);
const read = (file: string): string => readFileSync(join(top, file), 'utf8');
const manifest = JSON.parse(read('package.json')) as Record<
  'dependencies' | 'devDependencies' | 'optionalDependencies',
  Record<string, string>
>;

/** Package names by section of docs/dependencies.md. */
function listed(section: string): readonly string[] {
  const text = read('docs/dependencies.md').split(`## ${section}`)[1]?.split('\n## ')[0] ?? '';
  return [...text.matchAll(/^\| (\S+) \| (.{10,}) \|$/gm)].map(([, name]) => name ?? '').sort();
}

/** Packages that files under src import when they run; imports of types are gone by then. */
function imported(part: 'product' | 'sandbox'): ReadonlySet<string> {
  const files = readdirSync(join(top, 'src'), { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && file.startsWith('sandbox/') === (part === 'sandbox'),
  );
  const found = files.flatMap((file) => {
    const text = read(join('src', file));
    const fixed = [
      ...text.matchAll(/^(?:import|export)\s+(?!type\b)[^;'"]*?\sfrom\s+['"]([^'".][^'"]*)['"]/gm),
      ...text.matchAll(/^import\s+['"]([^'".][^'"]*)['"]/gm),
    ];
    const lazy = [...text.matchAll(/(?<!typeof )import\(\s*['"]([^'".][^'"]*)['"]\s*\)/g)];
    return [...fixed, ...lazy].map(([, name]) => name ?? '');
  });
  const packages = found
    .filter((name) => !name.startsWith('node:'))
    .map((name) =>
      name
        .split('/')
        .slice(0, name.startsWith('@') ? 2 : 1)
        .join('/'),
    );
  return new Set(packages);
}

const sections = [
  ['Production', 'dependencies'],
  ['Development', 'devDependencies'],
  ['Optional', 'optionalDependencies'],
] as const;

describe('the dependencies', () => {
  it.each(sections)(
    '%s: each has its line in docs/dependencies.md, and no line is left over',
    (section, key) => {
      expect(listed(section)).toEqual(Object.keys(manifest[key]).sort());
    },
  );

  it('are exact versions', () => {
    const versions = sections.flatMap(([, key]) => Object.values(manifest[key]));

    const loose = versions.filter((version) => /^[~^<>*]/.test(version));

    expect(versions.length).toBeGreaterThan(30);
    expect(loose).toEqual([]);
  });

  it('that the product imports are all in the image', () => {
    const used = imported('product');

    const missing = [...used].filter((name) => !(name in manifest.dependencies));

    expect(used.size).toBeGreaterThan(10);
    expect(missing).toEqual([]);
  });

  it('that only the sandbox imports stay out of the image', () => {
    const product = imported('product');

    const idle = [...imported('sandbox')].filter(
      (name) => !product.has(name) && name in manifest.dependencies,
    );

    expect(idle).toEqual([]);
  });

  it('carry no address in the lock file, so that any registry can serve them', () => {
    expect(read('package-lock.json')).not.toContain('"resolved"');
  });
});
