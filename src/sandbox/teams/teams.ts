// The sandbox's stand-in of Microsoft Teams: the Bot Connector the bot talks to, and the activities Teams would send it
// when a person writes, presses a card's button or fills in a dialog.
import type { Router } from 'express';
import type { GraphMessage } from '../graph.ts';
import type { Tokens } from '../tokens.ts';
import { createConnector } from './connector.ts';
import { createGate, type TeamsControls } from './controls.ts';
import { createDeliver, type Delivery } from './deliver.ts';
import { createTeamsActions, type TeamsActions } from './people-actions.ts';
import { createCore, type Json, type TeamsState } from './state.ts';

export interface TeamsStandIn extends TeamsActions {
  /** Mounted at /teams. Brings its own body parsers. */
  readonly router: Router;
  readonly state: TeamsState;
  readonly controls: TeamsControls;
  /** Posts of a channel, or replies to one, as Graph shows them, newest first. */
  readonly posts: (channel: string, root?: string) => readonly GraphMessage[];
  /** Sends the bot any activity, signed as Teams signs: for tests of what must be refused. */
  readonly deliver: (activity: Json) => Promise<Delivery>;
  readonly subscribe: (listener: () => void) => () => void;
  /** Connector calls by operation, and activities sent to the bot, since the start. */
  readonly counters: () => { calls: Record<string, number>; deliveries: { sent: number; failed: number } };
  /** Writes the state to its file now. */
  readonly flush: () => void;
}

/** `now` in milliseconds since 1970; `publicUrl` is where this stand-in is reached, without a slash at its end. */
export function createTeams(options: {
  botUrl: () => string;
  tokens: Tokens;
  publicUrl: () => string;
  dataDir: string;
  now?: () => number;
}): TeamsStandIn {
  const now = options.now ?? Date.now;
  const core = createCore({ dataDir: options.dataDir, publicUrl: options.publicUrl, now });
  const gate = createGate(now);
  const deliver = createDeliver(core, {
    botUrl: options.botUrl,
    tokens: options.tokens,
    controls: gate.controls,
  });
  return {
    ...createTeamsActions(core, deliver),
    router: createConnector(core, gate, options.tokens),
    state: core.state,
    controls: gate.controls,
    posts: (channel, root) => postsOf(core.state, channel, root),
    deliver: deliver.send,
    subscribe: core.subscribe,
    counters: () => ({ calls: { ...core.calls }, deliveries: deliver.counters() }),
    flush: core.flush,
  };
}

const postsOf = ({ activities }: TeamsState, channel: string, root?: string): readonly GraphMessage[] =>
  activities
    .filter((one) => one.conversation === channel && !one.targetedTo)
    .filter((one) => (root ? one.thread === root && one.id !== root : one.thread === one.id))
    .reverse()
    .map(({ id, attachments }) => ({
      id,
      attachments: attachments.map(({ contentType, content }) => ({
        contentType: String(contentType),
        content: JSON.stringify(content),
      })),
    }));
