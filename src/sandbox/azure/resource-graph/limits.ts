// What Resource Graph allows, in one table (Microsoft's query language and paging documentation), and one limit of our own.
export const limits = {
  joins: 3,
  /** Joins between tables, unless all are between `neighbours`. A union takes those only. */
  crossings: 1,
  neighbours: ['resources', 'resourcecontainers'] as readonly string[],
  expansions: 3,
  legs: 3,
  expandedRows: 128,
  expandedRowsMost: 400,
  pageRows: 1000,
  /** Ours: brackets within brackets. */
  nesting: 500,
  joinKinds: ['innerunique', 'inner', 'leftouter'],
} as const;
