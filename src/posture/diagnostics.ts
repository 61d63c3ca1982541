// Which events of a registry reach which sink: CR-10 asks whether one gets them all, ACR-03 whether any gets a part only.
import type { DiagnosticSetting } from './facts.ts';
import type { Truth } from './truth.ts';

const auditCategories = ['containerregistryloginevents', 'containerregistryrepositoryevents'] as const;

/** A group of categories that holds both. */
const groups = new Set(['audit', 'alllogs']);

export interface Sink {
  readonly kind: string;
  readonly id: string;
  readonly exists?: boolean;
  /** Lower-cased categories that reach it by any setting. */
  readonly categories: ReadonlySet<string>;
}

/** Sinks of all settings, each with everything that reaches it. */
export function sinksOf(settings: readonly DiagnosticSetting[]): readonly Sink[] {
  const sinks = new Map<string, { kind: string; id: string; exists?: boolean; categories: Set<string> }>();
  for (const setting of settings) {
    for (const sink of setting.sinks) {
      const key = `${sink.kind} ${sink.id.toLowerCase()}`;
      const known = sinks.get(key) ?? { ...sink, categories: new Set<string>() };
      sinks.set(key, known);
      for (const category of categoriesOf(setting)) known.categories.add(category);
    }
  }
  return [...sinks.values()];
}

function categoriesOf(setting: DiagnosticSetting): readonly string[] {
  const hasGroup = setting.groups.some((group) => groups.has(group.toLowerCase()));
  return [
    ...setting.categories.map((category) => category.toLowerCase()),
    ...(hasGroup ? auditCategories : []),
  ];
}

export const missingCategories = (sink: Sink): readonly string[] =>
  auditCategories.filter((category) => !sink.categories.has(category));

/** Whether the audit events arrive somewhere that exists. */
export function arrive(settings: readonly DiagnosticSetting[]): Truth {
  let maybe = false;
  for (const sink of sinksOf(settings)) {
    if (missingCategories(sink).length > 0 || sink.exists === false) continue;
    if (sink.exists === true) return true;
    maybe = true;
  }
  return maybe ? undefined : false;
}
