// One of each block kind the product may send to Slack.
import type { ModalView } from '@slack/types';

const plain = (text: string) => ({ type: 'plain_text' as const, text });
const mrkdwn = (text: string) => ({ type: 'mrkdwn' as const, text });
const raw = (text: string) => ({ type: 'raw_text' as const, text });
const weeks = ['W38', 'W39', 'W40', 'W41', 'W42', 'W43', 'W44', 'W45'];

export const showcaseBlocks: object[] & { type: string }[] = [
  { type: 'header', text: plain('Posture of 3 registries: 81 of 100') },
  {
    type: 'section',
    text: mrkdwn(
      '*4 fail*, 1 unknown. Data as of <!date^1795348800^{date_short_pretty} at {time}|earlier>. Ask <@U01SOFIA> in <#C01SECURITY>. `acr` &lt;b&gt;is text&lt;/b&gt;',
    ),
    accessory: {
      type: 'static_select',
      action_id: 'scope',
      placeholder: plain('All stages'),
      options: ['dev', 'uat', 'prod'].map((one) => ({ text: plain(one), value: one })),
    },
  },
  {
    type: 'section',
    fields: [
      mrkdwn('*contosodev*\n72 of 100'),
      mrkdwn('*contosouat*\n80 of 100'),
      mrkdwn('*contosoprod*\n94 of 100'),
      mrkdwn('*Change*\n+3 since last week'),
    ],
  },
  {
    type: 'data_table',
    caption: 'Failing rules',
    page_size: 3,
    rows: [
      [raw('Rule'), raw('Registry'), raw('Impact'), raw('Failing')],
      [
        raw('CR-2 Admin user off'),
        raw('contosodev'),
        raw('high'),
        { type: 'raw_number', value: 1, text: '1' },
      ],
      [
        raw('CR-5 Quarantine on'),
        raw('contosodev'),
        raw('medium'),
        { type: 'raw_number', value: 1, text: '1' },
      ],
      [
        raw('CR-7 Private endpoint'),
        raw('contosouat'),
        raw('high'),
        { type: 'raw_number', value: 1, text: '1' },
      ],
      [raw('CR-9 Retention'), raw('contosoprod'), raw('low'), { type: 'raw_number', value: 1, text: '1' }],
    ],
  },
  {
    type: 'data_visualization',
    title: 'Score over eight weeks',
    chart: {
      type: 'line',
      series: [
        { name: 'prod', data: weeks.map((label, at) => ({ label, value: 84 + at })) },
        { name: 'dev', data: weeks.map((label, at) => ({ label, value: 60 + ((at * 5) % 17) })) },
      ],
      axis_config: { categories: weeks, y_label: 'Score' },
    },
  },
  {
    type: 'plan',
    title: 'Promotion of shop/web:v1.4.2 to prod',
    tasks: [
      { type: 'task_card', task_id: 'import', title: 'Import', status: 'complete' },
      { type: 'task_card', task_id: 'verify', title: 'Verify the digest', status: 'in_progress' },
      { type: 'task_card', task_id: 'lock', title: 'Lock the tag', status: 'pending' },
      { type: 'task_card', task_id: 'again', title: 'Verify again', status: 'error' },
    ],
  },
  {
    type: 'rich_text',
    elements: [
      {
        type: 'rich_text_section',
        elements: [
          { type: 'text', text: 'sha256:9f86d081884c', style: { code: true } },
          { type: 'text', text: ' pushed by ' },
          { type: 'user', user_id: 'U01DANA' },
        ],
      },
    ],
  },
  { type: 'markdown', text: '**Next**: look at [the rule](https://example.com/rule) or `check CR-2`.' },
  { type: 'divider' },
  {
    type: 'actions',
    elements: [
      {
        type: 'button',
        action_id: 'refresh',
        text: plain('Refresh'),
        value: 'v1',
        accessibility_label: 'Refresh the posture',
      },
      { type: 'button', action_id: 'approve', text: plain('Approve'), style: 'primary', value: 'v1' },
      {
        type: 'button',
        action_id: 'reject',
        text: plain('Reject'),
        style: 'danger',
        value: 'v1',
        confirm: {
          title: plain('Reject it?'),
          text: plain('The requester is told.'),
          confirm: plain('Reject'),
          deny: plain('Not now'),
        },
      },
    ],
  },
  { type: 'context', elements: [mrkdwn('Request R-17 by <@U01DANA>, 12 minutes old')] },
];

export const showcaseModal: ModalView = {
  type: 'modal',
  callback_id: 'promote',
  title: plain('Promote an image'),
  submit: plain('Ask for it'),
  blocks: [
    { type: 'alert', level: 'info', text: plain('Two approvals are needed for prod.') } as never,
    {
      type: 'input',
      block_id: 'repository',
      label: plain('Repository'),
      element: {
        type: 'external_select',
        action_id: 'pick',
        min_query_length: 0,
        placeholder: plain('Search repositories'),
      },
    },
    {
      type: 'input',
      block_id: 'stage',
      label: plain('To stage'),
      element: {
        type: 'radio_buttons',
        action_id: 'to',
        options: ['uat', 'prod'].map((one) => ({ text: plain(one), value: one })),
        initial_option: { text: plain('prod'), value: 'prod' },
      },
    },
    {
      type: 'input',
      block_id: 'reason',
      label: plain('Because'),
      hint: plain('Shown to the approvers.'),
      element: { type: 'plain_text_input', action_id: 'text', multiline: true },
    },
  ],
};
