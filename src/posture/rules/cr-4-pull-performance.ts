// CR-4: what nodes wait for when they start a pod. Judged on the largest platform of every tag in use; no query of
// Resource Graph knows it. Many layers cost a request each; fewer than five is only less parallel.
import { tagRule } from '../content.ts';
import type { RegistryFacts, TagContent } from '../facts.ts';
import type { JudgeContext } from '../rule.ts';
import { all } from '../truth.ts';

const mostLayers = 10;
const mebibyte = 2 ** 20;

const sizeLimit = ({ expected }: JudgeContext): number => expected?.maxImageSize ?? 2 ** 30;

const at = (number: number | undefined, most: number) => (number === undefined ? undefined : number <= most);

export const pullPerformance = tagRule({
  id: 'CR-4',
  title: 'Pull performance: image size and layers',
  impact: 'High',
  source: 'APRL',
  references: ['APRL CR-4 (dropped upstream in March 2024)'],
  guidance: `Tags in use have at most ${mostLayers} layers and stay under posture.maxImageSize; fewer, larger layers pull faster.`,
  inUse: true,
  good: (tag: TagContent, _repository: string, _facts: RegistryFacts, context: JudgeContext) =>
    all(at(tag.size, sizeLimit(context)), at(tag.layers, mostLayers)),
  value: (tag) =>
    `${tag.size === undefined ? '?' : Math.round(tag.size / mebibyte)} MiB, ${tag.layers ?? '?'} layers`,
  bad: 'in use too large or with too many layers',
  fine: 'Every tag in use is small enough.',
  remedy: (facts) =>
    `az acr manifest list-metadata --registry ${facts.name} --name REPOSITORY --orderby time_desc`,
});
