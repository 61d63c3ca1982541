// What Slack accepts inside blocks: text objects, options, confirm dialogs, the interactive elements, rich text.
// Limits are those of docs.slack.dev (Block Kit reference, November 2026).
import {
  all,
  boolean,
  byType,
  type Check,
  list,
  number,
  object,
  oneOf,
  rule,
  string,
} from './block-checks.ts';

export const plainText = (max: number): Check =>
  byType({ plain_text: object({ type: string(20), text: string(max), 'emoji?': boolean }) });
export const anyText = (max: number): Check =>
  byType({
    plain_text: object({ type: string(20), text: string(max), 'emoji?': boolean }),
    mrkdwn: object({ type: string(20), text: string(max), 'verbatim?': boolean }),
  });
const mrkdwn = (max: number): Check =>
  byType({ mrkdwn: object({ type: string(20), text: string(max), 'verbatim?': boolean }) });
export const blockId = string(255);

const option = object({
  text: anyText(75),
  value: string(150),
  'description?': anyText(75),
  'url?': string(3000),
});
const confirm = object({
  title: plainText(100),
  text: anyText(300),
  confirm: plainText(30),
  deny: plainText(30),
  'style?': oneOf('primary', 'danger'),
});
const interactive = { type: string(50), 'action_id?': string(255), 'confirm?': confirm };
const focus = { 'focus_on_load?': boolean, 'placeholder?': plainText(150) };

export const button = object({
  ...interactive,
  text: plainText(75),
  'value?': string(2000),
  'url?': string(3000),
  'style?': oneOf('primary', 'danger'),
  'accessibility_label?': string(75),
});
export const image = all(
  object({
    type: string(10),
    alt_text: string(2000),
    'image_url?': string(3000),
    'slack_file?': object({ 'id?': string(255), 'url?': string(3000) }),
  }),
  rule((value) =>
    (value['image_url'] ?? value['slack_file']) ? undefined : 'must provide image_url or slack_file',
  ),
);
const optionGroups = list(object({ label: plainText(75), options: list(option, 100) }), 100);
const staticSelect = (initial: Record<string, Check>): Check =>
  all(
    object({
      ...interactive,
      ...focus,
      ...initial,
      'options?': list(option, 100),
      'option_groups?': optionGroups,
    }),
    rule((value) =>
      (value['options'] === undefined) === (value['option_groups'] === undefined)
        ? 'must provide exactly one of options and option_groups'
        : undefined,
    ),
  );
const many = { 'max_selected_items?': number(1, 100, true) };
const externalSelect = object({
  ...interactive,
  ...focus,
  'min_query_length?': number(0, 3000, true),
  'initial_option?': option,
});
const externalMany = object({
  ...interactive,
  ...focus,
  ...many,
  'min_query_length?': number(0, 3000, true),
  'initial_options?': list(option, 100),
});
const idSelect = (initial: string): Check =>
  object({ ...interactive, ...focus, [`${initial}?`]: string(255), 'response_url_enabled?': boolean });

/** Elements of an actions block and accessories of a section. */
export const actionElements: Record<string, Check> = {
  button,
  static_select: staticSelect({ 'initial_option?': option }),
  external_select: externalSelect,
  users_select: idSelect('initial_user'),
  conversations_select: idSelect('initial_conversation'),
  channels_select: idSelect('initial_channel'),
  multi_static_select: staticSelect({ ...many, 'initial_options?': list(option, 100) }),
  multi_external_select: externalMany,
  overflow: object({ ...interactive, options: list(option, 5) }),
  radio_buttons: object({
    ...interactive,
    options: list(option, 10),
    'initial_option?': option,
    'focus_on_load?': boolean,
  }),
  checkboxes: object({
    ...interactive,
    options: list(option, 10),
    'initial_options?': list(option, 10),
    'focus_on_load?': boolean,
  }),
  datepicker: object({ ...interactive, ...focus, 'initial_date?': string(10) }),
  timepicker: object({ ...interactive, ...focus, 'initial_time?': string(5), 'timezone?': string(100) }),
  datetimepicker: object({ ...interactive, 'focus_on_load?': boolean, 'initial_date_time?': number(0) }),
};

/** Elements of an input block: those of actions but buttons and overflow, and the text inputs. */
export const inputElements: Record<string, Check> = {
  ...Object.fromEntries(
    Object.entries(actionElements).filter(([name]) => name !== 'button' && name !== 'overflow'),
  ),
  plain_text_input: object({
    ...interactive,
    ...focus,
    'multiline?': boolean,
    'initial_value?': string(3000, 0),
    'min_length?': number(0, 3000, true),
    'max_length?': number(1, 3000, true),
    'dispatch_action_config?': object({ 'trigger_actions_on?': list(string(50), 2) }),
  }),
  number_input: object({
    ...interactive,
    ...focus,
    is_decimal_allowed: boolean,
    'initial_value?': string(100, 0),
    'min_value?': string(100),
    'max_value?': string(100),
  }),
  email_text_input: object({ ...interactive, ...focus, 'initial_value?': string(3000, 0) }),
  url_text_input: object({ ...interactive, ...focus, 'initial_value?': string(3000, 0) }),
};

const style = object({
  'bold?': boolean,
  'italic?': boolean,
  'strike?': boolean,
  'code?': boolean,
  'underline?': boolean,
});
const styled = { type: string(20), 'style?': style };
const inline = byType({
  text: object({ ...styled, text: string(3000) }),
  link: object({ ...styled, url: string(3000), 'text?': string(3000), 'unsafe?': boolean }),
  user: object({ ...styled, user_id: string(50) }),
  usergroup: object({ ...styled, usergroup_id: string(50) }),
  channel: object({ ...styled, channel_id: string(50) }),
  emoji: object({ ...styled, name: string(100), 'unicode?': string(100), 'skin_tone?': number() }),
  date: object({
    ...styled,
    timestamp: number(),
    format: string(300),
    'url?': string(3000),
    'fallback?': string(300),
  }),
  broadcast: object({ ...styled, range: oneOf('here', 'channel', 'everyone') }),
  color: object({ ...styled, value: string(20) }),
});
const inlines = list(inline, 1000, 0);
const section = object({ type: string(30), elements: inlines });
const richTextElement = byType({
  rich_text_section: section,
  rich_text_preformatted: object({
    type: string(30),
    elements: inlines,
    'border?': number(),
    'language?': string(50),
  }),
  rich_text_quote: object({ type: string(30), elements: inlines, 'border?': number() }),
  rich_text_list: object({
    type: string(30),
    style: oneOf('bullet', 'ordered'),
    elements: list(section, 500),
    'indent?': number(0, 8, true),
    'offset?': number(0),
    'border?': number(),
  }),
});
export const richText = object({
  type: oneOf('rich_text'),
  elements: list(richTextElement, 500),
  'block_id?': blockId,
});
export const cardText = mrkdwn;
