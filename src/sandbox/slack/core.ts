// What all parts of the stand-in of Slack share: the state, the clock, the tickets, and the one way to say "changed".
import { join } from 'node:path';
import { people, type SamplePerson, slackApp } from '../cast.ts';
import { readSaved, saveState } from '../workspace/saved-state.ts';
import type { Json } from './block-checks.ts';
import { createGatekeeper, type Gatekeeper } from './controls.ts';
import {
  findChannel,
  keepMessage,
  newState,
  type SlackChannel,
  type SlackMessage,
  type SlackState,
} from './state.ts';
import { createTickets, type Tickets } from './tickets.ts';

export interface SlackCore {
  readonly state: SlackState;
  readonly tickets: Tickets;
  readonly gate: Gatekeeper;
  readonly publicUrl: () => string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** A new message timestamp, larger than all before it. */
  readonly nextTs: () => string;
  /** Adds a message and tells the listeners. */
  readonly add: (message: Omit<SlackMessage, 'ts' | 'bot' | 'user'> & { user?: string }) => SlackMessage;
  /** Tells the listeners and saves. */
  readonly changed: () => void;
  readonly subscribe: (listener: () => void) => () => void;
  readonly flush: () => void;
}

export function createCore(options: {
  dataDir: string;
  publicUrl: () => string;
  now: () => number;
}): SlackCore {
  const file = join(options.dataDir, 'slack.json');
  const state: SlackState = { ...newState(), ...(readSaved(file) as Partial<SlackState> | undefined) };
  const saved = saveState(file, () => state);
  const listeners = new Set<() => void>();
  let lastTs = Number(state.messages.at(-1)?.ts.replace('.', '') ?? 0);

  const nextTs = (): string => {
    lastTs = Math.max(lastTs + 1, Math.round(options.now() * 1000));
    return `${Math.floor(lastTs / 1e6)}.${String(lastTs % 1e6).padStart(6, '0')}`;
  };
  const changed = (): void => {
    saved.changed();
    for (const listener of listeners) listener();
  };
  const add: SlackCore['add'] = (given) => {
    const user = given.user ?? slackApp.botUser;
    const message: SlackMessage = {
      ...given,
      user,
      ts: nextTs(),
      bot: user === slackApp.botUser,
      blocks: withIds(given.blocks),
    };
    keepMessage(state, message);
    changed();
    return message;
  };
  return {
    state,
    tickets: createTickets(options.now),
    gate: createGatekeeper(options.now),
    publicUrl: options.publicUrl,
    now: options.now,
    nextTs,
    add,
    changed,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    flush: saved.flush,
  };
}

/** Slack gives every block without one a block_id, and every interactive element an action_id. */
export function withIds(blocks: readonly Json[]): Json[] {
  return blocks.map((block) =>
    block['block_id'] ? { ...block } : { ...block, block_id: Math.random().toString(36).slice(2, 7) },
  );
}

/** The person of a role, a Slack id or a name; throws for a stranger, because tests and the page know only the cast. */
export function personOf(who: string): SamplePerson {
  const found = people.find((one) => one.role === who || one.slack === who || one.name === who);
  if (!found)
    throw new Error(
      `Invalid value for 'person': ${who}. Must be one of: ${people.map((one) => one.role).join(', ')}.`,
    );
  return found;
}

/** The channel of an id or a name; `dm` is the person's direct message with the bot. */
export function channelOf(core: SlackCore, person: SamplePerson, channel: string): SlackChannel {
  const found =
    channel === 'dm'
      ? core.state.channels.find((one) => one.dmWith === person.slack)
      : findChannel(core.state, channel);
  if (!found)
    throw new Error(`Invalid value for 'channel': ${channel}. Must be a channel's name or id, or dm.`);
  return found;
}
