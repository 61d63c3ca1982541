import { describe, expect, it } from 'vitest';
import { digestCard } from '../../src/cards/digest-card.ts';
import { composeDigest, type DigestInput, isUnchanged } from '../../src/digest/digest.ts';
import type { Request } from '../../src/promotion/request.ts';

const day = 24 * 3_600_000;
const week = 7 * day;
const end = Date.parse('2026-11-23T09:00:00Z');
const start = end - week;

const row = (asOf: number, findings: DigestInput['now']['findings'], prod = 50, dev = 100) => ({
  asOf,
  findings,
  parts: { prod: [prod, 100], dev: [dev, 100] } as const,
});
const promoted = (id: string, lead: number, endedAt = end - day): Request => ({
  id,
  version: 9,
  state: 'promoted',
  subject: {
    kind: 'promotion',
    edge: 'e',
    repository: 'shop/web',
    tag: id,
    source: 'uat',
    target: 'prod',
    fromStage: 'uat',
    toStage: 'prod',
    lock: true,
  },
  requester: 'dana',
  reason: 'r',
  policy: 'p',
  createdAt: endedAt - lead,
  updatedAt: endedAt,
  endedAt,
  expiresAt: end + week,
  votes: [],
  done: [],
  attempt: 1,
  nonce: 'n',
});
const input = (change: Partial<DigestInput> = {}): DigestInput => ({
  name: 'weekly',
  organisation: 'contoso',
  periodStart: start,
  periodEnd: end,
  registries: new Set(['prod']),
  now: row(end - 1000, { prod: { 'CR-1': 'fail', 'CR-8': 'unknown' }, dev: { 'CR-3': 'fail' } }),
  history: [],
  requests: [],
  watched: [],
  storage: [],
  waivers: [],
  gaps: [],
  ...change,
});

describe('a digest', () => {
  it('that is the first has no change, no new failures and says that the trend begins', () => {
    const content = composeDigest(input());

    expect(content).toMatchObject({ score: 50, newFailures: [], fixed: [], unknown: 1 });
    expect(content.change).toBeUndefined();
    expect(content.failing).toEqual([{ registry: 'prod', rule: 'CR-1' }]);
    expect(JSON.stringify(digestCard(content))).toContain('the first digest');
  });

  it('tells what is new and what is fixed since the last row before the period', () => {
    const history = [
      row(start - 10 * day, { prod: { 'CR-9': 'fail' } }, 10),
      row(start - day, { prod: { 'CR-8': 'fail' } }, 40),
      row(start + day, { prod: { 'CR-2': 'fail' } }, 99),
    ];
    const content = composeDigest(input({ history }));

    expect(content.newFailures).toEqual([{ registry: 'prod', rule: 'CR-1' }]);
    expect(content.fixed).toEqual([{ registry: 'prod', rule: 'CR-8' }]);
    expect(content.change).toBe(10);
  });

  it('compares and draws the score of its own registries, not of the whole estate', () => {
    const history = [row(start - day, {}, 50, 0)];
    const prod = composeDigest(input({ history }));
    const all = composeDigest(input({ history, registries: new Set(['prod', 'dev']) }));

    expect([prod.score, prod.change, prod.trend.map((point) => point.score)]).toEqual([50, 0, [50, 50]]);
    expect([all.score, all.change, all.trend.map((point) => point.score)]).toEqual([75, 50, [25, 75]]);
  });

  it('says nothing of a change where the old row does not know its registries', () => {
    const { parts: _, ...old } = row(start - day, {});
    const content = composeDigest(input({ history: [old] }));

    expect(content.change).toBeUndefined();
    expect(content.trend).toHaveLength(1);
  });

  it('does not call a registry fixed that is no longer seen, and says that it is not seen', () => {
    const history = [row(start - day, { prod: { 'CR-1': 'fail' } })];
    const content = composeDigest(
      input({
        history,
        registries: new Set(),
        now: { asOf: end, findings: {}, parts: {} },
        gaps: ['prod is gone'],
      }),
    );

    expect(content.fixed).toEqual([]);
    expect(content.score).toBeUndefined();
    const card = digestCard(content);
    expect(card.blocks).toContainEqual({
      kind: 'status',
      tone: 'warning',
      label: 'Partial sight',
      text: 'Prod is gone',
    });
    expect(card.blocks.some((block) => block.kind === 'status' && block.tone === 'good')).toBe(false);
  });

  it('shows a broken audit chain before anything else', () => {
    const card = digestCard(composeDigest(input({ auditProblem: 'Row 7 was changed.' })));

    expect(card.blocks).toContainEqual({
      kind: 'status',
      tone: 'bad',
      label: 'The audit chain is broken',
      text: 'Row 7 was changed.',
    });
  });

  it('counts the promotions of the period with their median lead time', () => {
    const content = composeDigest(
      input({
        requests: [
          promoted('P-1', 1000),
          promoted('P-2', 5000),
          promoted('P-3', 9000),
          promoted('P-OLD', 1, start),
          promoted('P-NEXT', 1, end + 1),
        ],
      }),
    );

    expect(content.promoted.map((request) => request.id)).toEqual(['P-1', 'P-2', 'P-3']);
    expect(content.leadTime).toBe(5000);
  });

  it('has twelve weeks of trend at most, oldest first', () => {
    const history = Array.from({ length: 30 }, (_, i) => row(end - (30 - i) * week, {}, i));
    const { trend } = composeDigest(input({ history }));

    expect(trend).toHaveLength(12);
    expect(trend.map((point) => point.weekEnd)).toEqual(
      trend.map((point) => point.weekEnd).toSorted((a, b) => a - b),
    );
    expect(trend.at(-1)?.score).toBe(50);
  });

  it('is unchanged only if nothing at all is to be told', () => {
    const history = [row(start - day, { prod: { 'CR-1': 'fail' } }, 50)];
    const same = input({ history });

    expect(isUnchanged(composeDigest(same))).toBe(true);
    expect(isUnchanged(composeDigest({ ...same, requests: [promoted('P-1', 1)] }))).toBe(false);
    expect(isUnchanged(composeDigest({ ...same, gaps: ['x'] }))).toBe(false);
    expect(isUnchanged(composeDigest({ ...same, auditProblem: 'x' }))).toBe(false);
    expect(isUnchanged(composeDigest(input()))).toBe(false);
  });
});
