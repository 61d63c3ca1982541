// The small language in which block-schema.ts states what Slack accepts: each check reports what Slack would say and
// where. Kept apart from the schema, so that the schema reads as a table of the documented limits.

/** One refusal, in the shape of the official method blocks.validate. */
export interface BlockError {
  /** JSON pointer to the offending value, such as `/blocks/0/text/text`. */
  readonly pointer: string;
  readonly code: string;
  readonly message: string;
  readonly constraint: {
    readonly type: string;
    readonly expected?: readonly string[];
    readonly got?: string;
  };
}

export type Check = (value: unknown, pointer: string, errors: BlockError[]) => void;
export type Json = Record<string, unknown>;

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The text of outside data, or the other one where it is no string. */
export function words(value: unknown, otherwise = ''): string {
  return typeof value === 'string' ? value : otherwise;
}

export function refuse(
  errors: BlockError[],
  pointer: string,
  type: string,
  message: string,
  facts: { expected?: readonly string[]; got?: string } = {},
): void {
  errors.push({ pointer, code: 'failed_constraint', message, constraint: { type, ...facts } });
}

/** A string of `min`..`max` characters. */
export function string(max: number, min = 1): Check {
  return (value, pointer, errors) => {
    if (typeof value !== 'string') return refuse(errors, pointer, 'type', 'must be a string');
    if (value.length < min)
      refuse(errors, pointer, 'min_length', `must be more than ${min - 1} characters`, {
        got: `${value.length}`,
      });
    if (value.length > max)
      refuse(errors, pointer, 'max_length', `must be less than ${max + 1} characters`, {
        expected: [`<= ${max}`],
        got: `${value.length}`,
      });
  };
}

export const boolean: Check = (value, pointer, errors) => {
  if (typeof value !== 'boolean') refuse(errors, pointer, 'type', 'must be a boolean');
};

/** A number within bounds; `whole` for counts. */
export function number(min = -Infinity, max = Infinity, whole = false): Check {
  return (value, pointer, errors) => {
    if (typeof value !== 'number' || !Number.isFinite(value) || (whole && !Number.isInteger(value)))
      return refuse(errors, pointer, 'type', whole ? 'must be an integer' : 'must be a number');
    if (value < min || value > max)
      refuse(errors, pointer, 'range', `must be between ${min} and ${max}`, { got: `${value}` });
  };
}

export function oneOf(...values: readonly string[]): Check {
  return (value, pointer, errors) => {
    if (typeof value !== 'string' || !values.includes(value))
      refuse(errors, pointer, 'enum', `must be one of: ${values.join(', ')}`, {
        expected: values,
        got: String(value),
      });
  };
}

/** An array of `min`..`max` items that all pass `item`. */
export function list(item: Check, max: number, min = 1): Check {
  return (value, pointer, errors) => {
    if (!Array.isArray(value)) return refuse(errors, pointer, 'type', 'must be an array');
    if (value.length < min)
      refuse(errors, pointer, 'min_items', `no fewer than ${min} items allowed`, { got: `${value.length}` });
    if (value.length > max)
      refuse(errors, pointer, 'max_items', `no more than ${max} items allowed`, {
        expected: [`<= ${max}`],
        got: `${value.length}`,
      });
    value.forEach((one, index) => item(one, `${pointer}/${index}`, errors));
  };
}

/** An object with these fields and no others; a name that ends in `?` is optional. */
export function object(fields: Record<string, Check>): Check {
  const names = Object.keys(fields).map((name) => name.replace('?', ''));
  return (value, pointer, errors) => {
    if (!isJson(value)) return refuse(errors, pointer, 'type', 'must be an object');
    for (const [name, check] of Object.entries(fields)) {
      const key = name.replace('?', '');
      if (value[key] !== undefined) check(value[key], `${pointer}/${key}`, errors);
      else if (!name.endsWith('?')) refuse(errors, pointer, 'required', `missing required field: ${key}`);
    }
    for (const key of Object.keys(value))
      if (!names.includes(key))
        refuse(errors, pointer, 'additional_property', `invalid additional property: ${key}`);
  };
}

/** An object whose `type` picks its check: an unknown type is refused by name. */
export function byType(checks: Record<string, Check>): Check {
  return (value, pointer, errors) => {
    if (!isJson(value)) return refuse(errors, pointer, 'type', 'must be an object');
    const check = typeof value['type'] === 'string' ? checks[value['type']] : undefined;
    if (check) return check(value, pointer, errors);
    refuse(errors, `${pointer}/type`, 'enum', `unsupported type: ${String(value['type'])}`, {
      expected: Object.keys(checks),
      got: String(value['type']),
    });
  };
}

/** All of these checks, one after the other. */
export function all(...checks: readonly Check[]): Check {
  return (value, pointer, errors) => {
    for (const check of checks) check(value, pointer, errors);
  };
}

/** A rule of its own over an object that already has its shape. */
export function rule(test: (value: Json) => string | undefined, type = 'rule'): Check {
  return (value, pointer, errors) => {
    const message = isJson(value) ? test(value) : undefined;
    if (message) refuse(errors, pointer, type, message);
  };
}
