// Checks the queries of the organisation's own rules with Microsoft's own KQL parser. The parser costs some 0.3 s and
// 100 MB, so it is loaded when there is a query to check, and never otherwise.
import { createRequire } from 'node:module';
import type { OwnRuleDefinition } from '../posture/own-rule.ts';

/** Lines and columns from 1, in the rule's file. */
interface KqlProblem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

interface Diagnostic {
  readonly Severity: string;
  readonly Message: string;
  readonly Start: number;
}

/** What is used of the library: it has globals, and no types that would fit. */
interface Library {
  readonly Kusto: {
    readonly Language: {
      readonly KustoCode: {
        Parse(text: string): {
          GetDiagnostics(): { readonly Count: number; getItem(index: number): Diagnostic };
        };
      };
    };
  };
}

/** Brackets nested deeper than this make the parser take seconds. */
const maxNesting = 100;

/** Every syntax error of the queries, in the order of the rules. */
export function kqlProblems(definitions: readonly OwnRuleDefinition[]): readonly KqlProblem[] {
  return definitions.flatMap((definition) => problemsOf(definition));
}

function problemsOf({ query, path: file, line }: OwnRuleDefinition): readonly KqlProblem[] {
  if (deepestBracket(query) > maxNesting)
    return [{ file, line, column: 1, message: `Brackets are nested deeper than ${maxNesting}.` }];
  const found = library().Kusto.Language.KustoCode.Parse(query).GetDiagnostics();
  return Array.from({ length: found.Count }, (_, i) => found.getItem(i))
    .filter((each) => each.Severity === 'Error')
    .map((each) => {
      const before = query.slice(0, each.Start).split('\n');
      return {
        file,
        line: line + before.length - 1,
        column: (before.at(-1)?.length ?? 0) + 1,
        message: sentence(each.Message),
      };
    });
}

const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

function deepestBracket(text: string): number {
  let [depth, deepest] = [0, 0];
  for (const [bracket] of text.replaceAll(/"[^"\n]*"|'[^'\n]*'/g, '').matchAll(/[([{}\])]/g)) {
    depth += '([{'.includes(bracket) ? 1 : -1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

let loaded: Library | undefined;

function library(): Library {
  if (!loaded) {
    const require = createRequire(import.meta.url);
    require('@kusto/language-service-next/bridge.min.js');
    require('@kusto/language-service-next/Kusto.Language.Bridge.min.js');
    loaded = globalThis as unknown as Library;
  }
  return loaded;
}
