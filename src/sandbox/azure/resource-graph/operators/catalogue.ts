// The tabular operators by the parser's kind of node, with the words that spell them.
import {
  count,
  distinct,
  extend,
  project,
  projectAway,
  projectKeep,
  projectRename,
  where,
} from './columns.ts';
import type { TabularOperator } from './definition.ts';
import { join } from './join.ts';
import { mvExpand } from './mv-expand.ts';
import { sort, take, top } from './ordering.ts';
import { parseOperator } from './parse.ts';
import { summarize } from './summarize.ts';
import { union } from './union.ts';

interface Entry {
  readonly names: readonly string[];
  readonly compile: TabularOperator;
}

/** Every tabular operator; what is not here is refused by name. */
export const tabularOperators: ReadonlyMap<string, Entry> = new Map<string, Entry>([
  ['FilterOperator', { names: ['where', 'filter'], compile: where }],
  ['ProjectOperator', { names: ['project'], compile: project }],
  ['ProjectAwayOperator', { names: ['project-away'], compile: projectAway }],
  ['ProjectKeepOperator', { names: ['project-keep'], compile: projectKeep }],
  ['ProjectRenameOperator', { names: ['project-rename'], compile: projectRename }],
  ['ExtendOperator', { names: ['extend'], compile: extend }],
  ['SummarizeOperator', { names: ['summarize'], compile: summarize }],
  ['SortOperator', { names: ['order', 'sort'], compile: sort }],
  ['TopOperator', { names: ['top'], compile: top }],
  ['TakeOperator', { names: ['take', 'limit'], compile: take }],
  ['CountOperator', { names: ['count'], compile: count }],
  ['DistinctOperator', { names: ['distinct'], compile: distinct }],
  ['MvExpandOperator', { names: ['mv-expand', 'mvexpand'], compile: mvExpand }],
  ['JoinOperator', { names: ['join'], compile: join }],
  ['UnionOperator', { names: ['union'], compile: union }],
  ['ParseOperator', { names: ['parse'], compile: parseOperator }],
]);
