// An organisation's own rule: a Resource Graph query with a front comment. It is judged as the built-in ones are, by facts
// alone: which rows its query returned for the registry.
import type { RegistryFacts } from './facts.ts';
import type { Impact, Outcome } from './outcome.ts';
import type { Explanation, Rule } from './rule.ts';

export interface OwnRuleDefinition {
  readonly id: string;
  readonly title: string;
  readonly impact: Impact;
  /** Absent: every stage. */
  readonly stages?: readonly string[];
  readonly query: string;
  /** Name of the file, for people in a chat; `path` is for who keeps the rules. */
  readonly file: string;
  readonly path: string;
  /** Of the query's first line in the file, from 1. */
  readonly line: number;
}

export interface OwnRule extends Rule {
  readonly definition: OwnRuleDefinition;
}

/** Lines and columns from 1. */
interface FrontProblem {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

export type Front =
  | { readonly ok: true; readonly definition: OwnRuleDefinition }
  | { readonly ok: false; readonly problems: readonly FrontProblem[] };

const keys = ['id', 'title', 'impact', 'stages'] as const;
type Key = (typeof keys)[number];
type Entries = ReadonlyMap<Key, { readonly value: string; readonly line: number; readonly column: number }>;

const impacts: readonly Impact[] = ['High', 'Medium', 'Low'];
const reserved = /^(CR|ACR|TEN)-/i;
/** Resource Graph refuses longer queries. */
const maxQuery = 20_000;

/** What a definition is held against. */
export interface Known {
  /** Of the policy. */
  readonly stages: readonly string[];
  /** Who has the id already, in words. */
  owner(id: string): string | undefined;
}

/** The definition in a `.kql` file's text, or everything that is wrong with its front comment. */
export function parseFront(text: string, path: string, known: Known): Front {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const start = lines.findIndex((line) => line.trim() !== '' && !line.trim().startsWith('//'));
  const problems: FrontProblem[] = [];
  const entries = readEntries(start < 0 ? lines : lines.slice(0, start), problems);
  const query = start < 0 ? '' : lines.slice(start).join('\n').trimEnd();
  for (const key of ['id', 'title', 'impact'] as const)
    if (!entries.has(key)) problems.push(at(1, 1, `'// ${key}: ...' is missing above the query.`));
  const { id, title, impact, stages } = valuesOf(entries, problems, known);
  if (query === '') problems.push(at(lines.length, 1, 'There is no query under the comment.'));
  if (query.length > maxQuery)
    problems.push(at(start + 1, 1, `The query has ${query.length} characters; ${maxQuery} are allowed.`));
  if (problems.length > 0 || !id || !title || !impact) return { ok: false, problems };
  const file = path.split(/[\\/]/).at(-1) ?? path;
  const definition = { id, title, impact, ...(stages && { stages }), query, file, path, line: start + 1 };
  return { ok: true, definition };
}

const at = (line: number, column: number, message: string): FrontProblem => ({ line, column, message });

/** `// key: value` of each line; comments without a key are prose. */
function readEntries(lines: readonly string[], problems: FrontProblem[]): Entries {
  const entries = new Map<Key, { value: string; line: number; column: number }>();
  lines.forEach((text, i) => {
    const found = /^(\s*\/\/\s*)(\w+)(\s*:(?:\s+|$))(.*)$/.exec(text);
    if (!found) return;
    const [, before = '', name = '', colon = '', value = ''] = found;
    const key = keys.find((known) => known === name.toLowerCase());
    const where = [i + 1, before.length + 1] as const;
    if (!key) problems.push(at(...where, `There is no key '${name}'. Keys: ${keys.join(', ')}.`));
    else if (entries.has(key)) problems.push(at(...where, `'${key}' stands twice.`));
    else {
      const column = before.length + name.length + colon.length + 1;
      entries.set(key, { value: value.trim(), line: i + 1, column });
    }
  });
  return entries;
}

function valuesOf(entries: Entries, problems: FrontProblem[], known: Known) {
  const refuse = (key: Key, message: string) => {
    const entry = entries.get(key);
    problems.push(at(entry?.line ?? 1, entry?.column ?? 1, message));
  };
  const id = entries.get('id')?.value;
  const title = entries.get('title')?.value;
  const given = entries.get('impact')?.value;
  const impact = impacts.find((each) => each.toLowerCase() === given?.toLowerCase());
  const stages = entries
    .get('stages')
    ?.value.split(/[\s,]+/)
    .filter(Boolean);
  if (id !== undefined && !/^[A-Z][A-Z0-9]{0,15}-\d{1,4}$/.test(id))
    refuse('id', `Invalid id '${id}'. Must be capitals, a hyphen and a number: ORG-1.`);
  else if (id !== undefined && reserved.test(id))
    refuse('id', `'${id}' belongs to the built-in rules (CR-, ACR-, TEN-). Take another prefix: ORG-1.`);
  else if (id !== undefined && known.owner(id))
    refuse('id', `The id '${id}' is already that of ${known.owner(id)}.`);
  if (title !== undefined && (title === '' || title.length > 120))
    refuse('title', 'The title must have 1 to 120 characters.');
  if (given !== undefined && !impact)
    refuse('impact', `Invalid impact '${given}'. Must be one of: ${impacts.join(', ')}.`);
  if (stages?.length === 0) refuse('stages', "Name stages, or leave '// stages:' out for all of them.");
  for (const stage of stages ?? [])
    if (!known.stages.includes(stage))
      refuse('stages', `There is no stage '${stage}'. Stages: ${known.stages.join(', ')}.`);
  return { id, title, impact, stages };
}

/** The rule of a definition. Its verdict is unknown where the query was not run or failed. */
export function ownRule(definition: OwnRuleDefinition): OwnRule {
  const { id, stages, file } = definition;
  return {
    definition,
    id,
    title: definition.title,
    impact: definition.impact,
    source: 'own',
    references: [],
    guidance: `A rule of the organisation (${file}): what its query returns fails.`,
    judge: (facts): Outcome => {
      if (stages && facts.stage === undefined) return 'unknown';
      if (stages && !stages.includes(facts.stage ?? '')) return 'notApplicable';
      const rows = facts.ownRules?.[id];
      if (!rows?.read) return 'unknown';
      return rows.value.length === 0 ? 'pass' : 'fail';
    },
    explain: (facts, _context, outcome) => explainOwn(definition, facts, outcome),
    remedy: () => '',
  };
}

const shown = 10;

function explainOwn(definition: OwnRuleDefinition, facts: RegistryFacts, outcome: Outcome): Explanation {
  const { id, stages, file } = definition;
  const rows = facts.ownRules?.[id];
  const found = rows?.read ? rows.value : [];
  const evidence = (found.length === 0 ? [facts.id] : found).slice(0, shown).map((row) => ({
    path: row === facts.id ? 'id' : row.slice(facts.id.length + 1),
    value: rows?.read ? (found.length === 0 ? 'not returned' : 'returned') : 'not read',
    source: `Resource Graph, the query of ${file}`,
    asOf: facts.asOf,
  }));
  return { reason: reasonOf(), evidence: outcome === 'notApplicable' ? [] : evidence };

  function reasonOf(): string {
    if (outcome === 'notApplicable') return `It is asked for on ${stages?.join(', ')} only.`;
    if (stages && facts.stage === undefined)
      return 'The stage of the registry is unknown, so it is unknown whether the rule applies.';
    if (!rows) return 'The query of the rule was not run.';
    if (!rows.read) return `${rows.reason}.`;
    if (found.length === 0) return 'The query does not return it.';
    const parts = found.filter((row) => row !== facts.id).length;
    return parts === 0
      ? 'The query returns it.'
      : `The query returns ${parts} of its parts${parts < found.length ? ' and the registry itself' : ''}.`;
  }
}
