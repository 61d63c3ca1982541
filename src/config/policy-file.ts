// Reads the policy file: YAML with every position kept, so that each error names file, line, column and path.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { isAlias, isMap, isPair, isScalar, LineCounter, type Node, parseDocument, visit } from 'yaml';
import type { z } from 'zod';
import { closestName } from '../policy/closest.ts';
import type { Person, Policy } from '../policy/policy.ts';
import type { OwnRuleDefinition } from '../posture/own-rule.ts';
import { brokenReferences, type Problem, warnings } from '../policy/references.ts';
import { ConfigurationError } from './configuration-error.ts';
import { nestingProblem, parseNested } from './nesting.ts';
import { type OwnRuleProblem, readOwnRules } from './own-rules.ts';
import { readTrusted } from './trusted-certificates.ts';
import { type PolicyFile, policySchema } from './policy-schema.ts';

/** One line a person can act on: `policy.yaml:12:5 edges[0].to: There is no stage 'prd'. Did you mean 'prod'?` */
interface PolicyMessage {
  readonly line: number;
  readonly column: number;
  readonly path: string;
  readonly message: string;
  readonly text: string;
}

export type PolicyReading =
  | { readonly ok: true; readonly policy: Policy; readonly warnings: readonly PolicyMessage[] }
  | { readonly ok: false; readonly errors: readonly PolicyMessage[] };

const maxBytes = 1024 * 1024;

/** What is wrong with the queries of own rules; the parser is behind it, because it is loaded for them alone. */
type QueryCheck = (definitions: readonly OwnRuleDefinition[]) => readonly OwnRuleProblem[];

/** What a policy names lies beside it: rules and certificates. */
interface Surroundings {
  readonly base: string;
  readonly checkQueries: QueryCheck;
}

/** Reads and checks a policy file, the rules and the certificates it names. Throws ConfigurationError only if it cannot be read at all. */
export function readPolicyFile(file: string, checkQueries: QueryCheck): PolicyReading {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new ConfigurationError(
      `Cannot read the policy file ${file} (${(error as NodeJS.ErrnoException).code ?? 'error'}). Set ACR_WARDEN_POLICY to a file that exists and can be read.`,
    );
  }
  return parsePolicy(text, file, { base: dirname(file), checkQueries });
}

/**
 * The policy in `text`, or every error in it by line. `file` stands in the messages only. The rules and
 * certificates that it names, relative to `beside.base`, are read where `beside` is given.
 */
export function parsePolicy(text: string, file = 'policy.yaml', beside?: Surroundings): PolicyReading {
  const lines = new LineCounter();
  const unread = (message: string): PolicyReading => ({
    ok: false,
    errors: [messageAt(lines, 0, file, '', message)],
  });
  if (Buffer.byteLength(text) > maxBytes) return unread('The file is larger than 1 MiB.');
  return parseNested(text, () => parseText(text, file, lines, beside)) ?? unread(nestingProblem);
}

function parseText(
  text: string,
  file: string,
  lines: LineCounter,
  beside: Surroundings | undefined,
): PolicyReading {
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, maxAliasCount: 0 } as object);
  const errors = document.errors.map((error) =>
    messageAt(
      lines,
      error.pos[0],
      file,
      '',
      error.code === 'DUPLICATE_KEY' ? 'This key stands twice.' : firstLine(error.message),
    ),
  );
  visit(document, {
    Node: (_key, node) => {
      const bad =
        isAlias(node) || ('anchor' in node && node.anchor)
          ? 'An alias'
          : node.tag && !node.tag.startsWith('tag:yaml.org,2002:')
            ? 'A tag'
            : undefined;
      if (bad)
        errors.push(
          messageAt(
            lines,
            node.range?.[0] ?? 0,
            file,
            '',
            `${bad} is not allowed in a policy. Write the value out.`,
          ),
        );
    },
  });
  if (errors.length > 0) return { ok: false, errors };

  const at = (problem: Problem) =>
    messageAt(
      lines,
      offsetOf(document.contents, problem.path),
      file,
      pathText(problem.path),
      problem.message,
    );
  const parsed = policySchema.safeParse(document.toJS());
  if (!parsed.success) return { ok: false, errors: parsed.error.issues.flatMap(problemsOf).map(at) };
  const policy = toPolicy(parsed.data, createHash('sha256').update(text).digest('hex'));
  const broken = brokenReferences(policy);
  if (broken.length > 0) return { ok: false, errors: broken.map(at) };
  if (!beside) return { ok: true, policy, warnings: warnings(policy).map(at) };
  const trusting = withCertificates(policy, beside.base, at);
  if (!trusting.ok || policy.posture.rules === undefined) return trusting;
  return withOwnRules(trusting.policy, resolve(beside.base, policy.posture.rules), beside.checkQueries, at);
}

