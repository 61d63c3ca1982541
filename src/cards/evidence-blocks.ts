// What an approver judges by: the image against what is live now, and what the gates saw.
import { attachmentKind } from '../promotion/attachment-kind.ts';
import { isOpen } from '../promotion/gates.ts';
import type { Evidence, Finding, GateResult, Referrer, Request } from '../promotion/request.ts';
import { type Block, code, type Line, plain, shortDigest, strong } from './card.ts';
import { bytes, clip, count, duration } from './wording.ts';

/** What is live in the target against what is proposed; nothing before the evidence is there. */
export function evidenceBlocks({ evidence, subject, state }: Request, now: number): readonly Block[] {
  if (!evidence || subject.kind !== 'promotion') return [];
  const isLive = state === 'promoted';
  const proposed = isLive ? 'Promoted' : 'Proposed';
  return [
    {
      kind: 'image',
      label: proposed,
      reference: `${subject.repository}:${subject.tag}`,
      digest: evidence.digest,
    },
    {
      kind: 'table',
      caption: isLive ? 'What it took the place of' : 'Live now against proposed',
      columns: [
        { title: '', weight: 4 },
        { title: `Live in ${subject.toStage}${isLive ? ' before' : ''}`, weight: 7 },
        { title: proposed, weight: 8 },
      ],
      rows: comparison(evidence, subject.tag, now),
    },
    ...packageBlocks(evidence),
  ];
}

function comparison(evidence: Evidence, tag: string, now: number): readonly (readonly Line[])[] {
  const { live } = evidence;
  const age = (at: number | undefined): Line => (at === undefined ? 'unknown' : duration(now - at));
  return [
    ['Tag', live?.tag ?? 'nothing yet', tag],
    ['Digest', live ? [code(shortDigest(live.digest))] : '', [code(shortDigest(evidence.digest))]],
    ['Age', live ? age(live.updatedAt) : '', age(evidence.createdAt)],
    [
      'Size',
      live?.size === undefined ? (live ? 'unknown' : '') : sizeText(live.size, live.layers),
      sizeText(evidence.size, evidence.layers),
    ],
    ['CVEs', live ? scanText(live.scan, now) : '', scanText(evidence.scan, now)],
    ...findingRows(evidence),
    ...packageRows(evidence),
    ['Platforms', '', evidence.platforms.join(', ') || 'unknown'],
    ['Signature', '', signatureText(evidence)],
    ['Attached', '', attachedText(evidence)],
  ];
}

const sizeText = (size: number, layers: number | undefined): string =>
  layers === undefined ? bytes(size) : `${bytes(size)}, ${count(layers, 'layer')}`;

/** The CVEs that go with live and those that come, the gravest by name; nothing where they could not be compared. */
function findingRows({ findings }: Evidence): readonly (readonly Line[])[] {
  if (!findings) return [];
  const named = (list: readonly Finding[]) => list.map(({ id, severity }) => `${clip(id, 24)} (${severity})`);
  const text = (word: string, list: readonly Finding[], all: number) =>
    all === 0 ? `none ${word}` : `${all} ${word}: ${someOf(named(list), all)}`;
  const { counts, added, removed } = findings;
  return [['CVE changes', text('gone', removed, counts.removed), text('new', added, counts.added)]];
}

function packageRows({ packages, live }: Evidence): readonly (readonly Line[])[] {
  if (!packages) return [];
  const { changes, problem } = packages;
  const of = (number: number | undefined) => (number === undefined ? 'no SBOM' : count(number, 'package'));
  const change =
    changes &&
    `: ${changes.counts.added} new, ${changes.counts.removed} gone, ${changes.changedCount} changed`;
  const proposed = problem
    ? `${of(packages.proposed)}. ${problem}`
    : `${of(packages.proposed)}${change ?? ''}`;
  return [['Packages', live ? of(packages.live) : '', proposed]];
}

/** One line of names, under the table that counts them. */
function packageBlocks({ packages }: Evidence): readonly Block[] {
  const changes = packages?.changes;
  if (!changes) return [];
  const parts = [
    ['Changed packages', changes.changed, changes.changedCount],
    ['New', changes.added, changes.counts.added],
    ['Gone', changes.removed, changes.counts.removed],
  ] as const;
  const line = parts
    .filter(([, , all]) => all > 0)
    .flatMap(([title, names, all], i) => [
      plain(i === 0 ? '' : ' · '),
      strong(title),
      plain(
        `: ${someOf(
          names.map((name) => clip(name, 60)),
          all,
        )}`,
      ),
    ]);
  return line.length === 0 ? [] : [{ kind: 'text', tone: 'muted', text: line }];
}

/** `a, b and 3 more`. */
const someOf = (names: readonly string[], all: number): string =>
  `${names.slice(0, 3).join(', ')}${all > Math.min(3, names.length) ? ` and ${all - Math.min(3, names.length)} more` : ''}`;

/** The best that is known: one good signature is enough. Why another is not good stands in the gate, if there is one. */
function signatureText({ signatures, referrers, gates }: Evidence): string {
  if (!signatures)
    return referrers.some((referrer) => /notation|cosign/.test(attachmentKind(referrer)))
      ? 'present, not looked at'
      : 'none';
  const verified = signatures.find(({ status }) => status === 'verified');
  if (verified) return `verified: ${clip(verified.identity ?? 'unknown', 120)}`;
  const [first] = signatures.filter(({ status }) => status === 'invalid').concat(signatures);
  if (!first) return 'none';
  const word = first.status === 'invalid' ? 'not valid' : `${first.kind}, not verified`;
  return gates.some(({ gate }) => gate === 'signature') ? word : `${word}: ${clip(first.detail, 200)}`;
}

function scanText(scan: Evidence['scan'], now: number): string {
  if (!scan) return 'not scanned';
  return `${scan.critical} critical, ${scan.high} high, ${scan.medium} medium (${scan.scanner}, ${duration(now - scan.scannedAt)} old)`;
}

function attachedText({ referrers, provenance }: Evidence): string {
  const names = referrers
    .map(referrerName)
    .concat(
      provenance?.length
        ? `provenance (${clip(provenance.map(withoutScheme).join(', '), 80)}), not verified`
        : [],
    );
  return names.length === 0 ? 'no signature, no SBOM' : [...new Set(names)].join(', ');
}

/** A predicate type is named by an address that nobody opens. */
const withoutScheme = (address: string): string => address.replace(/^https?:\/\//, '');

function referrerName(referrer: Referrer): string {
  switch (attachmentKind(referrer)) {
    case 'notation':
      return 'Notation signature';
    case 'cosign':
      return 'cosign signature';
    case 'sbom':
      return 'SBOM';
    case 'attestation':
      return 'attestation';
    case 'other':
      return clip(referrer.artifactType, 80);
  }
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
      columns: [
        { title: 'Gate' },
        { title: 'Outcome', isClear: true },
        { title: 'Seen', weight: 3, isClear: true },
      ],
      rows: gates.map((gate) => [
        gate.gate,
        `${gateWords[gate.outcome]}${gate.mode === 'warn' && isOpen(gate) ? ' (warns)' : ''}`,
        gate.detail,
      ]),
    },
  ];
}
