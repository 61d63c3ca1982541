// Fills the blanks of an estate: times relative to the seeding, digests of its images, and the login servers that its
// registries really have.

/** What the blanks are filled from. */
export interface Blanks {
  /** Milliseconds since 1970: when this sandbox was seeded. */
  readonly seededAt: number;
  /** Digest of REGISTRY/REPOSITORY:TAG, or of one platform with @OS/ARCHITECTURE; undefined where there is none. */
  digestOf(reference: string): string | undefined;
  /** `localhost:PORT` of a registry by its name in lower case. */
  loginServerOf(registry: string): string | undefined;
}

const units = { d: 24 * 3600, h: 3600, m: 60, s: 1 } as const;

/** A copy of a value with all blanks in its texts filled. Throws for an unknown blank or image. */
export function filled<T>(value: T, blanks: Blanks): T {
  // A text becomes a text, so the copy has the type of the original.
  return copied(value, blanks) as T;
}

/** Milliseconds since 1970 of an ISO time or of `${ago:...}` and `${in:...}`. */
export function timeOf(text: string, blanks: Blanks): number {
  const at = Date.parse(filledText(text, blanks));
  if (Number.isNaN(at)) throw new Error(`Invalid time '${text}'. Must be ISO 8601, \${ago:3d} or \${in:3d}.`);
  return at;
}

function copied(value: unknown, blanks: Blanks): unknown {
  if (typeof value === 'string') return filledText(value, blanks);
  if (Array.isArray(value)) return value.map((item) => copied(item, blanks));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, copied(inner, blanks)]));
}

function filledText(text: string, blanks: Blanks): string {
  return text
    .replace(/\$\{([a-z]+):([^}]*)\}/gi, (_, kind: string, value: string) => blank(kind, value, blanks))
    .replace(/\b([a-z0-9]{5,50})\.azurecr\.io\b/gi, (host: string, name: string) => {
      return blanks.loginServerOf(name.toLowerCase()) ?? host;
    });
}

function blank(kind: string, value: string, blanks: Blanks): string {
  switch (kind) {
    case 'ago':
      return new Date(blanks.seededAt - duration(value)).toISOString();
    case 'in':
      return new Date(blanks.seededAt + duration(value)).toISOString();
    case 'digest': {
      const digest = blanks.digestOf(value);
      if (digest === undefined)
        throw new Error(`Invalid blank 'digest:${value}': the estate has no such image.`);
      return digest;
    }
    default:
      throw new Error(`Invalid blank '${kind}:${value}'. Must be one of: ago, in, digest.`);
  }
}

/** Milliseconds of `3d`, `2h30m`, `45s`. */
function duration(text: string): number {
  const parts = [...text.matchAll(/(\d+)([dhms])/g)];
  if (parts.length === 0 || parts.map((part) => part[0]).join('') !== text) {
    throw new Error(`Invalid duration '${text}'. Must be like 3d, 2h30m or 45s.`);
  }
  const seconds = parts.reduce((sum, [, count, unit]) => {
    const name = unit === 'd' || unit === 'h' || unit === 'm' ? unit : 's';
    return sum + Number(count) * units[name];
  }, 0);
  return seconds * 1000;
}
