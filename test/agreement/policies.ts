// Policies that the queries are built from: each puts other values into them, some with all that could end a literal.
import { readFileSync } from 'node:fs';
import { parsePolicy } from '../../src/config/policy-file.ts';
import type { Policy } from '../../src/policy/policy.ts';
import { listedId } from './tables.ts';

function base(): Policy {
  const reading = parsePolicy(readFileSync(new URL('../fixtures/policy.yaml', import.meta.url), 'utf8'));
  if (!reading.ok) throw new Error(reading.errors.map(({ text }) => text).join('\n'));
  return reading.policy;
}

type Change = Pick<Policy, 'stages'> & {
  readonly posture: Partial<Policy['posture']>;
  /** The stage that the mirror reads. */
  readonly from?: string;
};

function changed({ stages, posture, from }: Change, listed: number): Policy {
  const policy = base();
  const { naming: _, ...rest } = policy.posture;
  return {
    ...policy,
    stages,
    edges: [],
    registries: Object.fromEntries(
      Array.from({ length: listed }, (_each, i) => [
        `listed${i}`,
        { id: listedId(i), stage: stages[i % stages.length] ?? '', writers: [], readers: [] },
      ]),
    ),
    mirrors: from === undefined ? [] : policy.mirrors.map((mirror) => ({ ...mirror, from })),
    posture: { ...rest, ...posture },
  };
}

/** `listed`: how many places the policy lists, their stages in turn. */
export const policiesOf = (listed: number): readonly [Policy, Policy, Policy] => [
  changed(
    {
      stages: ['dev', 'uat', 'prod'],
      posture: {
        naming: '^[a-z0-9]{5,50}$',
        requiredTags: ['Owner'],
        allowedRegions: ['West Europe', 'northeurope'],
        allowedSubscriptions: ['S2'],
        stagePatterns: { dev: 'dev*' },
      },
    },
    listed,
  ),
  changed(
    {
      stages: ['prod'],
      posture: { requiredTags: [], allowedRegions: [], allowedSubscriptions: [], stagePatterns: {} },
    },
    listed,
  ),
  changed(
    {
      stages: ['dev', 'prod'],
      posture: {
        naming: "^(?:reg|lis)[\\w'\\\\]+\\d$",
        requiredTags: ["It's \\ cost", 'owner'],
        allowedRegions: ['westus', "x') or true //"],
        allowedSubscriptions: ["'"],
        stagePatterns: { prod: '*Prod*' },
      },
      from: 'prod',
    },
    listed,
  ),
];
