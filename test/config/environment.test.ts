import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConfigurationError } from '../../src/config/configuration-error.ts';
import { prepareDataFolder, readEnvironment } from '../../src/config/environment.ts';
import { policyJsonSchema, policySchema } from '../../src/config/policy-schema.ts';
import { parseCron } from '../../src/schedule/cron.ts';

const slack = { SLACK_SIGNING_SECRET: 's', SLACK_BOT_TOKEN: 'xoxb-1' };
const thumbprint = 'ab'.repeat(20);
const key = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();
const teams = {
  MicrosoftAppId: 'a',
  MicrosoftAppTenantId: 't',
  MicrosoftAppType: 'UserAssignedMSI',
};
const single = { ...teams, MicrosoftAppType: 'SingleTenant' };
const problem = (variables: Record<string, string>): string => {
  try {
    readEnvironment(variables);
    return 'accepted';
  } catch (error) {
    return error instanceof ConfigurationError ? error.message : String(error);
  }
};

describe('the environment', () => {
  it('with nothing set has no channel, and listens on loopback', () => {
    expect(readEnvironment({})).toMatchObject({
      port: 3978,
      host: '127.0.0.1',
      slack: undefined,
      teams: undefined,
      azure: undefined,
      terminalWrites: false,
    });
  });

  it.each([
    [{ SLACK_BOT_TOKEN: 'x' }, 'Slack is half configured: set SLACK_SIGNING_SECRET'],
    [{ SLACK_SIGNING_SECRET: 'x' }, 'Slack is half configured: set SLACK_BOT_TOKEN'],
    [{ SLACK_APP_TOKEN: 'x' }, 'Slack is half configured: set SLACK_BOT_TOKEN'],
    [
      { SLACK_CLIENT_ID: 'x', SLACK_SIGNING_SECRET: 's', SLACK_CLIENT_SECRET: 'c', SLACK_STATE_SECRET: 't' },
      'Slack is half configured: set ACR_WARDEN_SECRET_KEY',
    ],
    [
      { SLACK_API_URL: 'https://x' },
      'Slack is half configured: set SLACK_SIGNING_SECRET and SLACK_BOT_TOKEN',
    ],
    [{ MicrosoftAppId: 'x' }, 'Teams is half configured: set MicrosoftAppTenantId and MicrosoftAppType'],
    [{ MicrosoftAppPassword: 'x' }, 'Teams is half configured: set MicrosoftAppId and'],
    [{ ...teams, MicrosoftAppType: 'SingleTenant' }, 'MicrosoftAppPassword is missing'],
    [
      { ...single, MicrosoftAppCertificateThumbprint: thumbprint },
      'set MicrosoftAppCertificatePrivateKey as well',
    ],
    [{ ...single, MicrosoftAppCertificatePrivateKey: key }, 'set MicrosoftAppCertificateThumbprint as well'],
    [
      { ...single, MicrosoftAppCertificateThumbprint: 'ab:cd', MicrosoftAppCertificatePrivateKey: key },
      'Must be the SHA-1 thumbprint in 40 hex digits',
    ],
    [
      { ...single, MicrosoftAppCertificateThumbprint: thumbprint, MicrosoftAppCertificatePrivateKey: 'x' },
      'Must be the unencrypted private key in PEM',
    ],
    [
      { ...single, MicrosoftAppPassword: 'x', MicrosoftAppCertificateThumbprint: thumbprint },
      'Keep one of them',
    ],
    [{ ...teams, MicrosoftAppType: 'MultiTenant' }, 'Must be one of: SingleTenant, UserAssignedMSI'],
    [{ AZURE_RESOURCE_MANAGER_URL: 'https://x' }, 'Set AZURE_CLOUD to public, china or usgov'],
    [{ AZURE_CLOUD: 'mars' }, 'Must be one of: public, china, usgov'],
    [{ AZURE_CLOUD: 'public', AZURE_RESOURCE_MANAGER_URL: 'http://x' }, 'Must be an https URL'],
    [{ TEAMS_AUTH: 'off' }, 'Must be one of: none'],
    [{ TEAMS_AUTH: 'none', HOST: '0.0.0.0' }, 'works on loopback only; HOST is 0.0.0.0'],
    [{ LOG_LEVEL: 'loud' }, 'Must be one of: debug, info, warn, error, silent'],
  ])('with %j is refused: %s', (variables, message) => {
    expect(problem(variables as Record<string, string>)).toContain(message);
  });

  it.each(['0', '80', '65535'])('takes the port %s', (PORT) => {
    expect(readEnvironment({ PORT }).port).toBe(Number(PORT));
  });

  it.each(['', ' ', '-1', '65536', '1e3', '0x10', '80 ', 'http', '99999999'])(
    'refuses the port %j and says the range',
    (PORT) => {
      expect(problem({ PORT })).toContain('Must be a number from 0 to 65535');
    },
  );

  it('reads whole channels', () => {
    expect(readEnvironment(slack).slack).toEqual({
      transport: { kind: 'http', signingSecret: 's' },
      tokens: { kind: 'single', botToken: 'xoxb-1' },
    });
    expect(readEnvironment(teams).teams).toMatchObject({ type: 'userAssignedMsi', tenants: ['t'] });
    const certificate = {
      ...single,
      MicrosoftAppCertificateThumbprint: thumbprint,
      MicrosoftAppCertificatePrivateKey: key.replaceAll('\n', '\\n'),
    };
    expect(readEnvironment(certificate).teams).toMatchObject({
      type: 'singleTenant',
      certificate: { thumbprint, privateKey: key },
    });
    expect(readEnvironment({ TEAMS_AUTH: 'none' }).teams).toMatchObject({ type: 'none' });
  });

  it('lets the terminal write on a stand-in only', () => {
    const writes = { ACR_WARDEN_TERMINAL: 'writes', AZURE_CLOUD: 'public' };

    expect(readEnvironment(writes).terminalWrites).toBe(false);
    expect(
      readEnvironment({ ...writes, AZURE_RESOURCE_MANAGER_URL: 'https://arm.example.com' }).terminalWrites,
    ).toBe(false);
    expect(
      readEnvironment({ ...writes, AZURE_RESOURCE_MANAGER_URL: 'https://localhost:4443' }).terminalWrites,
    ).toBe(true);
  });
});

