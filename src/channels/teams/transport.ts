// The only file that knows the Bot Framework SDK: it checks who speaks to us and gets the token with which we speak to
// Teams. Everything else is plain JSON over HTTP, so another SDK replaces this file alone.
import type { ConfigurationServiceClientCredentialFactoryOptions } from 'botbuilder';
import type { Json } from './activity.ts';

export interface TeamsConfig {
  readonly appId: string;
  readonly tenantId: string;
  /** `none`: no tokens at all, for local clients on loopback. */
  readonly type: 'singleTenant' | 'userAssignedMsi' | 'none';
  /** Of `singleTenant`: a client secret or a certificate. */
  readonly password?: string;
  readonly certificate?: { readonly thumbprint: string; readonly privateKey: string };
  readonly tenants: readonly string[];
  readonly serviceUrls: readonly string[];
  /** Where Microsoft Graph is asked for posts that may be lost; default the public cloud's. */
  readonly graphUrl?: string;
  /** Where the keys are published that sign what Teams sends; default Microsoft's. */
  readonly openIdMetadata?: string;
}

export interface TeamsTransport {
  /** Whether the token allows this activity, aud, issuer, expiry, service URL and key endorsement checked. */
  isAuthentic(authorization: string, activity: Json): Promise<boolean>;
  /** The Authorization header for calls to the Bot Connector, or to Graph; nothing without tokens. */
  authorization(service?: 'connector' | 'graph'): Promise<string | undefined>;
}

const audience = 'https://api.botframework.com';
const audiences = { connector: audience, graph: 'https://graph.microsoft.com' } as const;
const loginUrl = 'https://login.microsoftonline.com/';
const appTypes = {
  singleTenant: 'SingleTenant',
  userAssignedMsi: 'UserAssignedMSI',
  none: 'MultiTenant',
} as const;

/** Loads the SDK. The app type is decided here, because the SDK takes a mistyped one for "multi-tenant". */
export async function createTransport(config: TeamsConfig): Promise<TeamsTransport> {
  const {
    CloudAdapter,
    ConfigurationBotFrameworkAuthentication,
    ConfigurationServiceClientCredentialFactory,
  } = await import('botbuilder');
  const settings = settingsOf(config);
  const adapter = new CloudAdapter(new ConfigurationBotFrameworkAuthentication(settings));
  const factory = new ConfigurationServiceClientCredentialFactory(settings);
  const credentials = new Map<string, Promise<{ getToken(): Promise<string> }>>();
  return {
    isAuthentic: async (authorization, activity) => {
      let wasLetIn = false;
      // A copy: the SDK writes into the activity it is given.
      await adapter
        .processActivityDirect(authorization, structuredClone(activity) as never, () => {
          wasLetIn = true;
          return Promise.resolve();
        })
        .catch(() => undefined);
      return wasLetIn;
    },
    authorization: async (service = 'connector') => {
      if (config.type === 'none') return undefined;
      const login = `${loginUrl}${config.tenantId}`;
      const known = credentials.get(service);
      const credential =
        known ??
        (factory.createCredentials(config.appId, audiences[service], login, true) as unknown as Promise<{
          getToken(): Promise<string>;
        }>);
      credentials.set(service, credential);
      const token = await (await credential).getToken();
      return token && `Bearer ${token}`;
    },
  };
}

function settingsOf(config: TeamsConfig): ConfigurationServiceClientCredentialFactoryOptions {
  if (config.type === 'none') return { MicrosoftAppId: '', MicrosoftAppType: appTypes.none };
  return {
    MicrosoftAppId: config.appId,
    MicrosoftAppTenantId: config.tenantId,
    MicrosoftAppType: appTypes[config.type],
    ...(config.type === 'singleTenant' && secretOf(config)),
    ...(config.openIdMetadata && ownKeys(config.openIdMetadata)),
  };
}

const secretOf = ({ certificate, password }: TeamsConfig) =>
  certificate
    ? { CertificateThumbprint: certificate.thumbprint, CertificatePrivateKey: certificate.privateKey }
    : { MicrosoftAppPassword: password ?? '' };

/** The SDK takes one such setting as "all are given": the public cloud's defaults must be named with it. */
const ownKeys = (metadata: string) => ({
  BotOpenIdMetadata: metadata,
  ToBotFromChannelTokenIssuer: audience,
  ToChannelFromBotOAuthScope: audience,
  ToChannelFromBotLoginUrl: `${loginUrl}botframework.com`,
  ToBotFromEmulatorOpenIdMetadataUrl: metadata,
  OAuthUrl: 'https://api.botframework.com',
});
