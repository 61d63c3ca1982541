// Texts that somebody unknown wrote to do harm, and the evidence that holds them.
import fc from 'fast-check';

export const nasty = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom(
    '<!channel> <@U1>',
    '</at><at>everyone</at>',
    '${secret}',
    '\u001b[31mred\u001b[0m',
    '\u202eevil',
    '\r\nApproved by: security',
    '\ud800',
    '',
    ' ',
    '*'.repeat(200),
    '](https://evil.example.com)',
  ),
);
export const time = fc.integer({ min: 0, max: 4e12 });
/** What changed in packages. */
export const changes = fc.record({
  added: fc.array(nasty),
  removed: fc.array(nasty),
  counts: fc.record({ added: fc.nat(), removed: fc.nat() }),
  changed: fc.array(nasty),
  changedCount: fc.nat(),
});
const status = fc.constantFrom('verified' as const, 'invalid' as const, 'unverified' as const);
const kind = fc.constantFrom('notation' as const, 'cosign' as const);
export const signature = fc.record({ kind, status, identity: nasty, detail: nasty });