describe('the data folder', () => {
  it('is made for this user alone, and refused with the cure where it cannot be', () => {
    const folder = mkdtempSync(join(tmpdir(), 'environment-'));
    const inTheWay = join(folder, 'file');
    writeFileSync(inTheWay, '');
    prepareDataFolder(join(folder, 'a', 'b'));

    expect(statSync(join(folder, 'a', 'b')).mode & 0o777).toBe(0o700);
    for (const bad of [inTheWay, join(inTheWay, 'below')])
      expect(() => prepareDataFolder(bad)).toThrow(
        /Set ACR_WARDEN_DATA to a folder that this user may write to/,
      );
    rmSync(folder, { recursive: true });
  });
});

describe('the schema of the policy', () => {
  it('is published for editors with every key', () => {
    const { properties } = policyJsonSchema() as { properties: object };

    expect(Object.keys(properties)).toEqual(Object.keys(policySchema.shape));
  });

  it('takes a cron expression only if the schedule can read it', () => {
    const { cron } = policySchema.shape.digests.unwrap().element.shape;
    const value = fc.oneof(
      fc.integer({ min: 0, max: 70 }).map(String),
      fc.constantFrom(
        '*',
        'MON',
        'sun',
        'jan',
        'DEC',
        '*/5',
        '1-5',
        '0-59/7',
        '1,2',
        'FRI-SUN',
        '',
        'x',
        '-1',
        '5/0',
      ),
    );

    for (const good of ['0 9 * * MON', '*/15 8-18 1,15 jan-jun mon-fri', '30 2 * * 7'])
      expect(cron.safeParse(good).success).toBe(true);
    for (const bad of [
      '99 9 * * MON',
      '0 24 * * *',
      '0 9 32 * *',
      '0 9 * 13 *',
      '0 9 * * 8',
      '0 9 * *',
      '@daily',
    ])
      expect(cron.safeParse(bad).success).toBe(false);
    fc.assert(
      fc.property(fc.tuple(value, value, value, value, value), (fields) => {
        const text = fields.join(' ');
        if (cron.safeParse(text).success) expect(() => parseCron(text)).not.toThrow();
      }),
    );
  });
});
