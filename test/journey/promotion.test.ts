import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '../../src/ports.ts';
import { identityOf, registryId } from '../../src/sandbox/estate/contoso/places.ts';
import { contosoEstate } from '../../src/sandbox/estate/contoso/estate.ts';
import { roleDefinitionId } from '../../src/sandbox/estate/contoso/roles.ts';
import { ask, registryToken } from '../sandbox/azure/stand-in.ts';
import { dialects } from '../store/databases.ts';
import { createWorld, inspect, type World } from '../world.ts';

/** The bundled estate, in which the identity of the CI may push to and delete from production: only a lock stops it. */
function withDeleter(): ReturnType<typeof contosoEstate> {
  const estate = contosoEstate();
  const rows = estate.tables['authorizationresources'] ?? [];
  const like = rows.find(
    (row) => (row['properties'] as { principalId?: string }).principalId === identityOf('ci-base').objectId,
  );
  const properties = {
    ...(like?.['properties'] as object),
    roleDefinitionId: roleDefinitionId('Container Registry Repository Contributor'),
    scope: registryId('contosoprod'),
    condition: null,
    conditionVersion: null,
  };
  return {
    ...estate,
    tables: {
      ...estate.tables,
      authorizationresources: [
        ...rows,
        {
          ...like,
          id: `${registryId('contosoprod')}/providers/Microsoft.Authorization/RoleAssignments/deleter`,
          name: 'deleter',
          properties,
        },
      ],
    },
  };
}

const byName = (a: string, b: string): number => a.localeCompare(b);
const codeOf = (answer: Answer) => (answer.kind === 'refusal' ? answer.code : answer.kind);

const onBoth = await dialects('test/journey/promotion.test.ts');

describe.each(onBoth)('a promotion, from asking to locked, on %s', (dialect) => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld({ azure: { estate: withDeleter() }, dialect });
  });
  afterAll(() => world.close());

  it('is refused to the requester in both chats and to outsiders, and imported, verified and locked after the approval', async () => {
    const request = await world.ask();
    const digest = request.evidence!.digest;

    expect(codeOf(await world.click(world.as('developer', 'slack'), 'approve', request))).toBe(
      'self-approval',
    );
    expect(codeOf(await world.click(world.as('developer', 'teams'), 'approve', request))).toBe(
      'self-approval',
    );
    expect(codeOf(await world.click(world.as('outsider', 'slack'), 'approve', request))).toBe('unmapped');
    expect(codeOf(await world.click(world.as('security-approver', 'slack'), 'approve', request))).toBe(
      'not-eligible',
    );
    expect((await world.product.doors.ledger.request(request.id))?.state).toBe('pending');
    expect(codeOf(await world.click(world.as('release-approver', 'teams'), 'approve', request))).toBe(
      'updated',
    );

    const done = await world.until(request.id, 'promoted', 'failed', 'quarantined');
    expect(done.state).toBe('promoted');
    const held = inspect(world.azure, 'contosoprod', 'shop/web');
    const tag = held.tags.find((each) => each.name === 'v1.4.2');
    expect(tag).toMatchObject({ digest, attributes: { deleteEnabled: false, writeEnabled: false } });
    const locked = [
      digest,
      ...done.evidence!.children,
      ...done.evidence!.referrers.map((referrer) => referrer.digest),
    ];
    expect(locked.length).toBeGreaterThan(3);
    for (const each of locked) {
      expect(held.manifests.find((manifest) => manifest.digest === each)).toMatchObject({
        attributes: { deleteEnabled: false, writeEnabled: false },
      });
    }
    expect(await world.product.doors.ledger.verifyAudit()).toMatchObject({ ok: true });
  });

  it('shows the end on every copy of its card, without buttons', async () => {
    const [request] = await world.product.doors.ledger.requests({ states: ['promoted'] });
    await new Promise((resolve) => setTimeout(resolve, 300));

    const copies = [...world.posted].filter(
      ([place, card]) => card.name === 'request' && !place.startsWith('direct:'),
    );
    expect(copies.map(([place]) => place.split(' ')[0] ?? '').sort(byName)).toEqual([
      'slack:T01CONTOSO/C01RELEASES',
      'slack:test',
      'teams:19:releases@thread.tacv2',
    ]);
    for (const [, card] of copies) {
      expect(card.summary).toContain('Promoted');
      expect(card.title).toContain(request!.id);
      expect(card.blocks.some((block) => block.kind === 'actions')).toBe(false);
    }
    expect([...world.posted.keys()].filter((key) => key.startsWith('direct:'))).toHaveLength(2);
  });

  it('cannot be undone by the registry’s own API, not even by somebody who may push and delete there', async () => {
    const running = { azure: world.azure, tokens: world.tokens } as Parameters<typeof registryToken>[0];
    const scope = 'repository:shop/web:pull,push,delete,metadata_read';
    const headers = {
      authorization: `Bearer ${await registryToken(running, 'contosoprod', 'ci-base', [scope])}`,
    };
    const host = world.azure.registries().find((each) => each.name === 'contosoprod')!.loginServer;
    const held = () =>
      inspect(world.azure, 'contosoprod', 'shop/web').tags.find((each) => each.name === 'v1.4.2')!;
    const { digest } = held();
    const accept = 'application/vnd.oci.image.index.v1+json';
    const manifest = await ask(`https://${host}/v2/shop/web/manifests/v1.4.0`, {
      headers: { ...headers, accept },
    });

    const overwritten = await ask(`https://${host}/v2/shop/web/manifests/v1.4.2`, {
      method: 'PUT',
      headers: { ...headers, 'content-type': accept },
      body: manifest.text,
    });
    const tagDeleted = await ask(`https://${host}/acr/v1/shop%2Fweb/_tags/v1.4.2?api-version=2021-07-01`, {
      method: 'DELETE',
      headers,
    });
    const manifestDeleted = await ask(`https://${host}/v2/shop/web/manifests/${digest}`, {
      method: 'DELETE',
      headers,
    });

    expect(manifest.status).toBe(200);
    expect([overwritten.status, tagDeleted.status, manifestDeleted.status]).toEqual([405, 405, 405]);
    expect(held().digest).toBe(digest);
  });

  it('is blocked when an enforced gate fails, says which, and lets nobody vote', async () => {
    const blocked = await world.ask('promote pay/api:v2.1.0 from uat to prod because release --target prod');
    const vote = await world.click(world.as('release-approver', 'slack'), 'approve', blocked);

    expect(blocked.state).toBe('blocked');
    expect(blocked.evidence?.gates.find((gate) => gate.gate === 'scan')).toMatchObject({
      outcome: 'fail',
      detail: expect.stringContaining('2 critical'),
    });
    expect(vote).toMatchObject({ kind: 'updated', note: expect.stringContaining('nothing to vote on') });
  });

  it('is refused with a cure when image, tag, stage or way do not exist', async () => {
    const dana = world.as('developer', 'slack');
    const answers = await Promise.all(
      [
        'promote shop/web:v9.9.9 from uat to prod because x',
        'promote shop/web from uat to prod because x',
        'promote Shop:Web:1 to prod because x',
        'promote shop/web:v1.4.2 from dev to prod because x',
        'promote shop/web:v1.4.2 from uat to moon because x',
        'promote shop/web:latest from uat to prod because x',
        'promote core/gateway:v1.0.0 from uat to prod because x',
        'promote evil.example.com/shop/web:v1.4.2 from uat to prod because x',
        'promote shop/web:v1.4.2 from uat to prod',
      ].map((text) => world.say(dana, text)),
    );

    // A tag that is not there is found out when the evidence is collected.
    expect(answers.slice(1).map(codeOf)).toEqual([
      'missing-argument',
      'malformed-image',
      'unknown-way',
      'unknown-way',
      'tag-not-allowed',
      'not-eligible',
      'malformed-image',
      'missing-argument',
    ]);
    for (const answer of answers.slice(1))
      expect(answer.kind === 'refusal' && answer.card.summary).toMatch(/[.:]|\/acr/);
  });
});

