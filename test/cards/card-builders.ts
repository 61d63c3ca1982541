// Which builders of cards and forms there are, read off the code itself, so that none is forgotten by who writes samples.
import { readdirSync, readFileSync } from 'node:fs';

const folder = new URL('../../src/cards/', import.meta.url);
const header = /^(?:function|const) (\w+)(?: = )?\([\s\S]*?\): (Card|Form)(?: \| undefined)? (?:=>|\{)/;

/** Names of the exported functions of src/cards that give a card, or a form. */
export function buildersOf(kind: 'Card' | 'Form'): readonly string[] {
  return readdirSync(folder)
    .flatMap((name) =>
      readFileSync(new URL(name, folder), 'utf8')
        .split(/^export /m)
        .slice(1),
    )
    .flatMap((declaration) => {
      const [own = ''] = declaration.split(/^}$|;\n\n/m);
      const [, name = '', gives] = header.exec(own) ?? [];
      return gives === kind ? [name] : [];
    })
    .sort();
}
