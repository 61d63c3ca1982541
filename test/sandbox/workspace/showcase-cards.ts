// One of each element the product may send to Teams.

const cell = (text: string) => ({ type: 'TableCell', items: [{ type: 'TextBlock', text, wrap: true }] });
const row = (...texts: string[]) => ({ type: 'TableRow', cells: texts.map(cell) });

export const adaptiveCard = () => ({
  type: 'AdaptiveCard',
  version: '1.5',
  body: [
    {
      type: 'TextBlock',
      text: 'Posture of 3 registries: 81 of 100',
      size: 'Large',
      weight: 'Bolder',
      wrap: true,
    },
    {
      type: 'TextBlock',
      text: '**4 fail**, 1 unknown. As of {{DATE(2026-11-22T12:00:00Z,SHORT)}} {{TIME(2026-11-22T12:00:00Z)}}',
      isSubtle: true,
      wrap: true,
    },
    {
      type: 'FactSet',
      facts: [
        { title: 'contosodev', value: '72 of 100' },
        { title: 'contosoprod', value: '94 of 100' },
      ],
    },
    {
      type: 'Table',
      firstRowAsHeader: true,
      columns: [{ width: 3 }, { width: 2 }, { width: 1 }],
      rows: [
        row('Rule', 'Registry', 'Impact'),
        row('CR-2 Admin user off', 'contosodev', 'high'),
        row('CR-9 Retention', 'contosoprod', 'low'),
      ],
    },
    {
      type: 'Chart.Line',
      title: 'Score over eight weeks',
      data: [{ legend: 'prod', values: [84, 85, 86, 88, 91, 94].map((y, at) => ({ x: `W${40 + at}`, y })) }],
      fallback: { type: 'TextBlock', text: 'no chart' },
    },
    {
      type: 'RichTextBlock',
      inlines: [
        { type: 'TextRun', text: 'sha256:9f86d081884c', fontType: 'Monospace' },
        { type: 'TextRun', text: ' [not a link](https://example.com)' },
      ],
    },
    { type: 'Input.Text', id: 'note', label: 'Note to the requester', placeholder: 'Optional' },
  ],
  actions: [
    { type: 'Action.Execute', title: 'Approve', verb: 'approve', style: 'positive', data: { id: 'r-17' } },
    { type: 'Action.Submit', title: 'Promote…', data: { msteams: { type: 'task/fetch' }, form: 'promote' } },
    {
      type: 'Action.ShowCard',
      title: 'Reject',
      card: {
        type: 'AdaptiveCard',
        body: [{ type: 'Input.Text', id: 'because', label: 'Because' }],
        actions: [{ type: 'Action.Execute', title: 'Reject it', verb: 'reject', style: 'destructive' }],
      },
    },
  ],
});

export const dialogCard = {
  type: 'AdaptiveCard',
  version: '1.5',
  body: [
    {
      type: 'Input.ChoiceSet',
      id: 'repository',
      label: 'Repository',
      choices: [],
      'choices.data': { type: 'Data.Query', dataset: 'repositories' },
    },
    {
      type: 'Input.Text',
      id: 'reason',
      label: 'Because',
      isMultiline: true,
      isRequired: true,
      errorMessage: 'Say why.',
    },
  ],
  actions: [{ type: 'Action.Submit', title: 'Ask for it', style: 'positive', data: { form: 'promote' } }],
};
