// The stand-in of Azure put together: the management plane on one port, each registry on its own, all on loopback, over
// one data folder that outlives the process.
import { randomUUID } from 'node:crypto';
import type { Router } from 'express';
import { authorityFile, createSigner, ensureAuthority } from '../estate/notation.ts';
import { seed } from '../estate/seed.ts';
import type { Estate } from '../estate/schema.ts';
import type { Tokens } from '../tokens.ts';
import { createArmApp } from './arm/app.ts';
import type { ImportConflict } from './arm/import-request.ts';
import { createImports } from './arm/imports.ts';
import { monitorRoutes } from './arm/monitor.ts';
import { networkRoutes } from './arm/network.ts';
import { registryRoutes } from './arm/registries.ts';
import type { ArmWorld } from './arm/world.ts';
import { ensureCertificate } from './certificate.ts';
import { createCounters } from './counters.ts';
import { filledFacts, filledTables, registryEntries, registryNames } from './estate-tables.ts';
import { createFaults, type Fault } from './faults.ts';
import { createGate, type Gate } from './gate.ts';
import { graphRoute } from './graph-route.ts';
import { type InspectedRegistry, inspectRegistries } from './inspect.ts';
import { closePorts, openPorts, type Ports } from './listen.ts';
import { managedIdentityRouter } from './managed-identity.ts';
import { createRegistryApp } from './registry/app.ts';
import { createRights } from './rights.ts';
import { pushSampleImage } from './sample.ts';
import { openStore, type Store } from './store.ts';
import { createWebhooks, type WebhookTarget } from './webhooks.ts';
import type { RegistryEntry } from './tables.ts';

const defaultImportMs = 50;

export interface AzureOptions {
  /** Keys, blobs, tags and operations; made where it is missing, seeded from the estate the first time. */
  readonly dataDir: string;
  /** Of the management plane; 0 is any free one. Registries follow from `port + 10`. */
  readonly port: number;
  readonly estate: Estate;
  /** Folder of the authority that signs the images; the data folder where it is not given. */
  readonly authorityDir?: string;
  readonly tokens: Tokens;
  /** Added to each request. */
  readonly latencyMs?: number;
  readonly faults?: readonly Fault[];
  /** Resource Graph requests in five seconds, by user. */
  readonly quota?: number;
  /** How long an import takes beside twice the latency; default 50 ms. */
  readonly importMs?: number;
  /** What an import into an existing tag is refused with; default 409 TagAlreadyExists. */
  readonly importConflict?: ImportConflict;
  /** Registry tokens cover the first of several scopes alone. */
  readonly grantFirstScopeOnly?: boolean;
  /** What is pushed and deleted is told there. */
  readonly webhook?: WebhookTarget;
  /** Registries send readers of blobs to another host, as Azure's do; else they give them themselves. */
  readonly blobsElsewhere?: boolean;
}

export interface AzureStandIn {
  /** `https://localhost:PORT` of the management plane. */
  readonly url: string;
  /** PEM file to trust. */
  readonly caFile: string;
  /** PEM file of the authority that signed the sample images: for `trusted` of a signature gate. */
  readonly signingCaFile: string;
  /** IDENTITY_HEADER of the managed identity. */
  readonly identityHeader: string;
  /** GET /msi/token: to be mounted on a plain http app of the sandbox. */
  readonly managedIdentity: Router;
  registries(): { id: string; name: string; loginServer: string }[];
  inspect(): InspectedRegistry[];
  /** Pushes a fresh small image; gives its digest. Throws where there is no such registry, or the tag is locked. */
  pushSample(registry: string, repository: string, tag: string): string;
  /** Requests by operation, imports started and ended by registry, and what Resource Graph counted. */
  counters(): Record<string, number>;
  setFaults(faults: readonly Fault[]): void;
  setLatency(milliseconds: number): void;
  /** Gets ready what the first question would wait for. */
  warm(): void;
  close(): Promise<void>;
}

