// The stand-in Azure in a process of its own, so that it does not share the event loop with what is measured. Its estate
// holds one image for each round: the sample promotion under other tags. Arguments: data folder, latency, rounds.
import { writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import express from 'express';
import { parse, stringify } from 'yaml';
import { startAzure } from '../../src/sandbox/azure/server.ts';
import { contosoEstate } from '../../src/sandbox/estate/contoso/estate.ts';
import { policyFor } from '../../src/sandbox/estate/contoso/policy.ts';
import type { Estate } from '../../src/sandbox/estate/schema.ts';
import { createTokens } from '../../src/sandbox/tokens.ts';
import { roundImage } from './round-image.ts';

const [folder = '', latency = '0', rounds = '1'] = process.argv.slice(2);

await main();

async function main(): Promise<void> {
  const estate = withRounds(contosoEstate(), Number(rounds));
  const azure = await startAzure({
    dataDir: join(folder, 'azure'),
    port: 0,
    estate,
    tokens: await createTokens(folder),
    latencyMs: Number(latency),
    // An import then takes twice the latency, and nothing else: two round trips.
    importMs: 0,
  });
  const app = express();
  app.use(azure.managedIdentity);
  const identity = app.listen(0, '127.0.0.1', () => {
    const policy = join(folder, 'policy.yaml');
    writeFileSync(policy, openGates(policyFor(estate)));
    process.send?.({
      AZURE_CLOUD: 'public',
      AZURE_RESOURCE_MANAGER_URL: azure.url,
      IDENTITY_ENDPOINT: `http://127.0.0.1:${(identity.address() as AddressInfo).port}/msi/token`,
      IDENTITY_HEADER: azure.identityHeader,
      NODE_EXTRA_CA_CERTS: azure.caFile,
      ACR_WARDEN_POLICY: policy,
    });
  });
  process.on('message', () => process.send?.(azure.counters()));
  process.on('SIGTERM', () => {
    identity.close();
    void azure.close().finally(() => process.exit(0));
  });
  process.on('disconnect', () => process.exit(0));
}

/** The same image, platforms and referrers as the sample promotion; a label makes each digest another one. */
function withRounds(estate: Estate, count: number): Estate {
  const source = estate.images['devshop']?.['shop/web']?.['v1.4.2'];
  if (!source) throw new Error('the estate has no sample promotion');
  const tags = Object.fromEntries(
    Array.from({ length: count }, (_, round) => [
      roundImage(round).split(':')[1],
      { ...source, pushed: '${ago:3d}', labels: { ...source.labels, round: String(round) } },
    ]),
  );
  const uat = estate.images['contosouat'] ?? {};
  return {
    ...estate,
    images: {
      ...estate.images,
      contosouat: { ...uat, 'shop/web': { ...uat['shop/web'], ...tags } },
    },
  };
}

/** Nobody scanned the images of the rounds, so no gate is enforced; approvals and locks stay. */
function openGates(text: string): string {
  const policy = parse(text) as { edges: { gates?: object }[] };
  return stringify({ ...policy, edges: policy.edges.map((edge) => ({ ...edge, gates: {} })) });
}
