// The gates of an edge over the evidence of an image. What is missing is `unknown`, and an enforced gate accepts only
// a pass (or a waiver): nobody has to prove that the evidence was bad.
import { attachmentKind } from './attachment-kind.ts';
import type { Evidence, Facts, GateResult, GateWaiver } from './request.ts';
import type { GateMode, GateRules } from './terms.ts';

/** `value`: what was seen without ages, where the outcome alone does not say it. */
type Judgement = Pick<GateResult, 'outcome' | 'detail'> & Partial<Pick<GateResult, 'value'>>;
type Rule<Gate extends keyof GateRules> = NonNullable<GateRules[Gate]>;

/**
 * One result a gate that is not off, in a fixed order. A waived gate counts as such while what it sees is what was
 * waived. `now` in milliseconds.
 */
export function judgeGates(
  rules: GateRules,
  evidence: Facts,
  waived: readonly GateWaiver[],
  now: number,
): readonly GateResult[] {
  const results: GateResult[] = [];
  const add = <R extends { readonly mode: GateMode }>(
    gate: string,
    rule: R | undefined,
    judge: (rule: R) => Judgement,
  ) => {
    if (!rule || rule.mode === 'off') return;
    const judged = judge(rule);
    const result = { gate, mode: rule.mode, value: judged.outcome, ...judged };
    const waiver = waived.find((each) => each.gate === gate && each.value === result.value);
    results.push(waiver && isOpen(result) ? letPass(result, waiver) : result);
  };
  add('scan', rules.scan, (rule) => judgeScan(rule, evidence, now));
  add('signature', rules.signature, (rule) => judgeSignature(rule, evidence));
  add('sbom', rules.sbom, () =>
    evidence.referrers.some((referrer) => attachmentKind(referrer) === 'sbom')
      ? { outcome: 'pass', detail: 'An SBOM is attached.' }
      : { outcome: 'fail', detail: 'No SBOM is attached. Attach one to the image as a referrer.' },
  );
  add('labels', rules.labels, (rule) => judgeLabels(rule.require, evidence));
  add('soak', rules.soak, (rule) => judgeSoak(rule, evidence, now));
  add('posture', rules.posture, (rule) => judgePosture(rule.require, evidence.posture));
  return results;
}

/** Whether an enforced gate would stop the request. */
export const isOpen = ({ outcome }: Pick<GateResult, 'outcome'>): boolean =>
  outcome === 'fail' || outcome === 'unknown';

const letPass = (result: GateResult, waiver: GateWaiver): GateResult => ({
  ...result,
  outcome: 'waived',
  detail: `Waived by ${waiver.by} (${waiver.grant}). ${result.detail}`,
});

function judgeScan(rule: Rule<'scan'>, { scan }: Pick<Evidence, 'scan'>, now: number): Judgement {
  if (!scan)
    return {
      outcome: 'unknown',
      detail: 'No scan of this digest is known. Wait for the scanner or scan it.',
    };
  const age = now - scan.scannedAt;
  const value = `${scan.critical} critical, ${scan.high} high`;
  const counts = `${scan.critical} critical, ${scan.high} high, ${days(age)} old, by ${scan.scanner}`;
  if (age > rule.maxAge)
    return {
      outcome: 'unknown',
      value: `old: ${value}`,
      detail: `The scan is too old: ${counts}; at most ${days(rule.maxAge)}.`,
    };
  const pass = scan.critical <= rule.maxCritical && scan.high <= rule.maxHigh;
  return {
    outcome: pass ? 'pass' : 'fail',
    value,
    detail: `${counts}; at most ${rule.maxCritical} critical and ${rule.maxHigh} high.`,
  };
}

/**
 * Met by one Notation signature that was verified, whatever else hangs there. One that could not be read might be the good
 * one, so it leaves the gate unknown; else the first that is bad says why.
 */
function judgeSignature(
  rule: Rule<'signature'>,
  { referrers, signatures }: Pick<Evidence, 'referrers' | 'signatures'>,
): Judgement {
  const notation = signatures?.filter(({ kind }) => kind === 'notation') ?? [];
  // A signature of one platform, or of another attachment, is none of the image.
  const kinds = new Set(referrers.filter(({ subject }) => subject === undefined).map(attachmentKind));
  const verified = notation.find(({ status }) => status === 'verified');
  if (verified) return { outcome: 'pass', detail: `${verified.detail}${others(notation.length - 1)}` };
  if (kinds.has('cosign') && rule.accept.includes('cosign-present'))
    return { outcome: 'pass', detail: 'A cosign signature is present (not verified).' };
  const open = notation.find(({ status }) => status === 'unverified');
  if (open) return { outcome: 'unknown', detail: open.detail };
  const [bad] = notation;
  if (bad) return { outcome: 'fail', detail: `${bad.detail}${others(notation.length - 1)}` };
  if (kinds.has('notation'))
    return { outcome: 'unknown', detail: 'A Notation signature is present, not looked at yet.' };
  return kinds.has('cosign')
    ? {
        outcome: 'unknown',
        detail: 'A cosign signature is present, not verified; the policy does not accept that.',
      }
    : { outcome: 'fail', detail: 'The image is not signed. Sign it with Notation.' };
}

const others = (count: number): string =>
  count > 0 ? ` (${count} more ${count === 1 ? 'signature' : 'signatures'})` : '';

function judgeLabels(required: readonly string[], { labels }: Pick<Evidence, 'labels'>): Judgement {
  const missing = required.filter((label) => !labels[label]);
  return missing.length === 0
    ? {
        outcome: 'pass',
        detail:
          required.length === 1
            ? 'The required label is there.'
            : `All ${required.length} required labels are there.`,
      }
    : {
        outcome: 'fail',
        value: `missing ${missing.join(', ')}`,
        detail: `Missing: ${missing.join(', ')}. Set them when the image is built.`,
      };
}

function judgeSoak(
  rule: Rule<'soak'>,
  { inSourceSince }: Pick<Evidence, 'inSourceSince'>,
  now: number,
): Judgement {
  if (inSourceSince === undefined)
    return { outcome: 'unknown', detail: 'It is not known since when the image is there.' };
  const age = now - inSourceSince;
  const detail = `In ${rule.stage} for ${days(age)}; needs ${days(rule.min)}.`;
  return { outcome: age >= rule.min ? 'pass' : 'fail', detail };
}

function judgePosture(required: readonly string[], posture: Evidence['posture']): Judgement {
  if (!posture) return { outcome: 'unknown', detail: 'The registry could not be judged.' };
  const open = required
    .map((rule) => [rule, posture[rule] ?? 'unknown'] as const)
    .filter(([, outcome]) => outcome !== 'pass' && outcome !== 'waived');
  if (open.length === 0) return { outcome: 'pass', detail: `${required.join(', ')} hold.` };
  const value = open.map(([rule, outcome]) => `${rule} is ${outcome}`).join(', ');
  return {
    outcome: open.every(([, outcome]) => outcome === 'unknown') ? 'unknown' : 'fail',
    value,
    detail: `${value}.`,
  };
}

/** `3 days`, `5 hours`. */
function days(milliseconds: number): string {
  const hours = Math.floor(milliseconds / 3_600_000);
  return hours >= 48 ? `${Math.floor(hours / 24)} days` : `${hours} ${hours === 1 ? 'hour' : 'hours'}`;
}
