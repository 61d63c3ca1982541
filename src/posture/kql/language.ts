// What the queries of the rules are put together from: literals of the policy's values, the registries with their stages,
// and what is shown. Resource Graph knows no `let`, three joins of which one may leave the table, and constant patterns only.
import { stageTags } from '../stage.ts';

/** What of the policy the queries carry. */
export interface KqlScope {
  /** In the order of promotion. */
  readonly stages: readonly string[];
  /** The policy's own; ids lower-cased. */
  readonly registries: readonly {
    readonly id: string;
    readonly stage: string;
    readonly feedsMirror: boolean;
  }[];
  /** Stages by name, as regular expressions of the whole name; the first that matches counts. */
  readonly patterns: readonly { readonly stage: string; readonly expression: string }[];
  readonly allowedRegions: readonly string[];
  readonly allowedSubscriptions: readonly string[];
  readonly requiredTags: readonly string[];
  readonly naming?: string;
}

/** A query whose rows are the registries that fail, or why there is none, as the end of `it ...`. */
export type Kql = { readonly query: string } | { readonly none: string };

/** From what the policy says to the query of one rule. */
export type Queries = Readonly<Record<string, (scope: KqlScope) => Kql>>;

export const query = (...lines: readonly string[]): Kql => ({ query: lines.join('\n') });

export const type = 'microsoft.containerregistry/registries';
export const registries = `resources\n| where type =~ '${type}'`;
export const show = '| project id, name, resourceGroup, subscriptionId\n| order by id asc';

/** A literal: whatever the policy says stays text. */
export const quoted = (text: string): string => `'${text.replace(/[\\']/g, '\\$&').replace(odd, escaped)}'`;
// Line ends would end the literal; the rest of these nobody sees.
const odd = /[^\x20-\x7e\u00a1-\u02ff\u0370-\u1fff]/g;
const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** Texts as a list for `in`; a list may not be empty. */
export const list = (texts: readonly string[]): string =>
  `(${(texts.length === 0 ? [''] : texts).map(quoted).join(', ')})`;

/** A property as text in lower case, `''` where it is absent. */
export const word = (path: string): string => `tolower(tostring(properties.${path}))`;

/**
 * The registries with `key` (id, lower-cased), `said` (tags, lower-cased) and `stage`: by the policy's list, else by tag, else
 * by the name, else `''`. In lower case.
 */
export function staged({ stages, registries: listed, patterns }: KqlScope): string {
  const cases = [
    ...stages.map((stage) => [
      `key in ${list(listed.filter((one) => one.stage === stage).map(({ id }) => id))}`,
      stage,
    ]),
    ...stageTags.flatMap((tag) =>
      stages.map((stage) => [`tostring(said.${tag}) == ${quoted(stage.toLowerCase())}`, stage]),
    ),
    ...patterns.map(({ stage, expression }) => [`name matches regex ${quoted(expression)}`, stage]),
  ] as const;
  return [
    registries,
    '| extend key = tolower(id), said = parse_json(tolower(tostring(tags)))',
    `| extend stage = case(${cases.map(([test = '', stage = '']) => `${test}, ${quoted(stage.toLowerCase())}`).join(', ')}, '')`,
  ].join('\n');
}

export const last = ({ stages }: KqlScope): string => stages.at(-1)?.toLowerCase() ?? '';

/** `later`: not where people develop; a lone stage is the last one. */
const laterStages = ({ stages }: KqlScope): readonly string[] =>
  (stages.length > 1 ? stages.slice(1) : stages).map((stage) => stage.toLowerCase());

/** Of an unknown stage nothing is claimed. */
export const laterOnly = (scope: KqlScope): string => `| where stage in ${list(laterStages(scope))}`;
export const lastOnly = (scope: KqlScope): string => `| where stage == ${quoted(last(scope))}`;
export const premiumOnly = "| where isempty(tostring(sku.name)) or tostring(sku.name) =~ 'premium'";

/** The elements of an array; a row with none, or without the array, stays with one that is empty. */
export const expanded = (name: string, path: string): string =>
  `| mv-expand ${name} = iff(array_length(properties.${path}) > 0, properties.${path}, dynamic([""])) limit 400`;
