// audit: what was done, by whom: of a request, of an image, of the policy, or the newest rows; and whether the chain holds.
import { auditCard, type AuditLine } from '../cards/audit-card.ts';
import { noticeCard } from '../cards/refusal-card.ts';
import { hasRight } from '../policy/lookup.ts';
import { parseImageReference } from '../promotion/image-reference.ts';
import type { Answer, AuditRow } from '../ports.ts';
import type { Doors } from './doors.ts';
import { refuse } from './refuse.ts';
import type { Call, Verb } from './verb.ts';

const mostRows = 25;
/** Requests of one image that are looked through, newest first. */
const mostRequests = 50;

export const audit: Verb = {
  name: 'audit',
  words: 1,
  usage: 'audit [ID, IMAGE, policy or verify]',
  summary:
    'What was done, by whom: of a request, an image, the policy, or the newest rows; verify checks the chain.',
  examples: ['audit', 'audit P-7K3QX', 'audit shop/web:v1.4.2'],
  access: 'mapped',
  writes: false,
  run: async (call, doors) => {
    const about = call.arguments.positional[0] ?? '';
    if (about.toLowerCase() === 'verify') return verify(call, doors);
    const rows = await rowsAbout(doors, about);
    if (about && rows.length === 0)
      return refuse(
        'unknown-request',
        `The audit has no rows of '${about.slice(0, 40)}'. See the newest with: /acr audit`,
      );
    return { kind: 'card', card: auditCard(about, rows.map(lineOf)), visibility: 'private' };
  },
};

/** Oldest first, the newest of them. A request by its id, an image by its requests, anything else as it is called. */
async function rowsAbout(doors: Doors, about: string): Promise<readonly AuditRow[]> {
  if (about === '') return doors.ledger.auditRows({ limit: mostRows });
  for (const subject of [about.toUpperCase(), about.toLowerCase()]) {
    const rows = await doors.ledger.auditRows({ limit: mostRows, subject });
    if (rows.length > 0) return rows;
  }
  const image = parseImageReference(about);
  if ('problem' in image) return [];
  const { repository, tag } = image;
  const requests = (await doors.ledger.requests({ repository, limit: mostRequests })).filter(
    ({ subject }) => subject.kind === 'promotion' && (tag === undefined || subject.tag === tag),
  );
  const rows = await Promise.all(
    requests.map(({ id }) => doors.ledger.auditRows({ limit: mostRows, subject: id })),
  );
  return rows
    .flat()
    .sort((a, b) => a.seq - b.seq)
    .slice(-mostRows);
}

async function verify(call: Call, doors: Doors): Promise<Answer> {
  if (!hasRight(doors.policy(), call.person ?? '', 'admin'))
    return refuse('not-eligible', 'Only admins of the policy check the whole chain. See who: /acr whoami');
  const { ok, rows, head, problem } = await doors.ledger.verifyAudit();
  if (!ok)
    return refuse(
      'audit-broken',
      `The audit does not hold after row ${rows}: ${problem ?? 'it was changed.'}`,
    );
  const text = `All ${rows} rows hold.${head ? ` The head is ${head.seq}:${head.hash.slice(0, 32)}.` : ''} A cut tail shows against an anchor of a digest: acr-warden audit verify --anchor SEQ:HASH`;
  return { kind: 'card', card: noticeCard('The audit holds', text), visibility: 'private' };
}

const lineOf = (row: AuditRow): AuditLine => ({
  seq: row.seq,
  at: row.at,
  person: row.actor.person,
  channel: row.actor.channel,
  action: row.action,
  detail: detailOf(row),
  subject: row.subject,
  hash: row.hash,
});

/** The first thing that says more than the action. */
function detailOf({ facts }: AuditRow): string {
  const said = ['text', 'why', 'reason', 'decision', 'step', 'ticket', 'code', 'digest', 'changes'] as const;
  const found = said.map((name) => facts[name]).find((value) => value !== undefined && value !== '');
  return Array.isArray(found) ? found.join('; ') : typeof found === 'string' ? found : '';
}
