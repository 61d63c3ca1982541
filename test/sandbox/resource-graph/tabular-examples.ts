// One example of each tabular operator and aggregate: a query over the test estate and its rows.
type Examples = Readonly<Record<string, readonly [query: string, rows: readonly unknown[]]>>;

const registries = "resources | where type == 'microsoft.containerregistry/registries'";
const named = (...names: readonly string[]): readonly unknown[] => names.map((name) => ({ name }));

export const operatorExamples: Examples = {
  where: [`${registries} | where properties.adminUserEnabled == true | project name`, named('shopdev')],
  filter: [`${registries} | filter name == 'shopdev' | project name`, named('shopdev')],
  project: [
    `${registries} | project sku.name, n = strlen(name), tolower(name) | take 1`,
    [{ sku_name: 'Basic', n: 7, Column1: 'shopdev' }],
  ],
  'project-away': [`${registries} | project name, tags, type | project-away t* | take 1`, named('shopdev')],
  'project-keep': [`${registries} | project-keep nam* | take 1`, named('shopdev')],
  'project-rename': [
    `${registries} | project name | project-rename title = name | take 1`,
    [{ title: 'shopdev' }],
  ],
  extend: [
    `${registries} | project name | extend name = toupper(name), size = 1 | take 1`,
    [{ name: 'SHOPDEV', size: 1 }],
  ],
  summarize: [
    `${registries} | summarize n = count(), share = round(100.0 * countif(name has 'shopdev') / count(), 1) by location`,
    [
      { location: 'westeurope', n: 2, share: 50 },
      { location: 'northeurope', n: 1, share: 0 },
    ],
  ],
  order: [
    `${registries} | order by location asc, name desc | project name`,
    named('paystaging', 'shopprod', 'shopdev'),
  ],
  sort: [`${registries} | sort by name | project name`, named('shopprod', 'shopdev', 'paystaging')],
  top: [`${registries} | top 2 by toint(properties.limit) | project name`, named('shopprod', 'paystaging')],
  take: [`${registries} | take 1 | project name`, named('shopdev')],
  limit: [`${registries} | limit 2 | project name`, named('shopdev', 'shopprod')],
  count: [`${registries} | count`, [{ Count: 3 }]],
  distinct: [`${registries} | distinct location`, [{ location: 'westeurope' }, { location: 'northeurope' }]],
  'mv-expand': [
    `${registries} | mv-expand with_itemindex=i e = properties.privateEndpointConnections | project name, i, s = e.properties.privateLinkServiceConnectionState.status`,
    [
      { name: 'shopprod', i: 0, s: 'Approved' },
      { name: 'shopprod', i: 1, s: 'Pending' },
      { name: 'paystaging', i: 0, s: null },
    ],
  ],
  mvexpand: [
    `${registries} | where name == 'shopdev' | mvexpand kind=array tags | project tags`,
    [{ tags: ['stage', 'dev'] }, { tags: ['team', 'shop'] }],
  ],
  join: [
    `${registries} | project name, subscriptionId | join kind=leftouter (resources | where type endswith '/replications' | project replica = name, subscriptionId) on subscriptionId | project name, replica`,
    [
      { name: 'shopdev', replica: '' },
      { name: 'shopprod', replica: 'westeurope' },
      { name: 'shopprod', replica: 'francecentral' },
      { name: 'paystaging', replica: '' },
    ],
  ],
  union: [
    `${registries} | where name == 'shopdev' | project name | union (resourcecontainers | take 1 | project what = type)`,
    [
      { name: 'shopdev', what: '' },
      { name: '', what: 'microsoft.resources/subscriptions' },
    ],
  ],
  parse: [
    `${registries} | where name == 'shopdev' | parse id with '/subscriptions/' sub '-' part:long '-' * '/registries/' registry | project part, registry`,
    [{ part: 0, registry: 'shopdev' }],
  ],
};

const summary = (call: string, rows: unknown): readonly [string, readonly unknown[]] => [
  `${registries} | summarize value = ${call}`,
  [{ value: rows }],
];

export const aggregateExamples: Examples = {
  count: summary('count()', 3),
  countif: summary('countif(properties.adminUserEnabled == false)', 2),
  dcount: summary('dcount(location)', 2),
  dcountif: summary("dcountif(location, name startswith 'shop')", 1),
  count_distinct: summary('count_distinct(name)', 3),
  sum: summary('sum(toint(properties.limit))', 610),
  sumif: summary("sumif(toint(properties.limit), name startswith 'shop')", 510),
  avg: summary("avg(iff(name == 'shopdev', 1, 4))", 3),
  avgif: summary("avgif(toint(properties.limit), name != 'shopprod')", 55),
  min: summary('min(name)', 'paystaging'),
  max: summary('max(toint(properties.limit))', 500),
  minif: summary("minif(toint(properties.limit), name != 'shopdev')", 100),
  maxif: summary("maxif(toint(properties.limit), name != 'shopprod')", 100),
  make_list: summary('make_list(location)', ['westeurope', 'westeurope', 'northeurope']),
  make_set: summary('make_set(location)', ['westeurope', 'northeurope']),
  makelist: summary('makelist(name, 1)', ['shopdev']),
  makeset: summary('makeset(tostring(tags.stage))', ['dev', 'prod', '']),
  make_list_if: summary("make_list_if(name, name has 'shopdev')", ['shopdev']),
  make_set_if: summary("make_set_if(location, name startswith 'shop')", ['westeurope']),
  any: summary('any(tostring(tags.team))', 'shop'),
  take_any: summary('take_any(name)', 'shopdev'),
  percentile: summary('percentile(toint(properties.limit), 50)', 100),
  arg_max: [
    `${registries} | summarize arg_max(toint(properties.limit), name, sku.name) by location`,
    [
      { location: 'westeurope', properties_limit: 500, name: 'shopprod', sku_name: 'Premium' },
      { location: 'northeurope', properties_limit: 100, name: 'paystaging', sku_name: 'Standard' },
    ],
  ],
  arg_min: [
    `${registries} | project name, location | summarize arg_min(name, *)`,
    [{ name: 'paystaging', location: 'northeurope' }],
  ],
};
