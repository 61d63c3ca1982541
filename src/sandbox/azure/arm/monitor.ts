// Azure Monitor of a registry: diagnostic settings, which Resource Graph does not have, and metrics.
import type { Answer } from '../answer.ts';
import { ArmError, badRequest, notFound } from './errors.ts';
import type { ArmRequest, ArmRoute } from './request.ts';
import { allow, type ArmWorld, factsOf } from './world.ts';

const day = 24 * 3600 * 1000;
const base = '^(/subscriptions/.+)/providers/microsoft\\.insights';

export function monitorRoutes(world: ArmWorld): readonly ArmRoute[] {
  return [
    {
      name: 'diagnosticSettings.list',
      method: 'GET',
      path: new RegExp(`${base}/diagnosticSettings$`, 'i'),
      answer: (request, [id = '']) => ({ status: 200, body: { value: settingsOf(world, request, id) } }),
    },
    {
      name: 'diagnosticSettings.get',
      method: 'GET',
      path: new RegExp(`${base}/diagnosticSettings/([^/]+)$`, 'i'),
      answer: (request, [id = '', name = '']) => {
        const all = settingsOf(world, request, id);
        const found = all.find((setting) => setting.name.toLowerCase() === name.toLowerCase());
        if (found === undefined) throw notFound(`microsoft.insights/diagnosticSettings/${name}`);
        return { status: 200, body: found };
      },
    },
    {
      name: 'metrics.list',
      method: 'GET',
      path: new RegExp(`${base}/metrics$`, 'i'),
      answer: (request, [id = '']) => metrics(world, request, id),
    },
  ];
}

function settingsOf(world: ArmWorld, request: ArmRequest, id: string): readonly { name: string }[] {
  const exactId = knownId(world, id);
  allow(world, request, 'Microsoft.Insights/diagnosticSettings/read', exactId);
  const { diagnosticSettings = [] } = factsOf(world, exactId);
  const status = Array.isArray(diagnosticSettings) ? undefined : diagnosticSettings.status;
  if (status !== undefined || world.faults.strikes('403-diagnostics')) {
    throw new ArmError(
      status ?? 403,
      status === undefined || status === 403 ? 'AuthorizationFailed' : 'Failed',
      `The client does not have authorization to perform action 'Microsoft.Insights/diagnosticSettings/read' over scope '${exactId}'.`,
    );
  }
  return (Array.isArray(diagnosticSettings) ? diagnosticSettings : []).map((setting) => ({
    ...setting,
    id: `${exactId}/providers/microsoft.insights/diagnosticSettings/${setting.name}`,
    type: 'Microsoft.Insights/diagnosticSettings',
  }));
}

function metrics(world: ArmWorld, request: ArmRequest, id: string): Answer {
  const exactId = knownId(world, id);
  allow(world, request, 'Microsoft.Insights/metrics/read', exactId);
  const known = factsOf(world, exactId).metrics ?? {};
  const names = (request.query.get('metricnames') ?? Object.keys(known)[0] ?? '').split(',').filter(Boolean);
  const { from, to } = timespanOf(request.query.get('timespan'));
  const aggregation =
    (request.query.get('aggregation') ?? 'average').split(',')[0]?.toLowerCase() ?? 'average';
  const value = names.map((name) => {
    const metric = known[name];
    if (metric === undefined && !metricNames.includes(name)) {
      throw badRequest(
        `Failed to find metric configuration for metric: ${name}. Valid metrics: ${metricNames.join(',')}`,
      );
    }
    return series(exactId, name, metric ?? { unit: 'Count', daily: [] }, { from, to, aggregation });
  });
  const timespan = `${new Date(from).toISOString()}/${new Date(to).toISOString()}`;
  return {
    status: 200,
    body: {
      cost: value.length - 1,
      timespan,
      interval: 'P1D',
      value,
      namespace: 'Microsoft.ContainerRegistry/registries',
      resourceregion: 'westeurope',
    },
  };
}

const metricNames = [
  'StorageUsed',
  'TotalPullCount',
  'SuccessfulPullCount',
  'TotalPushCount',
  'SuccessfulPushCount',
  'RunDuration',
  'AgentPoolCPUTime',
];

interface Window {
  readonly from: number;
  readonly to: number;
  readonly aggregation: string;
}

/** The daily values that lie in the window; a metric of a registry without the fact has no points. */
function series(
  id: string,
  name: string,
  metric: { readonly unit: string; readonly daily: readonly number[] },
  window: Window,
): object {
  const today = Math.floor(window.to / day) * day;
  const points = metric.daily
    .map((value, index) => ({ at: today - (metric.daily.length - 1 - index) * day, value }))
    .filter((point) => point.at >= window.from - day && point.at <= window.to)
    .map((point) => ({ timeStamp: new Date(point.at).toISOString(), [window.aggregation]: point.value }));
  return {
    id: `${id}/providers/Microsoft.Insights/metrics/${name}`,
    type: 'Microsoft.Insights/metrics',
    name: { value: name, localizedValue: name },
    unit: metric.unit,
    timeseries: points.length === 0 ? [] : [{ metadatavalues: [], data: points }],
    errorCode: 'Success',
  };
}

function timespanOf(text: string | null): { from: number; to: number } {
  const now = Date.now();
  if (text === null) return { from: now - 3600 * 1000, to: now };
  const [from = '', to = ''] = text.split('/').map((part) => Date.parse(part));
  if (typeof from === 'number' && typeof to === 'number' && from <= to) return { from, to };
  throw badRequest(`Invalid timespan '${text}'. Must be FROM/TO in ISO 8601.`);
}

function knownId(world: ArmWorld, id: string): string {
  const exactId = world.resourceIds.get(id.toLowerCase());
  if (exactId === undefined) throw notFound(id);
  return exactId;
}
