import { describe, expect, it } from 'vitest';
import { matchesGlob } from '../../src/policy/glob.ts';
import { withStage } from '../../src/posture/stage.ts';
import { prod } from './sample-estate.ts';

const stageOf = (tags: Readonly<Record<string, string>>, id = 'elsewhere'): string | undefined => {
  const { stage: _, ...facts } = prod;
  return withStage(
    { ...facts, tags },
    {
      stages: ['dev', 'prod'],
      registries: { listed: { id, stage: 'dev' } },
      patterns: { prod: 'contoso*' },
      matches: matchesGlob,
    },
  ).stage;
};

describe('the stage of a registry', () => {
  it('is what the policy lists, whatever its tags say', () => {
    expect(stageOf({ stage: 'prod' }, prod.id.toUpperCase())).toBe('dev');
  });

  it('is what the tag stage says before the tag environment, in whatever order they come', () => {
    expect(stageOf({ ENVIRONMENT: 'prod', Stage: 'Dev' })).toBe('dev');
    expect(stageOf({ stage: 'dev', environment: 'prod' })).toBe('dev');
  });

  it('is what the tag environment says where the tag stage names no stage of the policy', () => {
    expect(stageOf({ stage: 'blue', environment: 'dev' })).toBe('dev');
  });

  it('is what its name says where no tag does', () => {
    expect(stageOf({ stage: 'blue' })).toBe('prod');
  });
});
