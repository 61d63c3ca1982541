// Bugs that scanners of container registries have, which must stay impossible here.
import { describe, expect, it } from 'vitest';
import { findRule } from '../../src/posture/catalogue.ts';
import type { RegistryFacts } from '../../src/posture/facts.ts';
import { content, finding, outcomeOf, prod, read, sample, unread } from './sample-estate.ts';

const explained = (rule: string, facts: Partial<RegistryFacts>) => {
  const [changed, context] = sample(prod, { facts });
  const found = findRule(rule)!;
  return found.explain(changed, context, found.judge(changed, context));
};

describe('peers’ bugs', () => {
  it('a private endpoint that is Pending is no private link (azqr, prowler)', () => {
    const privateEndpoints = ['Pending', 'Rejected', 'Disconnected'].map((status, i) => ({
      id: `${i}`,
      status,
    }));

    expect(outcomeOf('ACR-10', prod, { facts: { privateEndpoints } })).toBe('fail');
    expect(explained('ACR-10', { privateEndpoints }).reason).toContain('Pending');
  });

  it('a 403 on diagnostics is unknown, not "none" (azqr)', () => {
    const diagnostics = { read: false, reason: '403 AuthorizationFailed' } as const;

    expect(outcomeOf('CR-10', prod, { facts: { diagnostics } })).toBe('unknown');
    expect(explained('CR-10', { diagnostics }).reason).toContain('403');
    expect(outcomeOf('CR-10', prod, { facts: { diagnostics: read([]) } })).toBe('fail');
  });

  it('a private registry is not reported public (prowler reads a wrong property name)', () => {
    expect(outcomeOf('ACR-08', prod)).toBe('pass');
    expect(outcomeOf('ACR-08', prod, { facts: { publicNetworkAccess: 'disabled' } })).toBe('pass');
    expect(outcomeOf('ACR-08', prod, { without: ['publicNetworkAccess'] })).toBe('unknown');
  });

  it('its own replications, webhooks and endpoints do not make a group shared (APRL CR-6)', () => {
    const types = ['registries/replications', 'registries/webhooks'].map((type) => ({
      id: `${prod.id}/${type}/x`,
      name: 'x',
      type: `microsoft.containerregistry/${type}`,
    }));
    const group = read([
      ...types,
      { id: '/pe', name: 'pe', type: 'microsoft.network/privateendpoints' },
      { id: '/nic', name: 'nic', type: 'microsoft.network/networkinterfaces' },
      { id: '/kv', name: 'kv', type: 'microsoft.keyvault/vaults' },
    ]);

    expect(outcomeOf('CR-6', prod, { facts: { group } })).toBe('pass');
  });

  it('a missing policy object never passes (APRL CR-7, CR-12)', () => {
    expect(outcomeOf('CR-7', prod, { without: ['retention'] })).toBe('unknown');
    expect(outcomeOf('CR-12', prod, { without: ['softDelete'] })).toBe('unknown');
    expect(outcomeOf('ACR-18', prod, { without: ['exportPolicy'] })).toBe('unknown');
  });

  it('a tier above Basic is not "scanned" (checkov)', () => {
    const defender = read({ tier: 'Free', registryScanning: false });

    expect(outcomeOf('ACR-21', prod, { facts: { sku: 'Premium', defender } })).toBe('fail');
    expect(outcomeOf('ACR-22', prod, { facts: { defender, registryFindings: read([]) } })).toBe('unknown');
    expect(outcomeOf('TEN-09', prod, { facts: { registryFindings: read([]) } })).toBe('fail');
  });

  it('the home region is not a geo-replica (APRL CR-3)', () => {
    const home = { name: 'westeurope', location: 'westeurope', provisioningState: 'Succeeded' };

    expect(outcomeOf('CR-3', prod, { facts: { replications: read([home]) } })).toBe('fail');
  });

  it('zoneRedundancy Disabled in a region with zones is no failure (all of them)', () => {
    const { reason, evidence } = explained('CR-2', { zoneRedundancy: 'Disabled' });

    expect(outcomeOf('CR-2', prod, { facts: { zoneRedundancy: 'Disabled' } })).toBe('pass');
    expect(reason).toContain('have zones');
    expect(evidence.map(({ source }) => source)).toContain('legacy field, information only');
  });

  it('ids and words are compared without case (APRL)', () => {
    const upper = prod.id.toUpperCase();
    const scope = `${upper.split('/PROVIDERS/')[0]}`;
    const grants = read([
      {
        ...(prod.grants?.read ? prod.grants.value[0]! : ({} as never)),
        principal: 'STRANGER',
        principalType: 'USER',
        scope,
      },
    ]);

    expect(outcomeOf('TEN-01', prod, { facts: { grants } })).toBe('fail');
    expect(outcomeOf('CR-12', prod, { facts: { softDelete: { status: 'ENABLED', days: 7 } } })).toBe('pass');
    expect(
      outcomeOf('ACR-10', prod, { facts: { privateEndpoints: [{ id: 'e', status: 'APPROVED' }] } }),
    ).toBe('pass');
    expect(outcomeOf('CR-1', prod, { facts: { sku: 'PREMIUM' } })).toBe('pass');
  });
});

describe('what a part that could not be read does', () => {
  const parts = Object.entries(prod).filter(
    ([, value]) => typeof value === 'object' && value !== null && 'read' in value,
  );

  it.each(parts.map(([name]) => name))('%s unread makes no rule pass that did not pass before', (name) => {
    const [before, context] = sample(prod);
    const [after] = sample(prod, { facts: { [name]: unread } });
    for (const id of ['CR', 'ACR', 'TEN'].flatMap((prefix) => allIds(prefix))) {
      const rule = findRule(id)!;
      if (rule.judge(after, context) === 'pass') expect(rule.judge(before, context), id).toBe('pass');
    }
  });

  it('an unfinished walk passes no rule over tags', () => {
    const facts = { content: content([], { total: 3, walked: 1 }), registryFindings: read([finding('web')]) };

    for (const id of ['CR-4', 'CR-5', 'TEN-03', 'TEN-04', 'TEN-07', 'TEN-09', 'TEN-10'])
      expect(outcomeOf(id, prod, { facts }), id).toBe('unknown');
  });
});

function allIds(prefix: string): readonly string[] {
  const width = prefix === 'CR' ? 1 : 2;
  return Array.from(
    { length: prefix === 'ACR' ? 30 : 12 },
    (_, i) => `${prefix}-${String(i + 1).padStart(width, '0')}`,
  );
}
