import { describe, expect, it } from 'vitest';
import { checkArchitecture } from './architecture.ts';

describe('the architecture', () => {
  it('is kept by every file of src, and there are files', () => {
    const report = checkArchitecture(new URL('..', import.meta.url).pathname);

    expect(report.files).toBeGreaterThan(100);
    expect(report.imports).toBeGreaterThan(300);
    expect(report.problems).toEqual([]);
  });
});
