// Bundles the page with vite at the first start. The output is named by a hash of the page's sources and of the
// packages it is built with, so that an unchanged page starts at once and a changed one is never served stale.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const pageDir = join(dirname(fileURLToPath(import.meta.url)), 'page');
const packageFile = join(pageDir, '../../../../package.json');

/** The folder of the built page under `dataDir`, building it if it is not there yet (about a second). */
export async function buildPage(dataDir: string): Promise<string> {
  const outDir = join(dataDir, `page-${hashOfSources()}`);
  if (existsSync(join(outDir, 'index.html'))) return outDir;
  const { build } = await import('vite');
  const partDir = `${outDir}.part`;
  await build({
    root: pageDir,
    configFile: false,
    logLevel: 'error',
    build: {
      outDir: partDir,
      emptyOutDir: true,
      target: 'es2023',
      reportCompressedSize: false,
      chunkSizeWarningLimit: 2000,
    },
  });
  rmSync(outDir, { recursive: true, force: true });
  renameSync(partDir, outDir);
  return outDir;
}

function hashOfSources(): string {
  const hash = createHash('sha256').update(readFileSync(packageFile));
  const files = readdirSync(pageDir, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map((one) => join(one.parentPath, one.name));
  const shared = [join(pageDir, '../shapes.ts')];
  for (const file of [...files, ...shared].sort()) hash.update(file).update(readFileSync(file));
  return hash.digest('hex').slice(0, 16);
}