describe.each(onBoth)('two people at the same moment, on %s', (dialect) => {
  const count = dialect === 'SQLite' ? 200 : 20;

  it(`${count} times: one approval each, one import each`, { timeout: 300_000 }, async () => {
    const world = await createWorld({
      dialect,
      policy: (text) =>
        text
          .replace(
            /limits: .*/,
            'limits: { openPerPerson: 1000, openPerRepository: 1000, commandsPerMinute: 100000 }',
          )
          .replace(/ {4}gates:\n(?: {6}.*\n)+/, ''),
    });
    const tags = Array.from({ length: count }, (_, i) => `v7.0.${i}`);
    for (const tag of tags) world.azure.pushSample('contosouat', 'shop/race', tag);

    const race = async (tag: string): Promise<void> => {
      const request = await world.ask(`promote shop/race:${tag} from uat to prod because race --target prod`);
      const answers = await Promise.all([
        world.click(world.as('release-approver', 'slack'), 'approve', request),
        world.click(world.as('platform-admin', 'teams'), 'approve', request),
      ]);
      expect(answers.map((answer) => answer.kind)).toContain('updated');
    };
    for (let i = 0; i < tags.length; i += 20) await Promise.all(tags.slice(i, i + 20).map(race));
    const requests = (await world.product.doors.ledger.requests({ limit: 1000 })).filter(
      (request) => request.subject.kind === 'promotion' && request.subject.repository === 'shop/race',
    );
    for (const request of requests)
      expect((await world.until(request.id, 'promoted', 'failed')).state).toBe('promoted');

    expect(requests).toHaveLength(count);
    expect(requests.every((request) => request.votes.length === 1)).toBe(true);
    expect(world.azure.counters()).toMatchObject({ 'import ended contosoprod': count });
    await world.close();
  });
});
