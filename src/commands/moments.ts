// Times as people write them: so long from now, a day, or a day and a time.
const units: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 24 * 3_600_000 };

/**
 * `90m`, `4h`, `3d`, `2027-01-04` (its end) or `2027-01-04T18:00`, in the zone. Milliseconds; nothing for anything else,
 * or for what is not ahead.
 */
export function parseMoment(text: string, now: number, zone: string): number | undefined {
  const span = /^(\d{1,4})([mhd])$/i.exec(text);
  const at = span ? now + Number(span[1]) * (units[span[2]?.toLowerCase() ?? ''] ?? 0) : calendar(text, zone);
  return at !== undefined && at > now ? at : undefined;
}

function calendar(text: string, zone: string): number | undefined {
  const match = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}))?$/i.exec(text);
  if (!match?.[1]) return undefined;
  try {
    const day = Temporal.PlainDate.from(match[1]);
    return match[2] === undefined
      ? day.add({ days: 1 }).toZonedDateTime(zone).epochMilliseconds - 1
      : day.toZonedDateTime({ timeZone: zone, plainTime: Temporal.PlainTime.from(match[2]) })
          .epochMilliseconds;
  } catch {
    return undefined;
  }
}
