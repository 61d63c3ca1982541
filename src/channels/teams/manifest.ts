// The Teams app's manifest. Commands are given as data, so that the menu says what the catalogue says.

interface TeamsCommand {
  readonly title: string;
  readonly description: string;
}

export interface TeamsManifestOptions {
  /** The bot's app id, also the id of the Teams app. */
  readonly appId: string;
  /** The public host of the bot, without scheme. */
  readonly host: string;
  /** Web addresses of the organisation that runs the bot; by default on its host. */
  readonly website?: string;
  readonly privacy?: string;
  readonly terms?: string;
  /** Asks for the right to read channel messages, by which a post that may be lost in a kill is found. */
  readonly history?: boolean;
  readonly version: string;
  /** The most important first: Teams shows twelve of a list. */
  readonly commands: readonly TeamsCommand[];
}

const schemaVersion = '1.30';
const mostCommands = 12;
const longestTitle = 32;
const longestDescription = 128;

export function teamsManifest(options: TeamsManifestOptions): object {
  const { appId, host, version, commands } = options;
  const list = commands.slice(0, mostCommands).map(({ title, description }) => ({
    title: title.slice(0, longestTitle),
    description: description.slice(0, longestDescription),
  }));
  return {
    $schema: `https://developer.microsoft.com/json-schemas/teams/v${schemaVersion}/MicrosoftTeams.schema.json`,
    manifestVersion: schemaVersion,
    version,
    id: appId,
    developer: {
      name: 'acr-warden',
      websiteUrl: options.website ?? `https://${host}`,
      privacyUrl: options.privacy ?? `https://${host}/privacy`,
      termsOfUseUrl: options.terms ?? `https://${host}/terms`,
    },
    name: { short: 'ACR', full: 'acr-warden: container registries' },
    description: {
      short: 'Posture, promotions with approval and digests for Azure registries.',
      full: 'Shows how Azure Container Registries stand against the Well-Architected guidance, promotes images from stage to stage with approvals, locks what is promoted, and sends weekly digests.',
    },
    icons: { color: 'color.png', outline: 'outline.png' },
    accentColor: '#1B3A57',
    defaultInstallScope: 'team',
    bots: [
      {
        botId: appId,
        scopes: ['team', 'personal', 'groupChat'],
        isNotificationOnly: false,
        supportsFiles: false,
        supportsTargetedMessages: true,
        commandLists: ['team', 'groupChat', 'personal'].map((scope) => ({
          scopes: [scope],
          triggers: ['mention', 'slash'],
          commands: list,
        })),
      },
    ],
    permissions: ['identity', 'messageTeamMembers'],
    supportsChannelFeatures: 'tier1',
    validDomains: [host],
    ...(options.history && channelHistory(appId)),
  };
}

/** A right in the teams where the app is installed; its resource is asked for by the schema and used by nobody. */
const channelHistory = (appId: string) => ({
  webApplicationInfo: { id: appId, resource: 'https://RscBasedStoreApp' },
  authorization: {
    permissions: { resourceSpecific: [{ name: 'ChannelMessage.Read.Group', type: 'Application' }] },
  },
});
