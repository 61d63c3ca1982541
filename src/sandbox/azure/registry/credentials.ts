// The token service of a registry: an Entra token becomes a refresh token, a refresh token (or the admin's password, or
// nothing where anonymous pull is on) becomes an access token for scopes.
import { createHash } from 'node:crypto';
import type { JWTPayload } from 'jose';
import type { Tokens } from '../../tokens.ts';
import type { Answer } from '../answer.ts';
import type { Rights } from '../rights.ts';
import { at, type RegistryEntry } from '../tables.ts';
import { grant, type Holder, parseScope, type Scope } from './access.ts';
import { errorAnswer, RegistryError } from './errors.ts';

/** What the token service knows. */
export interface CredentialOptions {
  readonly registry: RegistryEntry;
  readonly tokens: Tokens;
  readonly rights: Rights;
  readonly isKnown: (objectId: string) => boolean;
  /** Grants the first scope alone of several: how Azure treats several is not documented. */
  readonly grantFirstScopeOnly: boolean;
}

export interface Credentials {
  /** POST /oauth2/exchange */
  exchange(form: URLSearchParams): Promise<Answer>;
  /** POST and GET /oauth2/token; `basic` is the decoded Authorization header of a GET. */
  token(form: URLSearchParams, basic?: { user: string; password: string }): Promise<Answer>;
  /** Who sent an Authorization header to an operation, and what it covers; undefined where it is none of ours. */
  holderOf(header: string): Promise<{ holder: Holder; scopes: readonly Scope[] } | undefined>;
}

const issuer = 'Azure Container Registry';
const refreshSeconds = 3 * 3600;
const accessSeconds = 75 * 60;
const tokenUser = '00000000-0000-0000-0000-000000000000';
const armAudience =
  /^https:\/\/management\.(?:core\.)?(?:azure\.com|windows\.net|chinacloudapi\.cn|usgovcloudapi\.net)\/?$/;
const registryAudience = /^https:\/\/containerregistry\.azure\.(?:net|cn|us)\/?$/;

/** The admin user's password of a registry, the same in every run. */
export function adminPassword(registry: string): string {
  return createHash('sha256').update(`admin of ${registry.toLowerCase()}`).digest('base64url');
}

export function createCredentials(options: CredentialOptions): Credentials {
  return {
    exchange: (form) => exchange(options, form),
    token: (form, basic) => token(options, form, basic),
    holderOf: (header) => holderOf(options, header),
  };
}

async function exchange(options: CredentialOptions, form: URLSearchParams): Promise<Answer> {
  if (form.get('grant_type') !== 'access_token') return refused('unsupported grant_type');
  const claims = await verified(options, form.get('access_token') ?? '');
  if (claims === undefined || !isAudience(options, claims.aud))
    return refused('the access token is not accepted');
  const objectId = text(claims['oid']);
  if (!options.isKnown(objectId)) return refused(`the principal ${objectId} is not known`);
  const refresh = { ...identityClaims(claims), grant_type: 'refresh_token' };
  return { status: 200, body: { refresh_token: await signed(options, refresh, refreshSeconds) } };
}

async function token(
  options: CredentialOptions,
  form: URLSearchParams,
  basic?: { user: string; password: string },
): Promise<Answer> {
  const holder = await holderOfGrant(options, form, basic);
  if (holder === undefined) return refused('authentication required');
  const texts = form
    .getAll('scope')
    .flatMap((text) => text.split(' '))
    .filter(Boolean);
  const asked = texts.flatMap((text) => parseScope(text) ?? []);
  const chosen = options.grantFirstScopeOnly ? asked.slice(0, 1) : asked;
  const access = grant(chosen, holder, options.registry, options.rights);
  const claims = { ...holderClaims(holder), grant_type: 'access_token', access: [...access] };
  const value = await signed(options, claims, accessSeconds);
  return { status: 200, body: { access_token: value, expires_in: accessSeconds } };
}

