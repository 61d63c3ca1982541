// What Resource Graph allows, in one table (Microsoft's query language and paging documentation).
export const limits = {
  joins: 3,
  expansions: 3,
  legs: 3,
  expandedRows: 128,
  expandedRowsMost: 400,
  pageRows: 1000,
  joinKinds: ['innerunique', 'inner', 'leftouter'],
} as const;
