// Chance that can be had again: everything the fuzzer does follows from a seed, the name of a target and a number.

/** Numbers from 0 to 1, and what is drawn by them. */
export interface Dice {
  roll(): number;
  /** A whole number from 0 up to `below`, which is left out. */
  below(below: number): number;
  /** Throws for an empty list. */
  pick<T>(all: readonly T[]): T;
  /** True in so many of a hundred. */
  chance(percent: number): boolean;
}

/** The dice of one execution. */
export function createDice(...parts: readonly (string | number)[]): Dice {
  let state = hash(parts.join(' '));
  // mulberry32: small, quick, and good enough to choose among bytes.
  const roll = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(roll() * limit);
  return {
    roll,
    below,
    pick: (all) => {
      if (all.length === 0) throw new RangeError('nothing to pick from');
      return all[below(all.length)]!;
    },
    chance: (percent) => roll() * 100 < percent,
  };
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value | 0;
}
