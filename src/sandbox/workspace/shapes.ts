// What the workspace server tells the page: one picture of each chat as a given person sees it. Types only, shared by
// both sides.
import type { SamplePerson } from '../cast.ts';

export type Json = Record<string, unknown>;

/** A command the composers complete, and what it does. */
export interface CommandHint {
  readonly usage: string;
  readonly about: string;
}

export interface Setup {
  readonly people: readonly SamplePerson[];
  readonly commands: readonly CommandHint[];
  /** Commands to try, without `/acr`. */
  readonly tries: readonly string[];
  readonly team: string;
  readonly workspace: string;
  readonly botUrl: string;
}

export interface SlackMessagePicture {
  readonly channel: string;
  readonly ts: string;
  readonly user: string;
  readonly bot: boolean;
  readonly text: string;
  readonly blocks: readonly Json[];
  readonly threadTs?: string;
  readonly isPrivate: boolean;
  readonly edited: boolean;
}

export interface SlackPicture {
  readonly channels: readonly { readonly id: string; readonly name: string; readonly isDm: boolean }[];
  readonly messages: readonly SlackMessagePicture[];
  /** Display names by user, channel and group id. */
  readonly names: Readonly<Record<string, string>>;
  /** The modal on top, as Slack keeps it, and how many are stacked. */
  readonly modal?: Json;
  readonly stacked: number;
  readonly home?: Json;
}

export interface TeamsPost {
  readonly id: string;
  readonly conversation: string;
  readonly thread: string;
  readonly from: string;
  readonly fromBot: boolean;
  readonly text: string;
  /** The card this person sees. */
  readonly card?: Json;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly edited: boolean;
  readonly isPrivate: boolean;
}

export interface TeamsPicture {
  readonly conversations: readonly {
    readonly id: string;
    readonly name: string;
    readonly kind: 'channel' | 'personal';
  }[];
  readonly posts: readonly TeamsPost[];
}

/** A tag of the stand-in Azure; `locked` where tag and manifest can be neither overwritten nor deleted. */
export interface TagPicture {
  readonly name: string;
  readonly digest: string;
  readonly lock: 'locked' | 'partly' | 'open';
}

export interface RegistryPicture {
  readonly name: string;
  readonly stage: string;
  readonly repositories: readonly { readonly name: string; readonly tags: readonly TagPicture[] }[];
}

/** How the bot took what was sent to it, for the page's error toast. */
export interface Sent {
  readonly ok: boolean;
  readonly status: number;
  readonly error?: string;
}
