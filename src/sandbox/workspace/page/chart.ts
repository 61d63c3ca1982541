// Line, bar and pie charts as inline SVG, for both chats. Series differ by colour and by dash, and each chart has a
// text twin for those who cannot see it.
import { h, svg } from './dom.ts';

export interface Series {
  readonly name: string;
  readonly points: readonly { readonly label: string; readonly value: number }[];
}
export interface Chart {
  readonly title: string;
  readonly kind: 'line' | 'area' | 'bar' | 'pie' | 'donut';
  /** For pie and donut, one series whose points are the slices. */
  readonly series: readonly Series[];
  readonly xLabel?: string;
  readonly yLabel?: string;
}

const colours = [
  'light-dark(#2563c9, #7fb0ff)',
  'light-dark(#c2410c, #ff9c6b)',
  'light-dark(#0f766e, #4fd1c5)',
  'light-dark(#7c3aed, #bda0ff)',
  'light-dark(#a16207, #e5b64b)',
  'light-dark(#be185d, #ff8cc0)',
] as const;
const dashes = ['', '6 3', '2 3', '8 3 2 3', '4 4', '1 4'];
const wide = { width: 520, height: 214, left: 40, right: 12, top: 20, bottom: 30 };
const colour = (index: number): string => colours[index % colours.length] ?? colours[0];

export function drawChart(chart: Chart): HTMLElement {
  const round = chart.kind === 'pie' || chart.kind === 'donut';
  const points = chart.series[0]?.points ?? [];
  const legend = round
    ? points.map((one) => `${one.label} ${one.value}`)
    : chart.series.map((one) => one.name);
  const picture = round ? pie(points, chart.kind === 'donut') : plot(chart);
  return h(
    'figure',
    { class: 'chart', role: 'img', 'aria-label': twin(chart) },
    h('figcaption', {}, chart.title),
    picture,
    (round || legend.length > 1) &&
      h('div', { class: 'legend' }, ...legend.map((text, index) => legendEntry(text, index, chart.kind))),
  );
}

/** Lines are told apart by their dashes too, so the legend shows them. */
function legendEntry(text: string, index: number, kind: Chart['kind']): HTMLElement {
  if (kind !== 'line' && kind !== 'area')
    return h('span', {}, h('i', { style: `background:${colour(index)}` }), text);
  const stroke = {
    stroke: colour(index),
    'stroke-width': 2.5,
    'stroke-dasharray': dashes[index % dashes.length],
  };
  const line = svg('line', { x1: 0, x2: 26, y1: 5, y2: 5, ...stroke });
  return h('span', {}, svg('svg', { viewBox: '0 0 26 10', class: 'dash' }, line), text);
}

function twin(chart: Chart): string {
  const lines = chart.series.map(
    (one) => `${one.name}: ${one.points.map((at) => `${at.label} ${at.value}`).join(', ')}`,
  );
  return `${chart.title}. ${lines.join('; ')}`;
}

/** Round numbers that hold all values: the axis starts at 0 unless the values are far from it and close together. */
function scaleOf(values: readonly number[]): { low: number; high: number; steps: number[] } {
  const largest = Math.max(0, ...values);
  const smallest = Math.min(0, ...values);
  const raw = (largest - smallest || 1) / 4;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = ([1, 2, 2.5, 5, 10].find((one) => one * power >= raw) ?? 10) * power;
  const low = Math.floor(smallest / step) * step;
  const high = Math.ceil(largest / step) * step || step;
  return {
    low,
    high,
    steps: Array.from({ length: Math.round((high - low) / step) + 1 }, (_, index) => low + index * step),
  };
}

