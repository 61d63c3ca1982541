// The bundled estate: the sample organisation as a whole. Plain data with blanks for times and digests, so that it is
// the same in every build and still fresh in every sandbox.
import type { Row } from '../../azure/tables.ts';
import type { Estate } from '../schema.ts';
import { assignmentRows } from './assignments.ts';
import { contosoImages } from './images.ts';
import { alertRows, armFacts } from './monitoring.ts';
import { identities } from './places.ts';
import { registryRows, replicationRows } from './registries.ts';
import { roleRows } from './roles.ts';
import { changeRows, securityRows } from './security.ts';
import { containerRows, surroundingRows } from './surroundings.ts';

export function contosoEstate(): Estate {
  return {
    identities: [...identities],
    tables: {
      resources: rows([...registryRows(), ...replicationRows(), ...surroundingRows(), ...alertRows()]),
      resourcecontainers: rows(containerRows()),
      authorizationresources: rows([...roleRows(), ...assignmentRows()]),
      securityresources: rows(securityRows()),
      resourcechanges: rows(changeRows()),
      alertsmanagementresources: [],
      advisorresources: [],
      insightsresources: [],
      healthresources: [],
      policyresources: [],
    },
    images: contosoImages(),
    arm: { ...armFacts() },
  };
}

const rows = (given: readonly Row[]): Record<string, unknown>[] => given.map((row) => ({ ...row }));
