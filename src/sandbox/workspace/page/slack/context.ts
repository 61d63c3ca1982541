// What the parts of a Slack message or view need to draw themselves and to act.

/** A value of an interactive element, as the server takes it. */
export type Given = string | string[] | { text: string; value: string } | null;
export type Values = Record<string, Record<string, Given>>;

export interface Option {
  readonly text: string;
  readonly value: string;
}

export interface BlockContext {
  /** Names by user, channel and group id. */
  readonly names: Readonly<Record<string, string>>;
  readonly surface: 'message' | 'modal' | 'home';
  /** What was entered so far; changed in place. */
  readonly values: Values;
  /** Sends block_actions; resolves when the bot has answered. */
  readonly act: (choice: { actionId: string; blockId: string; value?: Given }) => Promise<unknown>;
  /** Asks the bot for the options of an external_select. */
  readonly suggest: (ids: { actionId: string; blockId: string }, text: string) => Promise<readonly Option[]>;
  /** Errors to stand under inputs, by block_id. */
  readonly errors: Readonly<Record<string, string>>;
}

export function remember(context: BlockContext, blockId: string, actionId: string, value: Given): void {
  context.values[blockId] = { ...context.values[blockId], [actionId]: value };
}
