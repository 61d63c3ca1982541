// The rooms of src/ as data: who may import whom, and which packages. Read by the architecture test and by `npm run check`.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

interface Room {
  /** Other rooms, or single files, it may import. */
  readonly rooms: readonly string[];
  readonly packages: readonly string[];
  /** Pure: no package, no node: module, no Date, process, fetch, Temporal.Now. */
  readonly pure?: boolean;
}

const pureRooms = ['posture', 'promotion', 'policy', 'digest'];
const azureSdks = [
  '@azure/identity',
  '@azure/arm-resourcegraph',
  '@azure/arm-containerregistry',
  '@azure/core-auth',
  '@azure/core-rest-pipeline',
];
const anyNode = 'node:*';

/** Longest prefix wins: `channels/slack` before `channels`. */
const rooms: Readonly<Record<string, Room>> = {
  posture: { rooms: [], packages: [], pure: true },
  promotion: { rooms: [], packages: [], pure: true },
  policy: { rooms: ['posture', 'promotion'], packages: [], pure: true },
  digest: { rooms: ['posture', 'promotion'], packages: [], pure: true },
  // Pure but for the cryptography: certificates and signatures are computed, never fetched.
  evidence: { rooms: ['promotion'], packages: ['node:crypto'], pure: true },
  cards: { rooms: pureRooms, packages: [], pure: true },
  'ports.ts': { rooms: [...pureRooms, 'cards'], packages: [] },
  commands: {
    rooms: [...pureRooms, 'evidence', 'cards', 'ports.ts', 'schedule/cron.ts'],
    packages: ['string-argv', 'node:util'],
  },
  'channels/slack': {
    rooms: ['cards', 'ports.ts'],
    packages: ['@slack/bolt', '@slack/types', '@slack/web-api', 'p-queue', 'express', 'zod', anyNode],
  },
  'channels/teams': {
    rooms: ['cards', 'ports.ts'],
    packages: ['botbuilder', 'p-queue', 'express', 'zod', anyNode],
  },
  'channels/terminal': { rooms: ['cards', 'ports.ts'], packages: [] },
  azure: {
    rooms: ['posture', 'promotion', 'ports.ts'],
    packages: [...azureSdks, 'zod', 'lru-cache', '@kusto/language-service-next', anyNode],
  },
  store: {
    rooms: ['promotion', 'posture', 'ports.ts'],
    packages: ['kysely', 'kysely/migration', 'pg', 'zod', anyNode],
  },
  schedule: { rooms: ['ports.ts', 'schedule/cron.ts'], packages: ['node-cron'] },
  // The calendar is pure: what is due can be asked without the clock that looks.
  'schedule/cron.ts': { rooms: [], packages: [], pure: true },
  events: { rooms: ['ports.ts'], packages: ['zod'] },
  server: { rooms: ['ports.ts'], packages: ['express', 'prom-client', 'pino', anyNode] },
  config: { rooms: ['policy', 'posture'], packages: ['zod', 'yaml', anyNode] },
  sandbox: {
    rooms: [],
    packages: [
      'express',
      'zod',
      'yaml',
      'jose',
      'lru-cache',
      'vite',
      'adaptivecards',
      'adaptivecards/dist/adaptivecards.js',
      '@kusto/language-service-next',
      'ws',
      anyNode,
    ],
  },
  'background.ts': { rooms: ['*'], packages: [] },
  'doctor.ts': { rooms: ['*'], packages: [] },
  'app-manifests.ts': { rooms: ['*'], packages: [anyNode] },
  'policy-tools.ts': { rooms: ['*'], packages: [] },
  'data.ts': { rooms: ['*'], packages: [anyNode] },
  'product.ts': { rooms: ['*'], packages: [] },
  'main.ts': { rooms: ['*'], packages: [] },
  'terminal.ts': { rooms: ['*'], packages: [anyNode] },
  'cli.ts': { rooms: ['*'], packages: ['commander', anyNode] },
  // The launcher knows the sandbox by one type: the message it is sent.
  'launch.ts': { rooms: ['sandbox'], packages: [anyNode] },
};

/** The only files that may import these packages. */
const onlyIn: Readonly<Record<string, string>> = { botbuilder: 'src/channels/teams/transport.ts' };
const impure = /\b(new Date\(\)|Date\.now|process\.|fetch\(|Temporal\.Now|Math\.random|setTimeout)/;

export interface ArchitectureReport {
  readonly files: number;
  readonly imports: number;
  readonly problems: readonly string[];
}

/** Reads every file under src/ and judges its imports. */
export function checkArchitecture(root: string): ArchitectureReport {
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((file) =>
    /\.tsx?$/.test(file),
  );
  const problems: string[] = [];
  let imports = 0;
  for (const file of files) {
    const text = readFileSync(join(root, 'src', file), 'utf8');
    const room = roomOf(file);
    if (!room) problems.push(`src/${file} is in no room of the table`);
    const found = importsOf(text);
    imports += found.length;
    for (const specifier of found) {
      const problem = room && problemOf(file, room, specifier);
      if (problem) problems.push(`src/${file}: ${problem}`);
    }
    if (room && rooms[room]?.pure && impure.test(withoutComments(text)))
      problems.push(`src/${file}: a pure room reads the clock, the process or the network`);
    if (
      !file.startsWith('sandbox/') &&
      file !== 'launch.ts' &&
      file !== 'cli.ts' &&
      file !== 'terminal.ts' &&
      /process\.env/.test(withoutComments(text)) &&
      room !== 'config'
    ) {
      problems.push(`src/${file}: only config/ reads process.env`);
    }
  }
  return { files: files.length, imports, problems };
}

function problemOf(file: string, room: string, specifier: string): string | undefined {
  const rule = rooms[room];
  if (!rule) return undefined;
  if (!specifier.startsWith('.')) {
    const owner = onlyIn[specifier];
    if (owner && owner !== `src/${file}`) return `only ${owner} imports ${specifier}`;
    const allowed = rule.packages.some(
      (name) => name === specifier || (name === anyNode && specifier.startsWith('node:')),
    );
    return allowed ? undefined : `the room ${room} does not import ${specifier}`;
  }
  const target = normalize(join(dirname(file), specifier));
  const targetRoom = roomOf(target);
  if (
    targetRoom === room || rule.rooms.includes('*')
      ? targetRoom !== 'sandbox' || room === 'sandbox'
      : rule.rooms.includes(targetRoom ?? '')
  )
    return undefined;
  return `the room ${room} does not import ${targetRoom ?? target}`;
}

const roomOf = (file: string): string | undefined =>
  Object.keys(rooms)
    .filter((room) => file === room || file.startsWith(`${room}/`))
    .sort((a, b) => b.length - a.length)[0];

function importsOf(text: string): readonly string[] {
  const pattern =
    /(?:^|\n)\s*(?:import|export)\s[^;'"]*?from\s*['"]([^'"]+)['"]|(?:^|\n)import\s*['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)/g;
  return [...text.matchAll(pattern)].map((match) => match[1] ?? match[2] ?? match[3] ?? '');
}

const withoutComments = (text: string): string =>
  text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/\/\/.*$/gm, '');
