// All cases of all rules in one list.
import { acrCases } from './acr-cases.ts';
import { acrMoreCases } from './acr-more-cases.ts';
import type { Case } from './case-parts.ts';
import { crCases } from './cr-cases.ts';
import { tenCases } from './ten-cases.ts';

export const cases: readonly Case[] = Object.entries({
  ...crCases,
  ...acrCases,
  ...acrMoreCases,
  ...tenCases,
}).flatMap(([rule, rows]) =>
  rows.map(([outcome, when, change = {}]) => ({ rule, outcome, when, ...change })),
);