async function holderOfGrant(
  options: CredentialOptions,
  form: URLSearchParams,
  basic?: { user: string; password: string },
): Promise<Holder | undefined> {
  if (basic !== undefined) return holderOfPassword(options, basic.user, basic.password);
  const user = form.get('username');
  if (user !== null) return holderOfPassword(options, user, form.get('password') ?? '');
  const refresh = form.get('refresh_token') ?? '';
  if (refresh !== '') return holderOfRefresh(options, refresh);
  const isOpen = at(options.registry.row, 'properties', 'anonymousPullEnabled') === true;
  return isOpen ? { kind: 'anonymous' } : undefined;
}

async function holderOfPassword(
  options: CredentialOptions,
  user: string,
  password: string,
): Promise<Holder | undefined> {
  if (user === tokenUser) return holderOfRefresh(options, password);
  const { name, row } = options.registry;
  const isOn = at(row, 'properties', 'adminUserEnabled') === true;
  const isRight = user.toLowerCase() === name.toLowerCase() && password === adminPassword(name);
  return isOn && isRight ? { kind: 'admin' } : undefined;
}

async function holderOfRefresh(options: CredentialOptions, refresh: string): Promise<Holder | undefined> {
  const claims = await verifiedHere(options, refresh, 'refresh_token');
  return claims === undefined ? undefined : holderFrom(claims);
}

async function holderOf(
  options: CredentialOptions,
  header: string,
): Promise<{ holder: Holder; scopes: readonly Scope[] } | undefined> {
  const basic = readBasic(header);
  if (basic !== undefined) {
    const holder = await holderOfPassword(options, basic.user, basic.password);
    const isAdmin = holder?.kind === 'admin';
    return isAdmin ? { holder, scopes: [{ type: 'registry', name: 'catalog', actions: ['*'] }] } : undefined;
  }
  const claims = await verifiedHere(options, header.replace(/^Bearer /i, ''), 'access_token');
  if (claims === undefined) return undefined;
  // Signed by us a moment ago with exactly this shape.
  const scopes = Array.isArray(claims['access']) ? (claims['access'] as readonly Scope[]) : [];
  return { holder: holderFrom(claims), scopes };
}

/** User and password of a Basic header, undefined for any other header. */
export function readBasic(header: string | undefined): { user: string; password: string } | undefined {
  const encoded = /^Basic (.+)$/i.exec(header ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return { user: text.slice(0, colon), password: text.slice(colon + 1) };
}

function isAudience(options: CredentialOptions, audience: JWTPayload['aud']): boolean {
  const policy = at(
    options.registry.row,
    'properties',
    'policies',
    'azureADAuthenticationAsArmPolicy',
    'status',
  );
  return [audience].flat().some((one) => {
    if (one === undefined) return false;
    return registryAudience.test(one) || (armAudience.test(one) && policy !== 'disabled');
  });
}

async function verified(options: CredentialOptions, text: string): Promise<JWTPayload | undefined> {
  return options.tokens.verify(text).catch(() => undefined);
}

async function verifiedHere(
  options: CredentialOptions,
  text: string,
  kind: 'refresh_token' | 'access_token',
): Promise<JWTPayload | undefined> {
  const audience = options.registry.loginServer;
  const claims = await options.tokens.verify(text, { audience, issuer }).catch(() => undefined);
  return claims?.['grant_type'] === kind ? claims : undefined;
}

function signed(options: CredentialOptions, claims: JWTPayload, seconds: number): Promise<string> {
  return options.tokens.sign({ ...claims, iss: issuer, aud: options.registry.loginServer }, seconds);
}

function identityClaims(claims: JWTPayload): JWTPayload {
  return { sub: text(claims['oid']), oid: claims['oid'], appid: claims['appid'], tid: claims['tid'] };
}

function holderClaims(holder: Holder): JWTPayload {
  if (holder.kind !== 'identity') return { sub: holder.kind };
  return { sub: holder.objectId, oid: holder.objectId, appid: holder.clientId };
}

function holderFrom(claims: JWTPayload): Holder {
  if (claims.sub === 'admin' || claims.sub === 'anonymous') return { kind: claims.sub };
  return { kind: 'identity', objectId: text(claims['oid']), clientId: text(claims['appid']) };
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

const refused = (why: string): Answer =>
  errorAnswer(
    new RegistryError(
      401,
      'UNAUTHORIZED',
      'authentication required, visit https://aka.ms/acr/authorization for more information.',
      { why },
    ),
  );
