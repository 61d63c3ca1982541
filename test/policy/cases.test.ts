import { describe, expect, it } from 'vitest';
import { readPolicyCases } from '../../src/config/policy-cases.ts';
import { type CaseEvidence, type PolicyCase, runCase } from '../../src/policy/cases.ts';
import { changed, policyOf } from './fixture.ts';

const casesFile = new URL('../fixtures/cases.yaml', import.meta.url).pathname;
const hour = 3_600_000;
// A Monday, in office hours.
const now = Date.parse('2026-11-23T10:00:00+01:00');
const bare: CaseEvidence = { sbom: true, labels: [], posture: {} };

const lenient = policyOf();
const strict = policyOf(
  changed([
    'sbom: { mode: warn }',
    `sbom: { mode: enforce }
      scan: { mode: enforce, maxCritical: 0, maxHigh: 2, maxAge: 24h }
      signature: { mode: enforce, trusted: [a.pem] }
      labels: { mode: enforce, require: [team] }
      soak: { mode: enforce, stage: uat, min: 2h }
      posture: { mode: enforce, registry: target, require: [CR-1] }`,
  ]),
);
const clean: CaseEvidence = {
  sbom: true,
  scan: { critical: 0, high: 2, age: 24 * hour },
  signature: 'verified',
  labels: ['team'],
  soak: 2 * hour,
  posture: { 'CR-1': 'pass' },
};

interface Change {
  readonly policy?: typeof lenient;
  readonly image?: string;
  readonly from?: string;
  readonly to?: string;
  readonly by?: string;
  readonly at?: number;
  readonly evidence?: CaseEvidence;
  readonly votes?: PolicyCase['votes'];
}

/** How it comes out when dana asks for shop/web:v1.4.2 in prod, but for the change. */
function outcome({ policy = lenient, at = now, votes = [], evidence = bare, ...change }: Change) {
  const request = { image: 'shop/web:v1.4.2', to: 'prod', by: 'dana', evidence, ...change };
  const {
    name: _,
    ok: _ok,
    ...played
  } = runCase(policy, {
    name: 'a',
    now: at,
    request,
    votes,
    expect: { state: '' },
  });
  return played;
}
const approval = (by: string, at?: number) =>
  ({ by, decision: 'approve', ...(at !== undefined && { at }) }) as const;

describe('the cases of a policy', () => {
  it.each(readPolicyCases(casesFile).map((each) => [each.name, each] as const))('%s', (_name, given) => {
    const result = runCase(lenient, given);

    expect(result.ok || result).toBe(true);
  });

  it('fail when the state is another, and when the refusal is, even if only one of them is', () => {
    const [given] = readPolicyCases(casesFile).filter(({ name }) => name === 'whoever asks cannot approve');
    const ok = (expected: PolicyCase['expect']) => runCase(lenient, { ...given!, expect: expected }).ok;

    expect(ok({ state: 'pending', refusal: 'self-approval' })).toBe(true);
    expect(ok({ state: 'pending' })).toBe(false);
    expect(ok({ state: 'pending', refusal: 'not-eligible' })).toBe(false);
    expect(ok({ state: 'approved', refusal: 'self-approval' })).toBe(false);
  });
});

describe('what cannot be asked for', () => {
  it.each([
    [{ image: 'shop/web:v1@x' }, 'malformed-image', 'malformed digest'],
    [{ image: 'shop/web' }, 'malformed-image', 'Name a tag.'],
    [{ to: 'moon' }, 'unknown-way', 'The policy has no such way.'],
    [{ by: 'rui' }, 'not-eligible', 'rui may not ask on to-prod.'],
    [{ image: 'shop/web:latest' }, 'tag-not-allowed', 'The policy does not let the tag latest be promoted.'],
  ] as const)('%j is refused as %s, in words', (change, refusal, words) => {
    expect(outcome(change)).toEqual({ state: 'refused', refusal, detail: expect.stringContaining(words) });
  });

  it('is a stage that two ways lead to, until the case says which', () => {
    const policy = policyOf(changed(['from: dev, to: uat', 'from: dev, to: prod']));

    expect(outcome({ policy })).toEqual({
      state: 'refused',
      refusal: 'unknown-way',
      detail: 'Several ways lead there: name from.',
    });
    expect(outcome({ policy, from: 'uat' }).state).toBe('pending');
    expect(outcome({ policy, from: 'dev' }).state).toBe('approved');
  });

  it('is nothing where any one group of the person may ask', () => {
    const policy = policyOf(
      changed([/requesters: \[owners\]\n/, 'requesters: [owners, release, platform]\n']),
    );

    expect(outcome({ policy, by: 'rui' }).state).toBe('pending');
  });
});

