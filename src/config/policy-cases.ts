// Reads a file of policy cases: YAML, checked, with every error by line. A company keeps it beside its policy.
import { readFileSync } from 'node:fs';
import { isNode, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import type { PolicyCase } from '../policy/cases.ts';
import { ConfigurationError } from './configuration-error.ts';
import { nestingProblem, parseNested } from './nesting.ts';
import { parseDuration } from './quantity.ts';

const duration = z.string().transform((text, context) => {
  const value = parseDuration(text);
  if (value !== undefined) return value;
  context.addIssue({ code: 'custom', message: 'write it as 30m, 24h or 7d' });
  return z.NEVER;
});
const time = z.union([z.string(), z.date()]).transform((given, context) => {
  const at = given instanceof Date ? given.getTime() : Date.parse(given);
  if (Number.isFinite(at)) return at;
  context.addIssue({ code: 'custom', message: 'write it as 2026-11-23T10:00:00+01:00' });
  return z.NEVER;
});
const name = z.string().min(1);

const evidence = z.strictObject({
  scan: z
    .strictObject({
      critical: z.int().min(0).default(0),
      high: z.int().min(0).default(0),
      age: duration.default(0),
    })
    .optional(),
  signature: z.enum(['verified', 'invalid', 'unverified', 'cosign']).optional(),
  sbom: z.boolean().default(false),
  labels: z.array(z.string()).default([]),
  soak: duration.optional(),
  posture: z.record(z.string(), z.enum(['pass', 'fail', 'unknown', 'waived'])).default({}),
});

const schema = z.strictObject({
  cases: z
    .array(
      z.strictObject({
        name,
        now: time,
        request: z.strictObject({
          image: name,
          from: name.optional(),
          to: name,
          by: name,
          evidence: evidence.prefault({}),
        }),
        votes: z
          .array(
            z.strictObject({
              by: name,
              decision: z.enum(['approve', 'reject']).default('approve'),
              at: time.optional(),
              because: z.string().optional(),
            }),
          )
          .default([]),
        expect: z.strictObject({ state: name, refusal: name.optional() }),
      }),
    )
    .min(1),
});

/** Throws ConfigurationError with one line an error: `cases.yaml:7:5 cases.0.request.to: ...`. */
export function readPolicyCases(file: string): readonly PolicyCase[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ConfigurationError(
      `Cannot read the cases ${file} (${code ?? 'error'}). Name a file that exists.`,
    );
  }
  const cases = parseNested(text, () => parseCases(text, file));
  if (!cases) throw new ConfigurationError(`${file}:1:1 ${nestingProblem}`);
  return cases;
}

function parseCases(text: string, file: string): readonly PolicyCase[] {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const place = (offset: number | undefined) => {
    const { line, col } = lines.linePos(offset ?? 0);
    return `${file}:${line}:${col}`;
  };
  if (document.errors.length > 0)
    throw new ConfigurationError(
      document.errors.map((error) => `${place(error.pos[0])} ${error.message.split('\n')[0]}`).join('\n'),
    );
  const parsed = schema.safeParse(valueOf(document, file));
  if (parsed.success) return parsed.data.cases as readonly PolicyCase[];
  throw new ConfigurationError(
    parsed.error.issues
      .map((issue) => {
        const node = document.getIn(issue.path as (string | number)[], true);
        const parent = isNode(node)
          ? node
          : document.getIn(issue.path.slice(0, -1) as (string | number)[], true);
        const offset = isNode(parent) ? parent.range?.[0] : undefined;
        return `${place(offset)} ${issue.path.join('.')}: ${issue.message}`;
      })
      .join('\n'),
  );
}

/** Aliases are allowed here, but not such that multiply. */
function valueOf(document: ReturnType<typeof parseDocument>, file: string): unknown {
  try {
    return document.toJS();
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    throw new ConfigurationError(`${file}:1:1 ${error.message}. Write the values out.`);
  }
}
