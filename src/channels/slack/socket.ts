// Socket Mode: Slack's deliveries over a connection that the bot opens, for a bot that cannot be reached from outside. Once
// they are here they are the same deliveries. The library's own reconnecting can end the process, so it is off.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Receiver, SocketModeReceiver } from '@slack/bolt';
import type { Log } from '../../ports.ts';

/** Milliseconds between two tries to connect, at most. */
const longestPause = 30_000;

export interface Socket {
  readonly receiver: Receiver;
  /** Connects, and connects again whenever the connection ends: Slack ends each of them after some hours. */
  open(): void;
  close(): Promise<void>;
}

/** `receiver` must not reconnect by itself. `firstPause` in milliseconds; each failed try doubles it. */
export function createSocket(receiver: SocketModeReceiver, log: Log, firstPause: number): Socket {
  const { client } = receiver;
  const closing = new AbortController();
  let session: Promise<void> | undefined;

  const connected = async (): Promise<void> => {
    const ended = new Promise<void>((resolve) => client.once('disconnected', () => resolve()));
    await client.start();
    // Told to close while it was still asking for an address.
    if (closing.signal.aborted) void client.disconnect();
    log.info('connected to Slack by Socket Mode');
    await ended;
  };
  const keepConnected = async (): Promise<void> => {
    let pause = firstPause;
    while (!closing.signal.aborted) {
      try {
        await connected();
        pause = firstPause;
      } catch (error) {
        log.warn('Slack could not be reached by Socket Mode', { error: String(error), nextInMs: pause });
        pause = Math.min(pause * 2, longestPause);
      }
      await sleep(pause, undefined, { signal: closing.signal }).catch(() => undefined);
    }
  };
  return {
    receiver,
    open: () => {
      session ??= keepConnected();
    },
    close: async () => {
      closing.abort();
      await client.disconnect();
      await session;
    },
  };
}
