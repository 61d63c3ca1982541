import { describe, expect, it } from 'vitest';
import { readScanResults } from '../../src/azure/vulnerabilities.ts';
import { graphOfRows } from './graph.ts';

const digest = `sha256:${'a'.repeat(64)}`;
const row = (change: Record<string, unknown> = {}) => ({
  id: 'r',
  digest,
  cve: 'CVE-1',
  severity: 'High',
  status: 'Unhealthy',
  scannedAt: '2026-11-20T10:00:00Z',
  ...change,
});
const read = async (...rows: Record<string, unknown>[]) =>
  (
    await readScanResults(
      graphOfRows(() => rows),
      [digest],
    )
  ).get(digest);

describe('findings of a scan', () => {
  it('count once a CVE, at the worst of what both generations say', async () => {
    expect(await read(row({ severity: 'Medium' }), row({ severity: 'Critical' }), row())).toMatchObject({
      critical: 1,
      high: 0,
      medium: 0,
    });
  });

  it('count when one generation says healthy and the other does not', async () => {
    expect(await read(row({ status: 'Healthy' }), row())).toMatchObject({ high: 1 });
  });

  it('that are mended make a scan without findings', async () => {
    expect(await read(row({ status: 'Healthy' }))).toMatchObject({ critical: 0, high: 0 });
  });

  it('are nothing for a digest that nobody scanned', async () => {
    expect(await read()).toBeUndefined();
  });

  it.each([{ scannedAt: 'soon' }, { severity: undefined }, { cve: 7 }])(
    'with %j are an error',
    async (change) => {
      await expect(read(row(change))).rejects.toMatchObject({ code: 'malformed' });
    },
  );
});