/** The policy with the certificates that its gates trust; they are part of its hash, because decisions rest on them. */
function withCertificates(
  policy: Policy,
  base: string,
  at: (problem: Problem) => PolicyMessage,
): PolicyReading {
  const errors: PolicyMessage[] = [];
  const edges = policy.edges.map((edge, i) => {
    const { signature } = edge.gates;
    if (!signature) return edge;
    const certificates = signature.trusted.flatMap((file, j) => {
      const reading = readTrusted(file, base, Date.now());
      if ('certificates' in reading) return reading.certificates;
      const path = ['edges', i, 'gates', 'signature', 'trusted', j];
      errors.push(at({ path, message: reading.problem }));
      return [];
    });
    return { ...edge, gates: { ...edge.gates, signature: { ...signature, certificates } } };
  });
  if (errors.length > 0) return { ok: false, errors };
  const trusted = edges.map((edge) => edge.gates.signature?.certificates ?? []);
  const hash = trusted.flat().length === 0 ? policy.hash : hashOf([policy.hash, trusted]);
  const full = { ...policy, edges, hash };
  return { ok: true, policy: full, warnings: warnings(full).map(at) };
}

const hashOf = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex');

/** The policy with the rules of its folder; they are part of its hash, because decisions rest on them. */
function withOwnRules(
  policy: Policy,
  folder: string,
  checkQueries: QueryCheck,
  at: (problem: Problem) => PolicyMessage,
): PolicyReading {
  const path = ['posture', 'rules'];
  const own = readOwnRules(folder, policy.stages);
  if ('unread' in own)
    return {
      ok: false,
      errors: [
        at({
          path,
          message: `Cannot read the folder ${folder} (${own.unread}). It is relative to the policy file.`,
        }),
      ],
    };
  const problems = [...own.problems, ...checkQueries(own.rules.map(({ definition }) => definition))];
  if (problems.length > 0) return { ok: false, errors: problems.map(fileMessage) };
  const empty = own.rules.length === 0 ? [at({ path, message: `There is no .kql file in ${folder}.` })] : [];
  const hash = hashOf([policy.hash, ...own.texts]);
  const full = { ...policy, hash, posture: { ...policy.posture, ownRules: own.rules } };
  return { ok: true, policy: full, warnings: [...warnings(full).map(at), ...empty] };
}

/** A problem of another file than the policy's, as a line of the same kind. */
const fileMessage = ({ file, line, column, message }: OwnRuleProblem): PolicyMessage => ({
  line,
  column,
  path: '',
  message,
  text: `${file}:${line}:${column} ${message}`,
});

function problemsOf(issue: z.core.$ZodIssue): readonly Problem[] {
  const path = issue.path as (string | number)[];
  if (issue.code === 'invalid_type' && issue.message.endsWith('received undefined')) {
    return [{ path, message: 'This key is missing.' }];
  }
  if (issue.code !== 'unrecognized_keys') return [{ path, message: issue.message }];
  return issue.keys.map((key) => {
    const near = closestName(key, knownKeys(path));
    return {
      path: [...path, key],
      message: `There is no such key.${near ? ` Did you mean '${near}'?` : ''}`,
    };
  });
}

