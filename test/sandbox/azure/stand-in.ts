// Starts a stand-in Azure in a temporary folder for one test file, trusts its certificate, and speaks to it with the
// official clients or with plain https.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tls from 'node:tls';
import express from 'express';
import { type AzureOptions, type AzureStandIn, startAzure } from '../../../src/sandbox/azure/server.ts';
import { contosoEstate } from '../../../src/sandbox/estate/contoso/estate.ts';
import { identityOf, type IdentityName } from '../../../src/sandbox/estate/contoso/places.ts';
import { createTokens, type Tokens } from '../../../src/sandbox/tokens.ts';

export interface Running {
  readonly azure: AzureStandIn;
  readonly tokens: Tokens;
  readonly dataDir: string;
  /** Stops it and starts it again on the same folder. */
  restart(options?: Partial<AzureOptions>): Promise<Running>;
  /** A credential of one identity of the bundled estate, for the Azure SDKs. */
  credential(name: IdentityName): {
    getToken(scopes: string | string[]): Promise<{ token: string; expiresOnTimestamp: number }>;
  };
  /** Stops it and removes the folder. */
  stop(): Promise<void>;
}

export async function startStandIn(options: Partial<AzureOptions> = {}): Promise<Running> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'stand-in-azure-'));
  const tokens = await createTokens(dataDir);
  const azure = await startAzure({ dataDir, port: 0, estate: contosoEstate(), tokens, ...options });
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), readFileSync(azure.caFile, 'utf8')]);
  return {
    azure,
    tokens,
    dataDir,
    restart: async (next) => {
      await azure.close();
      return startStandIn({ ...options, ...next, dataDir });
    },
    credential: (name) => ({
      getToken: async (scopes) => {
        const resource = [scopes].flat()[0]?.replace(/\/\.default$/, '') ?? '';
        return { token: await tokenOf(tokens, name, resource), expiresOnTimestamp: Date.now() + 3_600_000 };
      },
    }),
    stop: async () => {
      await azure.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** An Entra token of an identity, as the managed identity endpoint would give it. */
export function tokenOf(
  tokens: Tokens,
  name: IdentityName,
  audience = 'https://management.azure.com',
): Promise<string> {
  const { objectId, clientId } = identityOf(name);
  return tokens.sign({ aud: audience, oid: objectId, appid: clientId, sub: objectId });
}

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  readonly json: Json;
}

/** JSON of an answer, read freely by tests. */
// oxlint-disable-next-line typescript/no-explicit-any
export type Json = any;

/** One https request with the stand-in's certificate trusted; `path` goes out as it is written. */
export function ask(
  url: string,
  options: { method?: string; headers?: Record<string, string>; body?: string | Buffer } = {},
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const { origin } = new URL(url);
    const { hostname, port } = new URL(url);
    const call = request(
      {
        hostname,
        port,
        path: url.slice(origin.length),
        method: options.method ?? 'GET',
        headers: options.headers ?? {},
        ca: tls.getCACertificates('default'),
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json: parsed(text) });
        });
        response.on('error', reject);
      },
    );
    call.on('error', reject);
    call.end(options.body);
  });
}

/** A call of the management plane as an identity. */
export async function askArm(
  running: Running,
  path: string,
  options: { as?: IdentityName; method?: string; body?: object } = {},
): Promise<Reply> {
  const token = await tokenOf(running.tokens, options.as ?? 'warden-reader');
  return ask(`${running.azure.url}${path}`, {
    method: options.method ?? 'GET',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
  });
}

/** A registry's login server by name. */
export function loginServer(running: Running, name: string): string {
  return running.azure.registries().find((one) => one.name === name)?.loginServer ?? '';
}

/** An access token of a registry for scopes, by the documented exchange. */
export async function registryToken(
  running: Running,
  registry: string,
  as: IdentityName,
  scopes: readonly string[],
): Promise<string> {
  const host = loginServer(running, registry);
  const refresh = await refreshToken(running, registry, as);
  const form = new URLSearchParams({ grant_type: 'refresh_token', service: host, refresh_token: refresh });
  for (const scope of scopes) form.append('scope', scope);
  return (await postForm(`https://${host}/oauth2/token`, form)).json.access_token;
}

export async function refreshToken(running: Running, registry: string, as: IdentityName): Promise<string> {
  const host = loginServer(running, registry);
  const token = await tokenOf(running.tokens, as, 'https://containerregistry.azure.net');
  const form = new URLSearchParams({ grant_type: 'access_token', service: host, access_token: token });
  return (await postForm(`https://${host}/oauth2/exchange`, form)).json.refresh_token;
}

export function postForm(url: string, form: URLSearchParams): Promise<Reply> {
  return ask(url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: form.toString(),
  });
}

/** The managed identity endpoint on a plain http port, as the sandbox mounts it. */
export async function serveManagedIdentity(
  running: Running,
): Promise<{ url: string; close(): Promise<void> }> {
  const app = express();
  app.use(running.azure.managedIdentity);
  const server: Server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/msi/token`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
