// Makes this process run the project with mutants in it: files under mutation are read with all of theirs, every file of the
// project is loaded anew for each mutant, and the suites find stand-ins for vitest and fast-check.
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

const standIns: Readonly<Record<string, string>> = {
  vitest: new URL('./vitest-stand-in.ts', import.meta.url).href,
  'fast-check': new URL('./fast-check-stand-in.ts', import.meta.url).href,
};

/** `texts`: what is loaded instead of a file, by its path. */
export function installHooks(root: URL, texts: ReadonlyMap<string, string>): void {
  registerHooks({
    resolve: (specifier, context, next) => {
      const run = /\?run=.*/.exec(context.parentURL ?? '')?.[0] ?? '';
      const standIn = run && standIns[specifier];
      if (standIn) return { url: standIn, format: 'module-typescript', shortCircuit: true };
      const found = next(specifier, context);
      const isOurs = found.url.startsWith(root.href) && !found.url.includes('/node_modules/') && run;
      return isOurs ? { ...found, url: `${found.url.split('?')[0]}${run}` } : found;
    },
    load: (url, context, next) => {
      const [file = '', run] = url.split('?');
      if (!run || !file.endsWith('.ts')) return next(url, context);
      const source = texts.get(file) ?? readFileSync(fileURLToPath(file), 'utf8');
      return { format: 'module-typescript', source, shortCircuit: true };
    },
  });
}
