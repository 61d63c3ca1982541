// Binds Adaptive Card templates: the part of Microsoft's templating language that our templates use (slots, `$data`,
// `$when`), without expressions. The official engine is held against it on every template in the tests.

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
export type Data = Readonly<Record<string, unknown>>;

const slot = /\$\{([\w.$]+)\}/g;
const whole = /^\$\{([\w.$]+)\}$/;

/** The template with its slots filled. Throws where a slot has no value: that is a mistake of the renderer. */
export function expand(template: Json, data: Data): Json {
  const [first] = expandNode(template, data);
  return first ?? {};
}

/** A node becomes none (`$when` is false), one, or one for each item of `$data`. */
function expandNode(node: Json, data: Data): readonly Json[] {
  if (typeof node === 'string') return [expandText(node, data)];
  if (typeof node !== 'object' || node === null) return [node];
  if (isList(node)) return [node.flatMap((item) => expandNode(item, data))];
  const source = node['$data'];
  const scopes = source === undefined ? [data] : asScopes(valueOf(source, data));
  return scopes.flatMap((scope) => expandObject(node, scope));
}

function expandObject(node: Readonly<Record<string, Json>>, data: Data): readonly Json[] {
  const when = node['$when'];
  if (when !== undefined && valueOf(when, data) !== true) return [];
  const entries = Object.entries(node)
    .filter(([key]) => key !== '$data' && key !== '$when')
    .flatMap(([key, value]) => expandNode(value, data).map((expanded) => [key, expanded] as const));
  return [Object.fromEntries(entries)];
}

/** A string that is one slot keeps the value's type; slots within text become text. Values are not expanded again. */
function expandText(text: string, data: Data): Json {
  const only = whole.exec(text)?.[1];
  if (only !== undefined) return lookUp(only, data) as Json;
  return text.replace(slot, (_all, path: string) => String(lookUp(path, data)));
}

function valueOf(expression: Json, data: Data): unknown {
  return typeof expression === 'string' ? expandText(expression, data) : expression;
}

function asScopes(value: unknown): readonly Data[] {
  return Array.isArray(value) ? (value as readonly Data[]) : [value as Data];
}

function lookUp(path: string, data: Data): unknown {
  const value = path.split('.').reduce<unknown>((inner, key) => (inner as Data | undefined)?.[key], data);
  if (value === undefined) throw new TypeError(`The template's slot '${path}' has no value.`);
  return value;
}

const isList = (node: Json): node is readonly Json[] => Array.isArray(node);
