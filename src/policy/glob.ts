// Patterns of the policy (`shop/**`, `v*.*.*`): `*` is any run within one segment, `**` any run at all.

const compiled = new Map<string, RegExp>();

/** Whether `text` as a whole matches the pattern. Everything but `*` stands for itself. */
export function matchesGlob(pattern: string, text: string): boolean {
  let expression = compiled.get(pattern);
  if (!expression) {
    const source = pattern
      .split(/(\*\*|\*)/)
      .map((part) =>
        part === '**' ? '.*' : part === '*' ? '[^/]*' : part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'),
      )
      .join('');
    expression = new RegExp(`^${source}$`);
    compiled.set(pattern, expression);
  }
  return expression.test(text);
}