describe('what a case says besides its state', () => {
  it('is nothing once it is approved, and how many approvals are missing before', () => {
    expect(outcome({ votes: [approval('rui')] })).toEqual({ state: 'approved', detail: '' });
    expect(outcome({})).toEqual({ state: 'pending', detail: '0 of 1 approvals.' });
  });

  it('counts the approvals that were given', () => {
    const policy = policyOf(changed(['min: 1 }], total: 1', 'min: 2 }], total: 2']));

    expect(outcome({ policy, votes: [approval('rui')] }).detail).toBe('1 of 2 approvals.');
  });

  it('is the refusal, and of which request it speaks', () => {
    const again = [approval('rui'), approval('paul')];

    expect(outcome({ votes: again })).toEqual({
      state: 'approved',
      refusal: 'wrong-state',
      detail: 'CASE is approved: there is nothing to vote on.',
    });
  });

  it('is the refusal of the last vote alone', () => {
    expect(outcome({ votes: [approval('sofia'), approval('rui')] })).toEqual({
      state: 'approved',
      detail: '',
    });
  });

  it('is the window that is closed, where it waits', () => {
    const sunday = now - 24 * hour;

    expect(outcome({ at: sunday, votes: [approval('rui')] })).toEqual({
      state: 'waiting',
      detail: 'The window of prod is closed then.',
    });
    expect(outcome({ at: sunday })).toEqual({ state: 'pending', detail: '0 of 1 approvals.' });
  });

  it('is the reason of a rejection', () => {
    const because = 'the CVE is not fixed';

    expect(outcome({ votes: [{ by: 'rui', decision: 'reject', because }] })).toEqual({
      state: 'rejected',
      detail: because,
    });
    expect(outcome({ votes: [{ by: 'rui', decision: 'reject' }] }).refusal).toBe('reason-needed');
  });

  it('is a gate that only warns too, beside the state that it does not stop', () => {
    const evidence = { ...bare, sbom: false };

    expect(outcome({ evidence, votes: [approval('rui')] })).toEqual({
      state: 'approved',
      detail: 'sbom is fail: No SBOM is attached. Attach one to the image as a referrer.',
    });
  });
});

describe('time', () => {
  it('runs out on a way with approvals when the policy says so, to the millisecond', () => {
    const after = (time: number) => outcome({ votes: [approval('rui', now + time)] });

    expect(after(72 * hour - 1).state).toBe('approved');
    expect(after(72 * hour)).toMatchObject({ state: 'expired', refusal: 'expired' });
  });

  it('runs out after three days on a way that needs nobody', () => {
    const after = (time: number) => outcome({ to: 'uat', votes: [approval('rui', now + time)] }).state;

    expect(after(72 * hour - 1)).toBe('approved');
    expect(after(72 * hour)).toBe('expired');
  });

  it('never goes back: a vote that is dated earlier than the one before is cast with it', () => {
    const policy = policyOf(changed(['min: 1 }], total: 1', 'min: 2 }], total: 2']));
    const late = now + 6 * hour;

    expect(outcome({ policy, votes: [approval('rui', late), approval('paul', now)] }).state).toBe('waiting');
    expect(outcome({ policy, votes: [approval('rui', now), approval('paul')] }).state).toBe('approved');
  });
});

describe('the evidence of a case', () => {
  it('that is all there and good lets it be voted on, and is nothing to speak of', () => {
    expect(outcome({ policy: strict, evidence: clean })).toEqual({
      state: 'pending',
      detail: '0 of 1 approvals.',
    });
  });

  const { scan: _scan, ...unscanned } = clean;
  const { signature: _signature, ...unsigned } = clean;
  const { soak: _soak, ...unsoaked } = clean;
  it.each([
    [
      'one critical finding',
      { ...clean, scan: { critical: 1, high: 0, age: 0 } },
      'scan is fail: 1 critical',
    ],
    [
      'three high findings',
      { ...clean, scan: { critical: 0, high: 3, age: 0 } },
      'scan is fail: 0 critical, 3',
    ],
    [
      'a scan that is too old',
      { ...clean, scan: { critical: 0, high: 0, age: 24 * hour + 1 } },
      'scan is unknown',
    ],
    ['no scan', unscanned, 'scan is unknown: No scan'],
    ['no signature', unsigned, 'signature is fail: The image is not signed'],
    [
      'a bad signature',
      { ...clean, signature: 'invalid' },
      'signature is fail: The signature of the case is invalid.',
    ],
    ['a signature that could not be read', { ...clean, signature: 'unverified' }, 'signature is unknown'],
    ['a cosign signature', { ...clean, signature: 'cosign' }, 'signature is unknown: A cosign signature'],
    ['no SBOM', { ...clean, sbom: false }, 'sbom is fail'],
    ['no label', { ...clean, labels: ['other'] }, 'labels is fail: Missing: team'],
    ['a minute too little in uat', { ...clean, soak: 2 * hour - 60_000 }, 'soak is fail: In uat for 1 hour;'],
    ['no time in uat', unsoaked, 'soak is unknown'],
    [
      'a registry that breaks a rule',
      { ...clean, posture: { 'CR-1': 'fail' } },
      'posture is fail: CR-1 is fail',
    ],
    ['a registry that was not judged', { ...clean, posture: {} }, 'posture is unknown'],
  ] as const)('with %s blocks it, says why, and leaves nothing to vote on', (_, evidence, words) => {
    const played = outcome({ policy: strict, evidence, votes: [approval('rui')] });

    expect(played).toMatchObject({ state: 'blocked', refusal: 'wrong-state' });
    expect(played.detail).toContain(`there is nothing to vote on. ${words}`);
    expect(played.detail).not.toContain('approvals.');
  });
});
