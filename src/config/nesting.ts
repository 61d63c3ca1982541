// How deep a YAML file goes, looked at before it is parsed: the parser's own end is that of its stack.

/** Far beyond what any file of ours says. */
const mostBrackets = 100;
/** Columns of indentation, with the marks that nest within a line. */
const tooFarIn = /^[ \t?:-]{300}/m;

export const nestingProblem = 'The file is nested too deeply, or too broken to be read. Write it flat.';

/** Whether brackets or indentation nest deeper than a file of ours can mean. */
function isNestedTooDeeply(text: string): boolean {
  let depth = 0;
  for (const [bracket] of text.matchAll(/[[{\]}]/g)) {
    depth = Math.max(0, depth + ('[{'.includes(bracket) ? 1 : -1));
    if (depth > mostBrackets) return true;
  }
  return tooFarIn.test(text);
}

/** What `parse` makes of the text; nothing where it nests too deeply, or so much is broken that the parser's stack ends. */
export function parseNested<T>(text: string, parse: () => T): T | undefined {
  if (isNestedTooDeeply(text)) return undefined;
  try {
    return parse();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
