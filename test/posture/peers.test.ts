import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { rules } from '../../src/posture/catalogue.ts';
import { peerChecks } from './peer-checks.ts';
import { isSame, peersFile, peersPage, rulesFor } from './peers.ts';

describe('the checks of eight scanners', () => {
  it('are 40, each met by a rule of ours', () => {
    expect(peerChecks.map((check) => check.number)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
    expect(peerChecks.filter((check) => rulesFor(check).length === 0)).toEqual([]);
  });

  it('are met under every id they have: none of the ids is unknown to the catalogue', () => {
    const references = rules.flatMap((rule) => rule.references);
    const lost = peerChecks
      .flatMap((check) => check.ids)
      .filter((id) => !references.some((reference) => isSame(reference, id)));

    expect(lost).toEqual([]);
  });

  it('are not met by an id that merely begins alike', () => {
    expect(isSame('CKV_AZURE_164', 'CKV_AZURE_16')).toBe(false);
    expect(isSame('PSRule Azure.ACR.Name', 'PSRule Azure.ACR.Name')).toBe(true);
  });

  it('stand in docs/peers.md as the catalogue has them now (else run test/posture/peers.ts)', () => {
    expect(readFileSync(peersFile, 'utf8')).toBe(peersPage());
  });
});