function plot(chart: Chart): SVGElement {
  const { width, height, left, right, top, bottom } = wide;
  const scale = scaleOf(chart.series.flatMap((one) => one.points.map((at) => at.value)));
  const labels = chart.series[0]?.points.map((one) => one.label) ?? [];
  const slot = (width - left - right) / Math.max(1, labels.length);
  const x = (index: number): number => left + slot * (index + 0.5);
  const y = (value: number): number =>
    height - bottom - ((value - scale.low) / (scale.high - scale.low)) * (height - top - bottom);
  const grid = scale.steps.flatMap((value) => [
    svg('line', { x1: left, x2: width - right, y1: y(value), y2: y(value), class: 'grid' }),
    svg('text', { x: left - 6, y: y(value) + 4, class: 'tick end' }, String(Number(value.toFixed(2)))),
  ]);
  const every = Math.ceil(labels.length / 8);
  const ticks = labels.flatMap((label, index) =>
    index % every === 0
      ? [svg('text', { x: x(index), y: height - bottom + 16, class: 'tick middle' }, label)]
      : [],
  );
  const axis = [
    chart.yLabel ? svg('text', { x: 2, y: 10, class: 'tick' }, chart.yLabel) : undefined,
    chart.xLabel
      ? svg('text', { x: width - right, y: height - 1, class: 'tick end' }, chart.xLabel)
      : undefined,
  ];
  const marks = chart.kind === 'bar' ? bars(chart.series, { x, y, slot, zero: y(0) }) : lines(chart, x, y);
  return svg(
    'svg',
    { viewBox: `0 0 ${width} ${height}`, 'aria-hidden': 'true' },
    ...grid,
    ...ticks,
    ...axis,
    ...marks,
  );
}

function lines(chart: Chart, x: (index: number) => number, y: (value: number) => number): SVGElement[] {
  return chart.series.flatMap(({ points }, index) => {
    const path = points.map((one, at) => `${x(at)},${y(one.value)}`).join(' ');
    const stroke = colour(index);
    const area = chart.kind === 'area' ? `${path} ${x(points.length - 1)},${y(0)} ${x(0)},${y(0)}` : '';
    return [
      ...(area ? [svg('polygon', { points: area, fill: stroke, opacity: 0.16 })] : []),
      svg('polyline', {
        points: path,
        fill: 'none',
        stroke,
        'stroke-width': 2.2,
        'stroke-dasharray': dashes[index % dashes.length],
      }),
      ...points.map((one, at) =>
        svg(
          'circle',
          { cx: x(at), cy: y(one.value), r: 2.8, fill: stroke },
          svg('title', {}, `${one.label}: ${one.value}`),
        ),
      ),
    ];
  });
}

interface BarPlace {
  readonly x: (index: number) => number;
  readonly y: (value: number) => number;
  readonly slot: number;
  /** The height of the line at 0. */
  readonly zero: number;
}

function bars(series: readonly Series[], { x, y, slot, zero }: BarPlace): SVGElement[] {
  const width = Math.min(44, (slot * 0.72) / series.length);
  return series.flatMap(({ points }, index) =>
    points.map((one, at) => {
      const from = x(at) + (index - series.length / 2) * width;
      const top = Math.min(y(one.value), zero);
      const size = {
        x: from + 1,
        y: top,
        width: width - 2,
        height: Math.max(1, Math.abs(y(one.value) - zero)),
      };
      return svg(
        'rect',
        { ...size, rx: 2, fill: colour(index) },
        svg('title', {}, `${one.label}: ${one.value}`),
      );
    }),
  );
}

function pie(points: Series['points'], hollow: boolean): SVGElement {
  const sum = points.reduce((total, one) => total + one.value, 0) || 1;
  const round = 2 * Math.PI * 25;
  let from = 0;
  const slices = points.map((one, index) => {
    const share = (one.value / sum) * round;
    const slice = svg(
      'circle',
      {
        r: 25,
        cx: 50,
        cy: 50,
        fill: 'none',
        stroke: colour(index),
        'stroke-width': hollow ? 22 : 50,
        'stroke-dasharray': `${share} ${round - share}`,
        'stroke-dashoffset': -from,
        transform: 'rotate(-90 50 50)',
      },
      svg('title', {}, `${one.label}: ${one.value}`),
    );
    from += share;
    return slice;
  });
  return svg('svg', { viewBox: '0 0 100 100', class: 'round', 'aria-hidden': 'true' }, ...slices);
}
