// Ten thousand bodies, half of them broken, doubled, or from somebody who does not know the secret: each gets the right
// status, each event its one alarm, and the product stands.
import { describe, expect, it } from 'vitest';
import { doWork } from '../../src/commands/work.ts';
import { acrBody, createEventsWorld, secret } from './events-world.ts';

const total = 10_000;

/** Deletes in production, which nothing explains; a few of them, each told many times and in many forms. */
function bodyOf(i: number, host: string): { body: string; secret: string | undefined; status: number } {
  const event = acrBody(
    { id: `event-${(i >> 1) % 50}`, action: 'delete', request: { host } },
    { digest: `sha256:${String((i >> 1) % 50).padStart(64, '0')}`, tag: undefined },
  );
  const text = JSON.stringify(event);
  const grid = {
    id: `grid-${i}`,
    eventType: 'Microsoft.ContainerRegistry.ImageDeleted',
    topic: registryTopic,
    data: event,
  };
  const good = { body: i % 3 === 0 ? JSON.stringify([grid, grid]) : text, secret, status: 200 };
  const bad = [
    { ...good, secret: undefined, status: 401 },
    { ...good, secret: 'not-the-secret', status: 401 },
    {
      ...good,
      body: text.slice(0, (i % text.length) + 1 === text.length ? 5 : (i % text.length) + 1),
      status: 400,
    },
    { ...good, body: text.replace('shop/web', '../<!here>'), status: 400 },
    { ...good, body: `${'{"a":'.repeat(200)}1${'}'.repeat(200)}`, status: 400 },
  ];
  return i % 2 === 0 ? good : (bad[Math.floor(i / 2) % bad.length] ?? good);
}
const registryTopic =
  '/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/rg-prod/providers/Microsoft.ContainerRegistry/registries/contosoprod';

describe('ten thousand bodies', { timeout: 120_000 }, () => {
  it('get the right status each, and one alarm an event', async () => {
    const world = await createEventsWorld({ work: false });
    const host = world.azure.registries().find((each) => each.name === 'contosoprod')?.loginServer ?? '';
    const id = world.product.doors.policy().registries['prod']?.id ?? '';
    const wrong: string[] = [];
    const counts = new Map<number, number>();
    const send = async (i: number) => {
      const { body, secret: given, status } = bodyOf(i, host);
      const answer = await fetch(world.address, {
        method: 'POST',
        headers: { ...(given !== undefined && { 'x-acr-warden-secret': given }) },
        body: body.replaceAll(registryTopic, id),
      });
      await answer.arrayBuffer();
      counts.set(answer.status, (counts.get(answer.status) ?? 0) + 1);
      if (answer.status !== status) wrong.push(`${i}: ${answer.status} instead of ${status}`);
    };
    for (let i = 0; i < total; i += 100)
      await Promise.all(Array.from({ length: 100 }, (_, j) => send(i + j)));

    const { doors } = world.product;
    for (let job = await doors.ledger.claim('t', 60_000); job; job = await doors.ledger.claim('t', 60_000)) {
      await doWork(job, doors);
      // As if killed before it was noted as done: it is done once more.
      await doWork(job, doors);
      await doors.ledger.finish(job);
    }
    console.log(
      `${total} bodies: ${JSON.stringify(Object.fromEntries(counts))}, ${world.alarms().length} alarms`,
    );
    expect(wrong).toEqual([]);
    expect(world.alarms()).toHaveLength(50);
    expect(world.alarms('teams')).toHaveLength(50);
    const audited = await doors.ledger.auditRows({ subject: 'prod/shop/web', limit: 1000 });
    expect(audited.filter((row) => row.action === 'deleted-past-us')).toHaveLength(50);
    expect(world.logged()).not.toContain(secret);
    await world.close();
  });
});
