// Endpoints and token audiences of the three clouds, in one table. The SDKs guess them from the endpoint and are wrong
// for China, US Government and any custom endpoint, so scopes are always passed explicitly.

export interface Cloud {
  readonly resourceManager: string;
  /** Audience of tokens for Resource Manager and Resource Graph. */
  readonly managementAudience: string;
  /** Audience of tokens that a registry exchanges. */
  readonly registryAudience: string;
  /** Microsoft Graph, and the audience of its tokens. */
  readonly graph: string;
}

const clouds: Readonly<Record<'public' | 'china' | 'usgov', Cloud>> = {
  public: {
    resourceManager: 'https://management.azure.com',
    managementAudience: 'https://management.azure.com',
    registryAudience: 'https://containerregistry.azure.net',
    graph: 'https://graph.microsoft.com',
  },
  china: {
    resourceManager: 'https://management.chinacloudapi.cn',
    managementAudience: 'https://management.chinacloudapi.cn',
    registryAudience: 'https://management.chinacloudapi.cn',
    graph: 'https://microsoftgraph.chinacloudapi.cn',
  },
  usgov: {
    resourceManager: 'https://management.usgovcloudapi.net',
    managementAudience: 'https://management.usgovcloudapi.net',
    registryAudience: 'https://management.usgovcloudapi.net',
    graph: 'https://graph.microsoft.us',
  },
};

/** The cloud, its Resource Manager replaced where another address is set (a private endpoint, a stand-in). */
export const cloudOf = (name: keyof typeof clouds, resourceManager?: string): Cloud => ({
  ...clouds[name],
  ...(resourceManager && { resourceManager: resourceManager.replace(/\/+$/, '') }),
});
