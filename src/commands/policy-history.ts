// The policy in the audit: which one was in force since when, whole, and what changed. So a decision can be held against
// the policy it was made under, years later.
import type { Actor } from '../ports.ts';
import { product } from './decisions.ts';
import type { Doors } from './doors.ts';

const subject = 'policy';
/** Changes that are named one by one. */
const mostNamed = 200;

/** Writes the policy down if it is another than the last one that was. Gives what changed, one line each. */
export async function recordPolicy(doors: Doors, actor: Actor = product): Promise<readonly string[]> {
  const policy = doors.policy();
  const rows = await doors.ledger.auditRows({ subject, limit: 20 });
  const last = rows.findLast((row) => row.action === 'policy-in-force');
  if (last?.facts['hash'] === policy.hash) return [];
  const changes = last ? changesBetween(flat(last.facts['policy']), flat(policy)) : [];
  await doors.ledger.audit({
    at: doors.clock(),
    actor,
    action: 'policy-in-force',
    subject,
    facts: { hash: policy.hash, changes: changes.slice(0, mostNamed), changed: changes.length, policy },
  });
  return changes;
}

/** A policy file that was changed and is not valid: the one of before stays in force. */
export const recordRefusal = (doors: Doors, problems: readonly string[]): Promise<void> =>
  doors.ledger.audit({
    at: doors.clock(),
    actor: product,
    action: 'policy-refused',
    subject,
    facts: { problems: problems.slice(0, 20) },
  });

type Flat = ReadonlyMap<string, string>;

/** Every value by its path: `edges[to-prod].approvals.total` -> `2`. Entries of a list go by their name where they have one. */
function flat(value: unknown, path = '', found = new Map<string, string>()): Flat {
  if (Array.isArray(value)) {
    value.forEach((item, i) => flat(item, `${path}[${nameOf(item) ?? i}]`, found));
  } else if (value !== null && typeof value === 'object') {
    for (const [key, item] of Object.entries(value))
      if (key !== 'hash' || path !== '') flat(item, path === '' ? key : `${path}.${key}`, found);
  } else if (value !== undefined) found.set(path, JSON.stringify(value));
  return found;
}

function nameOf(item: unknown): string | undefined {
  if (typeof item === 'string') return item;
  const { name, match, group } = (item ?? {}) as Partial<Record<'name' | 'match' | 'group', string>>;
  return name ?? match ?? group;
}

const changesBetween = (before: Flat, after: Flat): readonly string[] => [
  ...[...after].flatMap(([path, value]) => {
    const was = before.get(path);
    if (was === value) return [];
    return [was === undefined ? `+ ${path}: ${value}` : `~ ${path}: ${was} → ${value}`];
  }),
  ...[...before.keys()].filter((path) => !after.has(path)).map((path) => `- ${path}: ${before.get(path)}`),
];
