// Charts of Teams: an extension of Adaptive Cards, so the same numbers as text go along as its fallback.
import type { Block } from '../../cards/card.ts';
import { limits } from './limits.ts';
import { words } from './runs.ts';
import { expand, type Json } from './template.ts';
import { templates } from './templates.ts';

type Chart = Extract<Block, { kind: 'chart' }>;

/** The native chart with its fallback; without any finite number the fallback alone. */
export function renderChart(chart: Chart, max: number): readonly Json[] {
  const from = Math.max(0, chart.categories.length - limits.chartPoints);
  const categories = chart.categories.slice(from).map((name) => words(name, max));
  const series = chart.series.map((each) => ({
    legend: words(each.name, max),
    values: categories.flatMap((x, at) => {
      const y = each.values[from + at];
      return y !== undefined && Number.isFinite(y) ? [{ x, y }] : [];
    }),
  }));
  const [first] = series;
  const data = {
    type: typeOf(chart),
    title: words(chart.title, max) || 'Chart',
    unit: words(chart.unit, max),
    data: chart.type === 'bar' && series.length === 1 && first ? first.values : series,
    lines: chart.series.map((each) => ({
      name: words(each.name, max),
      values: words(linesOf(chart, each.values), max * 2),
    })),
  };
  const drawn = expand(templates.chart, data) as { readonly fallback: Json };
  return [series.some((each) => each.values.length > 0) ? (drawn as unknown as Json) : drawn.fallback];
}

function typeOf(chart: Chart): string {
  if (chart.type === 'line') return 'Chart.Line';
  return chart.series.length === 1 ? 'Chart.VerticalBar' : 'Chart.VerticalBar.Grouped';
}

const linesOf = (chart: Chart, values: readonly number[]): string =>
  `${chart.categories.map((name, at) => `${name} ${values[at] ?? '?'}`).join(', ')}${chart.unit ? ` (${chart.unit})` : ''}`;
