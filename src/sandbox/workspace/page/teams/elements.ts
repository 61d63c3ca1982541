// What Teams draws and Microsoft's renderer does not: the charts, and the choice set that asks the bot while one types.
// The renderer is extended by subclasses; it knows no other way.
import * as cards from 'adaptivecards/dist/adaptivecards.js';
import type { Json } from '../../shapes.ts';
import { type Chart, drawChart } from '../chart.ts';
import { object, objects, words } from '../json.ts';
import { createTypeahead } from '../typeahead.ts';

export type Search = (dataset: string, text: string) => Promise<readonly { title: string; value: string }[]>;

/** The card a person searches in; set before a card is drawn, because the renderer makes elements by type alone. */
const current: { search: Search } = { search: () => Promise.resolve([]) };

function pointsOf(data: unknown, label: string, value: string): { label: string; value: number }[] {
  return objects(data).map((one) => ({ label: words(one[label]), value: Number(one[value]) }));
}

/** A chart element of Teams as a drawing; several shapes of data, one for each type. */
function chartOf(source: Json): Chart {
  const title = words(source['title']);
  const common = { title, xLabel: words(source['xAxisTitle']), yLabel: words(source['yAxisTitle']) };
  const { data } = source;
  switch (source['type']) {
    case 'Chart.Line':
      return {
        ...common,
        kind: 'line',
        series: objects(data).map((one) => ({
          name: words(one['legend']),
          points: pointsOf(one['values'], 'x', 'y'),
        })),
      };
    case 'Chart.VerticalBar.Grouped':
      return {
        ...common,
        kind: 'bar',
        series: objects(data).map((one) => ({
          name: words(one['legend']),
          points: pointsOf(one['values'], 'x', 'y'),
        })),
      };
    case 'Chart.Donut':
      return {
        ...common,
        kind: 'donut',
        series: [{ name: title, points: pointsOf(data, 'legend', 'value') }],
      };
    case 'Chart.Pie':
      return { ...common, kind: 'pie', series: [{ name: title, points: pointsOf(data, 'legend', 'value') }] };
    default:
      return { ...common, kind: 'bar', series: [{ name: title, points: pointsOf(data, 'x', 'y') }] };
  }
}

const chartTypes = [
  'Chart.Line',
  'Chart.VerticalBar',
  'Chart.VerticalBar.Grouped',
  'Chart.HorizontalBar',
  'Chart.Donut',
  'Chart.Pie',
] as const;

function chartClass(type: string): new () => cards.CardElement {
  return class extends cards.CardElement {
    private source: Json = {};

    override getJsonTypeName(): string {
      return type;
    }

    protected override internalParse(source: cards.PropertyBag, context: cards.SerializationContext): void {
      super.internalParse(source, context);
      this.source = object(source);
    }

    protected override internalRender(): HTMLElement {
      return drawChart(chartOf(this.source));
    }
  };
}

/** The type that stands for `Input.ChoiceSet` with `choices.data`, which the renderer draws only from version 1.6 on. */
export const typeaheadType = 'Input.Typeahead';

class Typeahead extends cards.Input {
  private source: Json = {};
  private chosen = '';

  override getJsonTypeName(): string {
    return typeaheadType;
  }

  override isSet(): boolean {
    return this.chosen !== '';
  }

  override get value(): string {
    return this.chosen;
  }

  protected override internalParse(source: cards.PropertyBag, context: cards.SerializationContext): void {
    super.internalParse(source, context);
    this.source = object(source);
    this.chosen = words(this.source['value']);
  }

  protected override internalRender(): HTMLElement {
    const dataset = words(object(this.source['choices.data'])['dataset']);
    const { search } = current;
    return typeahead(
      this.source,
      (text) => search(dataset, text),
      (value) => {
        this.chosen = value;
        this.valueChanged();
      },
    );
  }
}

function typeahead(
  source: Json,
  search: (text: string) => ReturnType<Search>,
  choose: (value: string) => void,
): HTMLElement {
  const own = objects(source['choices']).map((one) => ({
    title: words(one['title']),
    value: words(one['value']),
  }));
  return createTypeahead({
    testId: `teams-input-${words(source['id'])}`,
    className: 'ac-input ac-textInput',
    label: words(source['label']) || words(source['placeholder']),
    placeholder: words(source['placeholder']) || 'Type to search',
    start: words(source['value']),
    least: 0,
    ask: async (text) =>
      [...own, ...(await search(text))].map(({ title, value }) => ({ text: title, value })),
    take: ({ value }) => choose(value),
  });
}

let isRegistered = false;

/** Makes the renderer know these elements, and answers of `search` reach the card drawn next. */
export function prepareElements(search: Search): void {
  current.search = search;
  if (isRegistered) return;
  isRegistered = true;
  for (const type of chartTypes) cards.GlobalRegistry.defaultElements.register(type, chartClass(type));
  cards.GlobalRegistry.defaultElements.register(typeaheadType, Typeahead);
}
