// The official SDKs against the stand-in, unchanged: what works here is what the product will do against Azure.
import { ContainerRegistryManagementClient } from '@azure/arm-containerregistry';
import { ResourceGraphClient } from '@azure/arm-resourcegraph';
import { ContainerRegistryClient, ContainerRegistryContentClient } from '@azure/container-registry';
import { ManagedIdentityCredential } from '@azure/identity';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  identityOf,
  type IdentityName,
  registryId,
  type RegistryName,
  subscriptions,
} from '../../../src/sandbox/estate/contoso/places.ts';
import { loginServer, type Running, serveManagedIdentity, startStandIn } from './stand-in.ts';

let running: Running;

beforeAll(async () => {
  running = await startStandIn();
});
afterAll(() => running.stop());

const scopes = { credentials: { scopes: ['https://management.azure.com/.default'] } };

function management(as: IdentityName, subscription: keyof typeof subscriptions = 'nonprod') {
  return new ContainerRegistryManagementClient(running.credential(as), subscriptions[subscription], {
    endpoint: running.azure.url,
    ...scopes,
  });
}

function dataPlane(as: IdentityName, registry: RegistryName) {
  return new ContainerRegistryClient(`https://${loginServer(running, registry)}`, running.credential(as));
}

function inspected(registry: string, repository: string) {
  const found = running.azure.inspect().find((one) => one.name === registry);
  return found?.repositories.find((one) => one.name === repository);
}

async function digestOf(registry: RegistryName, repository: string, tag: string): Promise<string> {
  return (await dataPlane('warden-reader', registry).getArtifact(repository, tag).getManifestProperties())
    .digest;
}

describe('the management SDK', () => {
  it('lists the registries of a subscription and of a resource group', async () => {
    const all = await Array.fromAsync(management('warden-reader').registries.list());
    const some = await Array.fromAsync(management('warden-reader').registries.listByResourceGroup('RG-UAT'));

    expect(all.map((one) => one.name)).toContain('devshop');
    expect(all).toHaveLength(7);
    expect(some.map((one) => one.name)).toEqual(['contosouat']);
  });

  it('gets a registry with its login server, without the soft delete policy that Resource Graph has', async () => {
    const registry = await management('warden-reader').registries.get('rg-dev-shop', 'devshop');

    expect(registry.loginServer).toBe(loginServer(running, 'devshop'));
    expect(registry.sku.name).toBe('Basic');
    expect(JSON.stringify(registry)).not.toContain('softDelete');
  });

  it('lists replications, usages, tokens, scope maps, webhooks and their events', async () => {
    const prod = management('warden-reader', 'prod');
    const legacy = management('warden-reader', 'legacy');

    const replications = await Array.fromAsync(prod.replications.list('rg-prod-registry', 'contosoprod'));
    const usages = await prod.registries.listUsages('rg-prod-registry', 'contosoprod');
    const tokens = await Array.fromAsync(legacy.tokens.list('rg-legacy', 'legacyhub'));
    const maps = await Array.fromAsync(legacy.scopeMaps.list('rg-legacy', 'legacyhub'));
    const webhooks = await Array.fromAsync(legacy.webhooks.list('rg-legacy', 'legacyhub'));
    const callback = await legacy.webhooks.getCallbackConfig('rg-legacy', 'legacyhub', 'notify');
    const events = await Array.fromAsync(legacy.webhooks.listEvents('rg-legacy', 'legacyhub', 'notify'));

    expect(replications.map((one) => one.location)).toEqual(['westeurope', 'northeurope']);
    expect(usages.value?.find((one) => one.name === 'Size')?.limit).toBe(500 * 1024 ** 3);
    expect(tokens[0]?.credentials?.passwords?.[0]?.expiry).toBeUndefined();
    expect(maps[0]?.actions).toContain('repositories/*/content/read');
    expect(webhooks[0]?.actions).toEqual(['push', 'delete']);
    expect(callback.serviceUri).toBe('http://intranet.contoso.example/hook');
    expect(events).toEqual([]);
  });

  it('imports an index by digest with all its children, and neither its signature nor its SBOM', async () => {
    const digest = await digestOf('contosouat', 'shop/web', 'v1.4.2');

    const poller = management('importer-to-prod', 'prod').registries.importImage(
      'rg-prod-registry',
      'contosoprod',
      {
        source: { resourceId: registryId('contosouat'), sourceImage: `shop/web@${digest}` },
        targetTags: ['shop/web:v1.4.2'],
        mode: 'NoForce',
      },
      { updateIntervalInMs: 20 },
    );
    await poller.pollUntilDone();

    const web = inspected('contosoprod', 'shop/web');
    const root = web?.manifests.find((one) => one.digest === digest);
    expect(web?.tags.find((one) => one.name === 'v1.4.2')?.digest).toBe(digest);
    expect(root?.children).toHaveLength(2);
    expect(root?.children.every((child) => web?.manifests.some((one) => one.digest === child))).toBe(true);
    expect(web?.manifests.filter((one) => one.subject === digest)).toEqual([]);
  });
});

