// The token with which a bot of one tenant speaks: its secret, or an assertion signed by its certificate, goes to Microsoft's
// login for its own tenant. The login is played on loopback; where the request was meant to go is looked at.
import { generateKeyPairSync } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { decodeProtectedHeader, jwtVerify } from 'jose';
import express from 'express';
import { createTransport, type TeamsConfig } from '../../../src/channels/teams/transport.ts';
import { close, listen } from '../slack/slack-world.ts';

const original = https.request;
let server: http.Server;
let meant: string[];
let said: URLSearchParams[];

beforeAll(async () => {
  const login = express().use(express.text({ type: () => true }), (request, response) => {
    said.push(new URLSearchParams(String(request.body)));
    response.json({ token_type: 'Bearer', expires_in: 3600, ext_expires_in: 3600, access_token: 'granted' });
  });
  const [started, url] = await listen(login);
  server = started;
  const { port } = new URL(url);
  https.request = ((options: https.RequestOptions, listener?: () => void) => {
    meant.push(`https://${options.hostname ?? options.host}${options.path?.split('?')[0]}`);
    return http.request(
      { ...options, protocol: 'http:', hostname: '127.0.0.1', host: '127.0.0.1', port, agent: undefined },
      listener,
    );
  }) as typeof https.request;
});
afterAll(async () => {
  https.request = original;
  await close(server);
});
beforeEach(() => {
  meant = [];
  said = [];
});

const tenantId = '72f988bf-0000-4000-8000-5a11d0c0ffee';
/** Another app each time: the identity client keeps tokens. */
const configOf = (app: number, secret: Partial<TeamsConfig>): TeamsConfig => ({
  appId: `6f1c0de0-0000-4000-8000-00000000000${app}`,
  tenantId,
  type: 'singleTenant',
  tenants: [tenantId],
  serviceUrls: [],
  ...secret,
});
const login = `https://login.microsoftonline.com/${tenantId}/oauth2/v2.0/token`;

test('A secret goes to the login of the tenant, for the Bot Framework, and for Graph where Graph is asked', async () => {
  const transport = await createTransport(configOf(1, { password: 'planted-secret' }));

  const given = [await transport.authorization(), await transport.authorization('graph')];

  expect(given).toEqual(['Bearer granted', 'Bearer granted']);
  expect(new Set(meant)).toEqual(new Set([login]));
  expect(said.map((words) => [words.get('client_secret'), words.get('scope')?.split(' ')[0]])).toEqual([
    ['planted-secret', 'https://api.botframework.com/.default'],
    ['planted-secret', 'https://graph.microsoft.com/.default'],
  ]);
});

test('A certificate signs what goes there, and its key stays here', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const thumbprint = 'ab'.repeat(20);
  const config = configOf(2, { certificate: { thumbprint, privateKey: pem } });

  const given = await (await createTransport(config)).authorization();

  const assertion = said[0]?.get('client_assertion') ?? '';
  const { payload } = await jwtVerify(assertion, publicKey, {
    audience: login,
    issuer: config.appId,
    clockTolerance: 5,
  });
  expect(given).toBe('Bearer granted');
  expect(meant).toEqual([login]);
  expect(payload.sub).toBe(config.appId);
  expect(decodeProtectedHeader(assertion).x5t).toBe(Buffer.from(thumbprint, 'hex').toString('base64url'));
  expect(said[0]?.has('client_secret')).toBe(false);
  expect(said[0]?.toString()).not.toContain('PRIVATE');
});
