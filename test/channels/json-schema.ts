// As much of JSON Schema as Slack's manifest schema uses, so that the manifest is held against Slack's own words.

type Schema = Readonly<Record<string, unknown>>;

/** What a value breaks of a schema; `root` holds the definitions. */
export function schemaProblems(
  value: unknown,
  schema: Schema,
  root: Schema,
  pointer = '',
): readonly string[] {
  const reference = schema['$ref'];
  if (typeof reference === 'string') return schemaProblems(value, definition(reference, root), root, pointer);
  const say = (broken: boolean, message: string): readonly string[] =>
    broken ? [`${pointer} ${message}`] : [];
  const limit = (key: string): number | undefined => schema[key] as number | undefined;
  const options = schema['enum'] as readonly unknown[] | undefined;
  const common = [
    ...say(!isOfType(value, schema['type']), `is not of type ${String(schema['type'])}`),
    ...say(options !== undefined && !options.includes(value), 'is none of the allowed values'),
  ];
  if (typeof value === 'string')
    return [
      ...common,
      ...say(value.length > (limit('maxLength') ?? Infinity), 'is too long'),
      ...say(value.length < (limit('minLength') ?? 0), 'is too short'),
      ...say(
        !new RegExp((schema['pattern'] ?? schema['regex'] ?? '') as string).test(value),
        'has a wrong form',
      ),
    ];
  if (Array.isArray(value))
    return [
      ...common,
      ...say(value.length > (limit('maxItems') ?? Infinity), 'has too many items'),
      ...say(value.length < (limit('minItems') ?? 0), 'has too few items'),
      ...value.flatMap((item, at) =>
        schemaProblems(item, (schema['items'] ?? {}) as Schema, root, `${pointer}/${at}`),
      ),
    ];
  if (typeof value !== 'object' || value === null) return common;
  return [...common, ...objectProblems(value as Schema, schema, root, pointer)];
}

function objectProblems(value: Schema, schema: Schema, root: Schema, pointer: string): readonly string[] {
  const properties = (schema['properties'] ?? {}) as Readonly<Record<string, Schema>>;
  const required = (schema['required'] ?? []) as readonly string[];
  const unknown = Object.keys(value).filter((key) => !(key in properties));
  return [
    ...required.filter((key) => value[key] === undefined).map((key) => `${pointer} lacks ${key}`),
    ...(schema['additionalProperties'] === false
      ? unknown.map((key) => `${pointer} has the unknown ${key}`)
      : []),
    ...Object.entries(properties).flatMap(([key, inner]) =>
      value[key] === undefined ? [] : schemaProblems(value[key], inner, root, `${pointer}/${key}`),
    ),
  ];
}

function definition(reference: string, root: Schema): Schema {
  const name = reference.replace('#/definitions/', '');
  const found = (root['definitions'] as Readonly<Record<string, Schema>>)[name];
  if (!found) throw new Error(`The schema has no ${reference}.`);
  return found;
}

function isOfType(value: unknown, type: unknown): boolean {
  if (type === undefined) return true;
  if (type === 'array') return Array.isArray(value);
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value);
  return typeof value === type;
}
