// Durations and sizes as people write them in the policy file.

const durationUnits: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};
const sizeUnits: Readonly<Record<string, number>> = {
  B: 1,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
};

/** `72h`, `7d`, `90m` in milliseconds; `undefined` if it is not one. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d+)(s|m|h|d|w)$/.exec(text);
  const unit = durationUnits[match?.[2] ?? ''];
  return match && unit ? Number(match[1]) * unit : undefined;
}

/** `1GiB`, `512MiB` in bytes; `undefined` if it is not one. */
export function parseSize(text: string): number | undefined {
  const match = /^(\d+)(B|KiB|MiB|GiB|TiB)$/.exec(text);
  const unit = sizeUnits[match?.[2] ?? ''];
  return match && unit ? Number(match[1]) * unit : undefined;
}