export async function startAzure(options: AzureOptions): Promise<AzureStandIn> {
  const certificate = ensureCertificate(options.dataDir);
  const store = openStore(options.dataDir);
  const ports = await openPorts(certificate, options.port, {
    names: registryNames(options.estate),
    mustHaveOwn: (name) => options.estate.images[name] !== undefined,
  });
  const world = worldOf(options, store, ports);
  const gate = createGate(world.faults, options.latencyMs ?? 0);
  const imports = createImports(world, {
    conflict: options.importConflict ?? { status: 409, code: 'TagAlreadyExists' },
    duration: () => (options.importMs ?? defaultImportMs) + 2 * gate.latency(),
  });
  const { route, graph } = graphRoute(world, options.quota);
  const routes = [
    route,
    ...registryRoutes(world),
    ...monitorRoutes(world),
    ...networkRoutes(world),
    ...imports.routes,
  ];
  ports.arm.serve(createArmApp({ world, tokens: options.tokens, gate, routes }));
  serveRegistries(options, world, gate, ports);
  imports.resume();
  const header = identityHeader(store);
  const { identities } = options.estate;
  return {
    url: world.url,
    caFile: certificate.caFile,
    signingCaFile: authorityFile(authorityDir(options)),
    identityHeader: header,
    managedIdentity: managedIdentityRouter({ identities, tokens: options.tokens, header }),
    registries: () => world.registries.map(({ id, name, loginServer }) => ({ id, name, loginServer })),
    inspect: () => inspectRegistries(store, world.registries),
    pushSample: (registry, repository, tag) => {
      const { name } = knownRegistry(world, registry);
      const digest = pushSampleImage(store, name, repository, tag, new Date());
      world.webhooks.pushed(name, repository, digest, tag);
      return digest;
    },
    counters: () => ({ ...world.counters.all(), ...prefixed('resourceGraph.', graph.counters()) }),
    setFaults: (faults) => world.faults.set(faults),
    setLatency: (milliseconds) => gate.setLatency(milliseconds),
    warm: () => graph.warm(),
    close: async () => {
      imports.close();
      world.webhooks.close();
      await closePorts(ports);
      store.close();
    },
  };
}

/** Seeds the store where it never was, and puts together what all routes work on. */
function worldOf(options: AzureOptions, store: Store, ports: Ports): ArmWorld {
  const { estate } = options;
  const blanks = seed(store, estate, {
    now: Date.now(),
    loginServerOf: (registry) => {
      const listener = ports.registries.get(registry);
      return listener === undefined ? undefined : `localhost:${listener.port}`;
    },
    signer: () => createSigner(ensureAuthority(authorityDir(options), new Date()), new Date()),
  });
  const tables = filledTables(estate, blanks);
  const registries = registryEntries(tables, blanks);
  const ids = (tables.get('resources') ?? []).map((row) => String(row['id']));
  const groupsOf = (objectId: string): readonly string[] =>
    estate.identities.find((one) => one.objectId === objectId)?.groups ?? [];
  return {
    identities: estate.identities,
    facts: filledFacts(estate, blanks),
    tables,
    registries,
    registryById: new Map(registries.map((entry) => [entry.id.toLowerCase(), entry])),
    resourceIds: new Map(ids.map((id) => [id.toLowerCase(), id])),
    rights: createRights(tables, groupsOf),
    webhooks: createWebhooks(options.webhook, registries, store),
    store,
    faults: createFaults(options.faults),
    counters: createCounters(),
    url: `https://localhost:${ports.arm.port}`,
  };
}

const authorityDir = (options: AzureOptions): string => options.authorityDir ?? options.dataDir;

function serveRegistries(options: AzureOptions, world: ArmWorld, gate: Gate, ports: Ports): void {
  const { store, rights, faults, counters, webhooks } = world;
  for (const entry of world.registries) {
    const app = createRegistryApp({
      registry: entry,
      tokens: options.tokens,
      rights,
      isKnown: (objectId) => options.estate.identities.some((one) => one.objectId === objectId),
      grantFirstScopeOnly: options.grantFirstScopeOnly ?? false,
      blobsElsewhere: options.blobsElsewhere ?? false,
      store,
      faults,
      gate,
      counters,
      webhooks,
    });
    ports.registries.get(entry.name.toLowerCase())?.serve(app);
  }
}

function knownRegistry(world: ArmWorld, name: string): RegistryEntry {
  const known = world.registries.find((entry) => entry.name.toLowerCase() === name.toLowerCase());
  if (known !== undefined) return known;
  const names = world.registries.map((entry) => entry.name).join(', ');
  throw new Error(`Invalid registry '${name}'. Must be one of: ${names}.`);
}

/** Kept with the data, so that a bot started before a restart of the stand-in still gets tokens after it. */
function identityHeader(store: Store): string {
  const kept = store.seeded.get('', '', 'identity-header')?.value;
  const value = kept ?? randomUUID();
  if (kept === undefined) store.seeded.put('', '', 'identity-header', { value });
  return value;
}

function prefixed(prefix: string, counts: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).map(([name, count]) => [prefix + name, count]));
}
