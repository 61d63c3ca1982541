// The scalar functions by name: what is not here is refused by name.
import { conversionFunctions } from './conversion.ts';
import type { ScalarFunction } from './definition.ts';
import { dynamicFunctions } from './dynamic.ts';
import { logicFunctions } from './logic.ts';
import { numberFunctions } from './number.ts';
import { textFunctions } from './text.ts';
import { timeFunctions } from './time.ts';

/** Every scalar function, by its (case-sensitive) name. */
export const scalarFunctions: ReadonlyMap<string, ScalarFunction> = new Map(
  [
    conversionFunctions,
    textFunctions,
    numberFunctions,
    logicFunctions,
    timeFunctions,
    dynamicFunctions,
  ].flatMap((table) => Object.entries(table)),
);
