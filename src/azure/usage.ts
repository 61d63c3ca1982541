// How full a registry is and how fast it fills: usages are a snapshot, the storage metric is fresh and has a history.
import { z } from 'zod';
import type { Usage } from '../posture/facts.ts';
import type { Arm } from './arm.ts';
import { AzureError, parseAnswer } from './errors.ts';
import { defined } from './row-schema.ts';

const usages = z.object({
  value: z.array(z.object({ name: z.string(), limit: z.number(), currentValue: z.number() })),
});
const point = z.object({
  timeStamp: z.string(),
  average: z.number().nullish(),
  total: z.number().nullish(),
});
const metrics = z.object({
  value: z.array(
    z.object({
      name: z.object({ value: z.string() }),
      timeseries: z.array(z.object({ data: z.array(point) })),
    }),
  ),
});
type Point = z.output<typeof point>;

const day = 86_400_000;

/** `now` in milliseconds. Metrics that cannot be had leave growth and pulls absent. */
export async function readUsage(arm: Arm, id: string, now: number): Promise<Usage> {
  const timespan = `${new Date(now - 30 * day).toISOString()}/${new Date(now).toISOString()}`;
  const metric = (name: string, aggregation: string) =>
    arm
      .ask(
        `${id}/providers/Microsoft.Insights/metrics?api-version=2023-10-01&metricnames=${name}` +
          `&aggregation=${aggregation}&interval=P1D&timespan=${encodeURIComponent(timespan)}`,
      )
      .then((body) => pointsOf(body, name))
      .catch(() => []);
  const [body, storage, pulls] = await Promise.all([
    arm.ask(`${id}/listUsages?api-version=2025-11-01`),
    metric('StorageUsed', 'average'),
    metric('TotalPullCount', 'total'),
  ]);
  const { value } = parseAnswer(usages, body, 'the usages of a registry');
  const named = (name: string) => value.find((usage) => usage.name.toLowerCase() === name);
  const counted = (name: string) => {
    const found = named(name);
    return found && { used: found.currentValue, limit: found.limit };
  };
  const size = named('size');
  if (!size) throw new AzureError('absent', 'The usages of the registry do not name its size.', false);
  const averages = storage.flatMap(({ at, average }) =>
    typeof average === 'number' ? [{ at, value: average }] : [],
  );
  return {
    used: averages.at(-1)?.value ?? size.currentValue,
    included: size.limit,
    ...defined({
      growthPerDay: growthOf(averages),
      geoReplications: counted('geo-replications'),
      webhooks: counted('webhooks'),
      // The days are counted back from now, so the last one is the last 24 hours.
      pulls: pulls.at(-1)?.total ?? undefined,
    }),
  };
}

/** In order of time. */
function pointsOf(body: unknown, name: string): readonly (Point & { readonly at: number })[] {
  return parseAnswer(metrics, body, 'a metric of a registry')
    .value.filter((metric) => metric.name.value === name)
    .flatMap((metric) => metric.timeseries.flatMap((series) => series.data))
    .map((each) => ({ ...each, at: Date.parse(each.timeStamp) }))
    .filter((each) => Number.isFinite(each.at))
    .sort((a, b) => a.at - b.at);
}

/** Bytes a day from the first to the last point; a week at least, or nothing can be said. */
function growthOf(points: readonly { readonly at: number; readonly value: number }[]): number | undefined {
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last || last.at - first.at < 7 * day) return undefined;
  return ((last.value - first.value) * day) / (last.at - first.at);
}
