// What organisations write: policies, cases, rules of their own, estates; and images as people write them.
import { deepEqual } from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { kqlProblems } from '../../src/azure/kql-syntax.ts';
import { ConfigurationError } from '../../src/config/configuration-error.ts';
import { readPolicyCases } from '../../src/config/policy-cases.ts';
import { parsePolicy } from '../../src/config/policy-file.ts';
import { runCase } from '../../src/policy/cases.ts';
import type { Policy } from '../../src/policy/policy.ts';
import { ownRule, parseFront } from '../../src/posture/own-rule.ts';
import { parseImageReference } from '../../src/promotion/image-reference.ts';
import { EstateError, parseEstate } from '../../src/sandbox/estate/load.ts';
import type { Target } from './harness.ts';
import { changeTree, mutateText, type Mutate } from './mutate.ts';

const fixture = (name: string): string =>
  readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8');
const policyText = fixture('policy.yaml');
const caseText = fixture('cases.yaml');

/** Half as text, half as the tree that it is, in JSON, which is YAML too. */
const mutateYaml = (words: readonly string[]): Mutate => {
  const asText = mutateText(words);
  const asTree = (text: string): string => JSON.stringify(parse(text));
  return (dice, seed, others) =>
    dice.chance(50) ? asText(dice, seed, others) : changeTree(dice, asTree(seed), others.map(asTree), words);
};

/** Lines of an error have a place and words. */
function checkLines(lines: readonly string[], file: string): void {
  if (lines.length === 0) throw new Error('refused without a word');
  const bad = lines.find((line) => !new RegExp(`^${file}:\\d+:\\d+ .*\\S`).test(line));
  if (bad !== undefined) throw new Error(`an error without a place or words: ${bad.slice(0, 200)}`);
}

const policyWords = [
  '24h',
  '1GiB',
  'enforce',
  'warn',
  'shop/**',
  'owners',
  'requester',
  'Europe/Berlin',
  'Nowhere/City',
  '0 9 * * MON',
  '* * * * * *',
  '99:99',
  '24:00',
  'prod',
  '(a+)+$',
  '[z-a]',
  'true',
  '~',
  '|',
  '>-',
  '? x',
  '<<: *a',
];

/** Reads, and what is read is read the same once it is written down anew. */
const policy: Target = {
  name: 'policy',
  open: () => ({
    seeds: [policyText],
    mutate: mutateYaml(policyWords),
    run: (input) => {
      const reading = parsePolicy(input);
      if (!reading.ok)
        return checkLines(
          reading.errors.map(({ text }) => text),
          'policy\\.yaml',
        );
      const again = parsePolicy(stringify(parse(input)));
      const bare = (read: Policy): object => ({ ...read, hash: '' });
      if (!again.ok) throw new Error(`read, and refused once it was written anew: ${again.errors[0]?.text}`);
      deepEqual(bare(again.policy), bare(reading.policy));
    },
  }),
};

const caseWords = [
  '1970-01-01',
  '275760-09-14',
  '0s',
  '-1d',
  'promoted',
  'shop/web@sha256:0',
  'dana',
  'prod',
];

const cases: Target = {
  name: 'cases',
  open: () => {
    const folder = mkdtempSync(join(tmpdir(), 'fuzz-cases-'));
    const file = join(folder, 'cases.yaml');
    const reading = parsePolicy(policyText);
    if (!reading.ok) throw new Error('the policy of the tests is broken');
    return {
      seeds: [caseText],
      mutate: mutateYaml(caseWords),
      run: (input) => {
        writeFileSync(file, input);
        try {
          for (const one of readPolicyCases(file)) runCase(reading.policy, one);
        } catch (error) {
          if (!(error instanceof ConfigurationError)) throw error;
          checkLines(error.message.split(/\n(?=\/)/), file);
        }
      },
      close: () => Promise.resolve(rmSync(folder, { recursive: true, force: true })),
    };
  },
};

const front = '// id: ORG-1\n// title: No registry in the east\n// impact: Low\n// stages: prod\n';
const queries = [
  "resources | where location == 'eastus' | project id",
  "resources | where type =~ 'microsoft.containerregistry/registries' | extend n = array_length(properties.x) | summarize c = count() by id",
  'resources | join kind=leftouter (resources | project id, a = tostring(tags.b)) on id | where isempty(a) or n in (1, 2)',
];
const kqlWords = [
  '| where ',
  '| extend ',
  'dynamic(',
  'let x = ',
  '// id: ',
  'join',
  ' and ',
  'strcat(',
  '@"',
  '"""',
];

const ownRules: Target = {
  name: 'own-rules',
  open: () => ({
    seeds: queries.map((query) => front + query),
    mutate: mutateText(kqlWords),
    run: (input) => {
      const read = parseFront(input, 'own/rule.kql', { stages: ['dev', 'prod'], owner: () => undefined });
      const problems = read.ok ? kqlProblems([ownRule(read.definition).definition]) : read.problems;
      if (!read.ok && problems.length === 0) throw new Error('refused without a word');
      for (const { line, column, message } of problems)
        if (line < 1 || column < 1 || message.trim() === '')
          throw new Error(`a problem without a place: ${line}`);
    },
  }),
};

const estateText = `identities:
  - { name: reader, clientId: 11111111-0000-4000-8000-000000000001, objectId: 11111111-0000-4000-8000-000000000002 }
tables:
  resources:
    - { id: /subscriptions/s/r/a, name: myregistry, type: microsoft.containerregistry/registries }
images:
  myregistry:
    app/web:
      v1: { layers: [{ content: hello }], labels: { a: b }, pushed: "\${ago:2d}", referrers: [{ artifactType: a/b, notation: true }] }
arm:
  /subscriptions/s/r/a: { usages: [{ name: Size, limit: 5, currentValue: 1, unit: Bytes }] }
`;

const estate: Target = {
  name: 'estate',
  open: () => ({
    seeds: [estateText],
    mutate: mutateYaml(['${ago:1d}', '${in:99999999d}', 'expired', '&a [*a]', 'copyOf']),
    run: (input) => {
      try {
        parseEstate(input, 'estate.yaml');
      } catch (error) {
        if (!(error instanceof EstateError)) throw error;
        checkLines(error.problems, 'estate\\.yaml');
      }
    },
  }),
};

const imageReference: Target = {
  name: 'image-reference',
  open: () => ({
    seeds: [
      'shop/web:v1.4.2',
      `shop/web@sha256:${'a'.repeat(64)}`,
      `a.b/c__d/e-f:x@sha256:${'0'.repeat(64)}`,
    ],
    mutate: mutateText(['sha256:', ':', '@', '/', '--', '__', 'localhost:5000/', '.']),
    run: (input) => {
      const read = parseImageReference(input);
      if ('problem' in read) {
        if (!read.problem.endsWith('.')) throw new Error('a problem that is no sentence');
        return;
      }
      const { repository, tag, digest } = read;
      const written =
        repository + (tag === undefined ? '' : `:${tag}`) + (digest === undefined ? '' : `@${digest}`);
      if (written !== input) throw new Error(`read as ${written}`);
      if (!/^[\w./:@-]+$/.test(written)) throw new Error('letters that no registry knows');
    },
  }),
};

/** Files of an organisation, and names of images. */
export const fileTargets: readonly Target[] = [policy, cases, ownRules, estate, imageReference];
