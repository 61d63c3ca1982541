import { expect, it } from 'vitest';
import { parsePolicy } from '../../../src/config/policy-file.ts';
import { policyFor } from '../../../src/sandbox/estate/contoso/policy.ts';
import { contosoEstate } from '../../../src/sandbox/estate/contoso/estate.ts';

it('an estate without registries has a policy that is read, with no registries in it', () => {
  const reading = parsePolicy(policyFor({ ...contosoEstate(), tables: {}, images: {}, arm: {} }));

  expect(reading).toMatchObject({ ok: true, policy: { registries: {}, clusters: {} } });
});
