// The neutral card: plain data that every channel draws its own way. Builders in this room make it once; the renderers
// under channels/ are pure functions over it with exhaustive switches, so a new kind of block is a compile error in
// each of them. Every string here is plain text: a renderer never reads markup, mentions or links out of it.

/** How a thing stands. Never told by colour alone: a label or a sign goes with it. */
export type Tone = 'neutral' | 'good' | 'warning' | 'bad' | 'muted';

/** A piece of a line. `time` is milliseconds since the epoch, shown in the viewer's zone where the channel can. */
export type Inline =
  | { readonly kind: 'plain'; readonly text: string }
  | { readonly kind: 'strong'; readonly text: string }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'time'; readonly at: number; readonly style: 'date' | 'datetime' }
  | { readonly kind: 'link'; readonly text: string; readonly url: string };

/** Text of one line or cell. A string is plain text. */
export type Line = string | readonly Inline[];

export interface Fact {
  readonly label: string;
  readonly value: Line;
}

interface Column {
  readonly title: string;
  readonly align?: 'start' | 'end';
  /** Relative width, 1 when absent. */
  readonly weight?: number;
  /** Its cells say themselves what they are: where a table becomes a list, they stand without the title. */
  readonly isClear?: boolean;
}

export interface Series {
  readonly name: string;
  /** One value a category. */
  readonly values: readonly number[];
}

export type StepState = 'pending' | 'active' | 'done' | 'failed';

export interface Step {
  readonly title: string;
  readonly state: StepState;
  readonly detail?: string;
}

/**
 * What a button carries to the server and no more: what it is about and the nonce of the card it stands on. Rights and
 * facts are looked up when it is clicked.
 */
export interface ActionValue {
  readonly v: 1;
  readonly id: string;
  readonly nonce: string;
}

/** A button. `action` names a verb of the catalogue (`approve`), a form (`form:reject`), or is `page`, whose id is a command. */
export interface Action {
  readonly action: string;
  readonly label: string;
  /** Names the object for screen readers: "Approve P-7K3QX, shop/web v1.4.2 to prod". */
  readonly accessibilityLabel: string;
  readonly style?: 'primary' | 'danger';
  readonly value: ActionValue;
  /** People of the card's audience it is for; absent: everyone. */
  readonly for?: readonly string[];
  readonly confirm?: {
    readonly title: string;
    readonly text: string;
    readonly confirm: string;
    readonly deny: string;
  };
}

export interface Choice {
  readonly label: string;
  readonly value: string;
}

/** A field of a form. `picker` gets its choices from the server as the person types; it may depend on another field. */
export type Field =
  | {
      readonly kind: 'text';
      readonly id: string;
      readonly label: string;
      readonly hint?: string;
      readonly multiline?: boolean;
      readonly optional?: boolean;
      readonly maxLength: number;
      readonly value?: string;
    }
  | {
      readonly kind: 'choice';
      readonly id: string;
      readonly label: string;
      readonly choices: readonly Choice[];
      readonly optional?: boolean;
      readonly value?: string;
    }
  | {
      readonly kind: 'picker';
      readonly id: string;
      readonly label: string;
      readonly source: 'repositories' | 'tags';
      readonly dependsOn?: string;
      readonly optional?: boolean;
      readonly value?: Choice;
    };

/** A form: a modal in Slack, a dialog or in-card inputs in Teams. Submitting it is the action `form:<name>`. */
export interface Form {
  readonly name: 'promote' | 'reject' | 'review' | 'breakglass';
  readonly title: string;
  readonly intro?: string;
  readonly submit: string;
  readonly fields: readonly Field[];
  readonly value: ActionValue;
}

export type Block =
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'text'; readonly text: Line; readonly tone?: Tone }
  | { readonly kind: 'facts'; readonly facts: readonly Fact[] }
  | {
      readonly kind: 'table';
      readonly caption: string;
      readonly columns: readonly Column[];
      readonly rows: readonly (readonly Line[])[];
    }
  | {
      readonly kind: 'chart';
      readonly title: string;
      readonly type: 'line' | 'bar';
      readonly unit: string;
      readonly categories: readonly string[];
      readonly series: readonly Series[];
    }
  | { readonly kind: 'progress'; readonly title: string; readonly steps: readonly Step[] }
  | { readonly kind: 'status'; readonly tone: Tone; readonly label: string; readonly text: string }
  | { readonly kind: 'image'; readonly label: string; readonly reference: string; readonly digest?: string }
  | { readonly kind: 'actions'; readonly actions: readonly Action[] }
  | { readonly kind: 'inputs'; readonly form: Form }
  | { readonly kind: 'context'; readonly text: Line }
  | { readonly kind: 'divider' };

/**
 * Who is shown which button, where a channel can draw a card for each person. It hides what would be refused and guards
 * nothing: rights are judged when a button is pressed.
 */
export interface Audience {
  /** By which the card of now is asked for. */
  readonly id: string;
  /** Entra accounts by person. */
  readonly people: Readonly<Record<string, { readonly tenant: string; readonly user: string }>>;
}

export interface Card {
  /** Which builder made it: `status`, `request`, `digest`, ... */
  readonly name: string;
  readonly title: string;
  /** One or two sentences that make sense alone: notifications, screen readers, clients that draw no blocks. */
  readonly summary: string;
  readonly blocks: readonly Block[];
  readonly audience?: Audience;
}

export const plain = (text: string): Inline => ({ kind: 'plain', text });
export const strong = (text: string): Inline => ({ kind: 'strong', text });
export const code = (text: string): Inline => ({ kind: 'code', text });
export const datetime = (at: number): Inline => ({ kind: 'time', at, style: 'datetime' });

/** The pieces of a line, a string being one plain piece. */
export const pieces = (line: Line): readonly Inline[] => (typeof line === 'string' ? [plain(line)] : line);

/** `sha256:` and the first 12 hex digits: enough to compare by eye; the full digest stands beside it to copy. */
export const shortDigest = (digest: string): string => digest.slice(0, 'sha256:'.length + 12);
