import { expect, it } from 'vitest';
import { verbs } from '../../../src/commands/catalogue.ts';
import { defaultCommands } from '../../../src/sandbox/workspace/commands.ts';

const byName = (a = '', b = ''): number => a.localeCompare(b);

it('the composers complete exactly the verbs of the catalogue', () => {
  const completed = new Set(defaultCommands.map((command) => command.usage.split(' ')[0]));

  expect([...completed].sort(byName)).toEqual(
    verbs
      .map((verb) => verb.name)
      .filter((name) => name !== 'refresh')
      .sort(byName),
  );
});
