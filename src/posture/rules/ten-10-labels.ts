// TEN-10: from a running image back to its source and its build.
import { tagRule } from '../content.ts';
import type { TagContent } from '../facts.ts';
import type { JudgeContext } from '../rule.ts';

const always = ['revision', 'source', 'created'].map((name) => `org.opencontainers.image.${name}`);

const required = ({ expected }: JudgeContext): readonly string[] => expected?.requiredLabels ?? [];

const has = (tag: TagContent, label: string): boolean => (tag.labels?.[label] ?? '') !== '';

function isLabelled(tag: TagContent, context: JudgeContext): boolean | undefined {
  if (tag.labels === undefined) return undefined;
  for (const label of always) if (!has(tag, label)) return false;
  for (const label of required(context)) if (!has(tag, label)) return false;
  return true;
}

export const labels = tagRule({
  id: 'TEN-10',
  title: 'Images carry their labels',
  impact: 'Low',
  source: 'TEN',
  references: ['tenancy seed TEN-10; no scanner checks it'],
  guidance:
    'Every tag in use carries org.opencontainers.image.revision, source and created, and the labels of posture.requiredLabels.',
  inUse: true,
  good: (tag, _repository, _facts, context) => isLabelled(tag, context),
  value: (tag, _repository, _facts, context) =>
    `missing ${[...new Set([...always, ...required(context)])].filter((label) => !has(tag, label)).join(', ')}`,
  bad: 'in use without all labels',
  fine: 'Every tag in use carries its labels.',
  remedy: () =>
    'az acr build --image REPOSITORY:TAG --registry REGISTRY . # with LABEL lines in the Dockerfile',
});