/** Keys the schema knows at a path, found by asking the generated JSON Schema. */
function knownKeys(path: readonly (string | number)[]): readonly string[] {
  let schema: unknown = policySchema;
  for (const step of path) schema = childSchema(schema, step);
  const shape = unwrapped(schema)['shape'];
  return shape && typeof shape === 'object' ? Object.keys(shape) : [];
}

type SchemaLike = Readonly<Record<string, unknown>>;

function unwrapped(schema: unknown): SchemaLike {
  let current = (schema ?? {}) as SchemaLike;
  for (;;) {
    const def = (current['def'] ?? {}) as SchemaLike;
    if (!def['innerType']) return { ...def, shape: current['shape'] };
    current = def['innerType'] as SchemaLike;
  }
}

function childSchema(schema: unknown, step: string | number): unknown {
  const def = unwrapped(schema);
  if (typeof step === 'number') return def['element'];
  const shape = def['shape'] as SchemaLike | undefined;
  return shape?.[step] ?? def['valueType'];
}

/** Where a path stands in the file; the nearest parent that exists, if it does not. */
function offsetOf(root: unknown, path: readonly (string | number)[]): number {
  let node = root as Node | null;
  let offset = node?.range?.[0] ?? 0;
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find(
        (item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(step),
      );
      if (!pair) break;
      offset = (pair.key as Node).range?.[0] ?? offset;
      node = pair.value as Node | null;
    } else {
      const item: unknown = (node as { items?: unknown[] } | null)?.items?.[Number(step)];
      if (!item) break;
      node = item as Node;
      offset = node.range?.[0] ?? offset;
    }
  }
  return offset;
}

function messageAt(
  lines: LineCounter,
  offset: number,
  file: string,
  path: string,
  message: string,
): PolicyMessage {
  const { line, col } = lines.linePos(offset);
  const where = { line: Math.max(line, 1), column: Math.max(col, 1) };
  return {
    ...where,
    path,
    message,
    text: `${file}:${where.line}:${where.column} ${path ? `${path}: ` : ''}${message}`,
  };
}

const pathText = (path: readonly (string | number)[]): string =>
  path.map((step, i) => (typeof step === 'number' ? `[${step}]` : i === 0 ? step : `.${step}`)).join('');

const firstLine = (text: string): string => text.split('\n')[0]?.replace(/ at line .*$/, '') ?? text;

/** `"TENANT/OBJECT"` and `"TEAM/USER"` taken apart, `total` and zones filled in. */
function toPolicy(file: PolicyFile, hash: string): Policy {
  const { apiVersion: _, ...rest } = file;
  return {
    ...(rest as unknown as Policy),
    people: Object.fromEntries(Object.entries(file.people).map(([key, value]) => [key, toPerson(value)])),
    edges: file.edges.map((edge) => ({
      ...(edge as unknown as Policy['edges'][number]),
      ...(edge.approvals && {
        approvals: {
          ...(edge.approvals as unknown as NonNullable<Policy['edges'][number]['approvals']>),
          total: Math.max(edge.approvals.total ?? 0, ...edge.approvals.rules.map((rule) => rule.min)),
        },
      }),
    })),
    digests: file.digests.map((digest) => ({ ...digest, timezone: digest.timezone ?? file.timezone })),
    hash,
  };
}

function toPerson(person: PolicyFile['people'][string]): Person {
  const [tenant, objectId] = person.entra?.split('/') ?? [];
  const [team, user] = person.slack?.split('/') ?? [];
  return {
    ...(tenant && objectId && { entra: { tenant, objectId } }),
    ...(team && user && { slack: { team, user } }),
    ...(person.email && { email: person.email }),
  };
}
