// Patterns of the policy (`shop/**`, `v*.*.*`): `*` is any run within one segment, `**` any run at all.

const compiled = new Map<string, RegExp>();

/** Whether `text` as a whole matches the pattern. Everything but `*` stands for itself. */
export function matchesGlob(pattern: string, text: string): boolean {
  let expression = compiled.get(pattern);
  if (!expression) {
    expression = new RegExp(globExpression(pattern));
    compiled.set(pattern, expression);
  }
  return expression.test(text);
}

/** The pattern as a regular expression of the whole text, in what JavaScript and RE2 have in common. */
export function globExpression(pattern: string): string {
  const source = pattern
    .split(/(\*\*|\*)/)
    .map((part) =>
      part === '**' ? '.*' : part === '*' ? '[^/]*' : part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'),
    )
    .join('');
  return `^${source}$`;
}
