// The files of deploy/ as the tests read them: lines of the Dockerfile, variables of compose.yaml, facts of the Bicep files.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

export const top = fileURLToPath(new URL('../../', import.meta.url));
export const read = (file: string): string => readFileSync(join(top, file), 'utf8');

export interface Instruction {
  readonly name: string;
  readonly rest: string;
}

/** Instructions in order, continued lines joined, comments left out. */
export function dockerfile(): readonly Instruction[] {
  const text = read('deploy/Dockerfile')
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll(/\\\n\s*/g, ' ');
  return [...text.matchAll(/^([A-Z]+)\s+(.*)$/gm)].map(([, name = '', rest = '']) => ({ name, rest }));
}

export interface Service {
  readonly image: string;
  readonly ports: readonly string[];
  readonly environment: Readonly<Record<string, string | null>>;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
}

export const compose = (): { readonly services: Readonly<Record<string, Service>> } =>
  parse(read('deploy/compose.yaml'), { uniqueKeys: true }) as never;

/** `name: 'guid'` of `var roles` in main.bicep. */
export function bicepRoles(): Readonly<Record<string, string>> {
  const block = /var roles = \{([^}]*)\}/.exec(read('deploy/main.bicep'))?.[1] ?? '';
  return Object.fromEntries(
    [...block.matchAll(/^\s+(?:'([^']+)'|(\w+)): '([0-9a-f-]{36})'$/gm)].map(([, quoted, plain, id]) => [
      quoted ?? plain,
      id ?? '',
    ]),
  );
}

/** The custom role that locks, as locker-role.bicep defines it. */
export function lockerRole(): {
  readonly actions: readonly string[];
  readonly dataActions: readonly string[];
} {
  const text = read('deploy/modules/locker-role.bicep');
  const list = (name: string) =>
    [...(new RegExp(`\\s${name}: \\[([^\\]]*)\\]`).exec(text)?.[1] ?? '').matchAll(/'([^']+)'/g)].map(
      ([, action]) => action ?? '',
    );
  return { actions: list('actions'), dataActions: list('dataActions') };
}

/** Which roles edge-roles.bicep gives on sources and on targets: names of its parameters. */
export function edgeRoles(): { readonly sources: readonly string[]; readonly targets: readonly string[] } {
  const [sources, targets] = [
    ...read('deploy/modules/edge-roles.bicep').matchAll(/roleDefinitionIds: \[([^\]]*)\]/g),
  ].map(([, names]) => (names ?? '').split(',').map((name) => name.trim()));
  return { sources: sources ?? [], targets: targets ?? [] };
}