describe('the data-plane SDK', () => {
  it('lists repositories over several pages', async () => {
    const names: string[] = [];
    const client = dataPlane('warden-reader', 'contosoprod');
    let pages = 0;
    for await (const page of client.listRepositoryNames().byPage({ maxPageSize: 5 })) {
      names.push(...page);
      pages += 1;
    }

    expect(names).toEqual(inspectedNames('contosoprod'));
    expect(pages).toBe(Math.ceil(names.length / 5));
  });

  it('orders the tags of a repository by time', async () => {
    const repository = dataPlane('warden-reader', 'contosouat').getRepository('shop/web');

    const tags = await Array.fromAsync(
      repository.getArtifact('v1.4.2').listTagProperties({ order: 'LastUpdatedOnDescending' }),
    );

    const own = tags.filter((tag) => tag.name.startsWith('v')).map((tag) => tag.name);
    expect(own).toEqual(['v1.4.2', 'v1.4.0']);
  });

  it('locks a tag and a manifest, and both show it', async () => {
    const artifact = dataPlane('importer-to-uat', 'contosouat').getArtifact('shop/web', 'v1.4.2');
    const digest = await digestOf('contosouat', 'shop/web', 'v1.4.2');

    await artifact.updateTagProperties('v1.4.2', { canDelete: false, canWrite: false });
    await dataPlane('importer-to-uat', 'contosouat')
      .getArtifact('shop/web', digest)
      .updateManifestProperties({ canDelete: false, canWrite: false });

    const web = inspected('contosouat', 'shop/web');
    expect(web?.tags.find((one) => one.name === 'v1.4.2')?.attributes.writeEnabled).toBe(false);
    expect(web?.manifests.find((one) => one.digest === digest)?.attributes.deleteEnabled).toBe(false);
  });

  it('downloads a manifest and a blob, and uploads an artifact of its own', async () => {
    const host = `https://${loginServer(running, 'devcore')}`;
    const content = new ContainerRegistryContentClient(host, 'core/tool', running.credential('ci-base'));

    const layer = await content.uploadBlob(Buffer.from('a layer'));
    const config = await content.uploadBlob(Buffer.from('{}'));
    const pushed = await content.setManifest(
      {
        schemaVersion: 2,
        config: { ...part(config), mediaType: 'application/vnd.oci.image.config.v1+json' },
        layers: [{ ...part(layer), mediaType: 'application/vnd.oci.image.layer.v1.tar' }],
      },
      { tag: 'v1' },
    );
    const read = await content.getManifest('v1');
    const blob = await content.downloadBlob(layer.digest);

    expect(read.digest).toBe(pushed.digest);
    expect(await textOf(blob.content)).toBe('a layer');
  });
});

describe('Resource Graph', () => {
  it('shows the raw rows, with the soft delete policy and the live login server', async () => {
    const client = new ResourceGraphClient(running.credential('warden-reader'), {
      endpoint: running.azure.url,
      ...scopes,
    });

    const answer = await client.resources({
      query:
        "resources | where type =~ 'Microsoft.ContainerRegistry/registries' | project id, name, properties | order by id asc",
      options: { resultFormat: 'objectArray' },
    });

    const rows: { name: string; properties: { loginServer: string; policies: Record<string, unknown> } }[] =
      answer.data;
    const devshop = rows.find((row) => row.name === 'devshop');
    expect(answer.totalRecords).toBe(10);
    expect(devshop?.properties.loginServer).toBe(loginServer(running, 'devshop'));
    expect(devshop?.properties.policies['softDeletePolicy']).toMatchObject({ status: 'enabled' });
  });
});

describe('the managed identity', () => {
  it('gives the production credential tokens that the stand-in accepts', async () => {
    const identity = await serveManagedIdentity(running);
    process.env['IDENTITY_ENDPOINT'] = identity.url;
    process.env['IDENTITY_HEADER'] = running.azure.identityHeader;

    const own = new ContainerRegistryManagementClient(
      new ManagedIdentityCredential(),
      subscriptions.nonprod,
      {
        endpoint: running.azure.url,
        ...scopes,
      },
    );
    const importer = new ManagedIdentityCredential({ clientId: identityOf('importer-to-uat').clientId });
    const registry = await own.registries.get('rg-uat', 'contosouat');
    const token = await importer.getToken('https://containerregistry.azure.net/.default');
    delete process.env['IDENTITY_ENDPOINT'];
    delete process.env['IDENTITY_HEADER'];
    await identity.close();

    expect(registry.name).toBe('contosouat');
    expect((await running.tokens.verify(token.token))['oid']).toBe(identityOf('importer-to-uat').objectId);
  });
});

function inspectedNames(registry: string): string[] {
  const found = running.azure.inspect().find((one) => one.name === registry);
  return found?.repositories.map((one) => one.name) ?? [];
}

const part = (blob: { digest: string; sizeInBytes: number }) => ({
  digest: blob.digest,
  size: blob.sizeInBytes,
});

async function textOf(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}
