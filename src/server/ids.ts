// Randomness and hashes for the rooms that have none of their own.
import { createHash, randomBytes, randomInt } from 'node:crypto';
import type { Ids } from '../ports.ts';

/** Without letters and digits that are read for one another (0 O, 1 I L, U V). */
const letters = '23456789ABCDEFGHJKMNPQRSTWXYZ';

const word = (length: number): string =>
  Array.from({ length }, () => letters[randomInt(letters.length)]).join('');

export const ids: Ids = {
  request: () => `P-${word(5)}`,
  code: () => [word(4), word(4), word(4)].join('-'),
  token: () => randomBytes(12).toString('base64url'),
  hash: (text) => createHash('sha256').update(text).digest('hex'),
};
