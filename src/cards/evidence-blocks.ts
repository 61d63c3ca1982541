// What an approver judges by: the image against what is live now, and what the gates saw.
import type { Evidence, GateResult, Request } from '../promotion/request.ts';
import { type Block, code, type Line, shortDigest } from './card.ts';
import { bytes, count, duration } from './wording.ts';

/** What is live in the target against what is proposed; nothing before the evidence is there. */
export function evidenceBlocks({ evidence, subject }: Request, now: number): readonly Block[] {
  if (!evidence || subject.kind !== 'promotion') return [];
  return [
    {
      kind: 'image',
      label: 'Proposed',
      reference: `${subject.repository}:${subject.tag}`,
      digest: evidence.digest,
    },
    {
      kind: 'table',
      caption: 'Live now against proposed',
      columns: [
        { title: '', weight: 2 },
        { title: `Live in ${subject.toStage}`, weight: 3 },
        { title: 'Proposed', weight: 3 },
      ],
      rows: comparison(evidence, subject.tag, now),
    },
  ];
}

function comparison(evidence: Evidence, tag: string, now: number): readonly (readonly Line[])[] {
  const { live } = evidence;
  const none = 'nothing yet';
  const age = (at: number | undefined): Line => (at === undefined ? 'unknown' : duration(now - at));
  return [
    ['Tag', live?.tag ?? none, tag],
    ['Digest', live ? [code(shortDigest(live.digest))] : none, [code(shortDigest(evidence.digest))]],
    ['Age', live ? age(live.updatedAt) : none, age(evidence.createdAt)],
    [
      'Size',
      live?.size === undefined ? (live ? 'unknown' : none) : bytes(live.size),
      `${bytes(evidence.size)}, ${count(evidence.layers, 'layer')}`,
    ],
    ['CVEs', live ? scanText(live.scan, now) : none, scanText(evidence.scan, now)],
    ['Platforms', '', evidence.platforms.join(', ') || 'unknown'],
    ['Attached', '', attachedText(evidence)],
  ];
}

function scanText(scan: Evidence['scan'], now: number): string {
  if (!scan) return 'not scanned';
  return `${scan.critical} critical, ${scan.high} high, ${scan.medium} medium (${scan.scanner}, ${duration(now - scan.scannedAt)} old)`;
}

function attachedText(evidence: Evidence): string {
  const names = evidence.referrers.map((referrer) => referrerName(referrer.artifactType));
  return names.length === 0 ? 'no signature, no SBOM' : [...new Set(names)].join(', ');
}

function referrerName(type: string): string {
  if (/notary|cosign\.sig|signature/.test(type))
    return /notary/.test(type) ? 'Notation signature' : 'cosign signature';
  if (/spdx|cyclonedx|sbom/.test(type)) return 'SBOM';
  return type;
}

const gateWords: Readonly<Record<GateResult['outcome'], string>> = {
  pass: '✓ pass',
  fail: '✗ fail',
  unknown: '? unknown',
  waived: '– waived',
};

/** What each gate saw. */
export function gateBlocks(gates: readonly GateResult[]): readonly Block[] {
  if (gates.length === 0) return [];
  return [
    {
      kind: 'table',
      caption: 'Gates',
      columns: [{ title: 'Gate' }, { title: 'Outcome' }, { title: 'Seen', weight: 3 }],
      rows: gates.map((gate) => [
        gate.gate,
        `${gateWords[gate.outcome]}${gate.mode === 'warn' ? ' (warns)' : ''}`,
        gate.detail,
      ]),
    },
  ];
}
