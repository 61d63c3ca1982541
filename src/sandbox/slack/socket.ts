// Slack's side of Socket Mode: apps.connections.open gives an address that is good once, and what a person does goes over
// the connection in envelopes, each acknowledged by its id.
import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import WebSocket from 'ws';
import { slackApp } from '../cast.ts';
import { isJson, type Json, words } from './block-checks.ts';
import type { Delivery } from './deliver.ts';

export type EnvelopeType = 'slash_commands' | 'interactive' | 'events_api';

export interface SocketHub {
  /** Takes the connections of this server under `/slack/socket`. */
  readonly attach: (server: Server) => void;
  /** A new address; `base` is this stand-in's, in http. */
  readonly ticket: (base: string) => string;
  readonly isConnected: () => boolean;
  /** Sends over the newest connection and waits for the acknowledgement. */
  readonly send: (
    type: EnvelopeType,
    payload: unknown,
    how: { attempt: number; withinMs: number },
  ) => Promise<Delivery>;
  /** Asks the bot to connect anew, as Slack does every few hours. */
  readonly refresh: () => void;
  /** Drops the connections without a word. */
  readonly cut: () => void;
}

const path = '/slack/socket';

export function createSocketHub(): SocketHub {
  const tickets = new Set<string>();
  const server = new WebSocket.Server({ noServer: true });
  const waiting = new Map<string, (body: unknown) => void>();

  server.on('connection', (socket) => {
    socket.send(
      JSON.stringify({ type: 'hello', num_connections: 1, connection_info: { app_id: slackApp.id } }),
    );
    socket.on('message', (data) => {
      // Text comes as a string; bytes are none of Slack's.
      const answer = typeof data === 'string' ? parsed(data) : undefined;
      if (!isJson(answer)) return;
      waiting.get(words(answer['envelope_id']))?.(answer['payload']);
    });
  });
  const send: SocketHub['send'] = async (type, payload, { attempt, withinMs }) => {
    const from = performance.now();
    const took = (): number => Math.round(performance.now() - from);
    const envelope_id = randomUUID();
    const socket = [...server.clients].findLast((one) => one.readyState === WebSocket.OPEN);
    const failed = (error: string): Delivery => ({
      ok: false,
      status: 0,
      body: undefined,
      attempts: attempt,
      durationMs: took(),
      error,
    });
    if (!socket) return failed('dispatch_failed');
    const answered = new Promise<Delivery>((resolve) => {
      const done = (delivery: Delivery): void => {
        clearTimeout(late);
        socket.off('close', lost);
        waiting.delete(envelope_id);
        resolve(delivery);
      };
      const lost = (): void => done(failed('dispatch_failed'));
      const late = setTimeout(() => done(failed('operation_timeout')), withinMs);
      socket.once('close', lost);
      waiting.set(envelope_id, (body) =>
        done({ ok: true, status: 200, body: emptyAsText(body), attempts: attempt, durationMs: took() }),
      );
    });
    const retry = type === 'events_api' ? { retry_attempt: attempt - 1, retry_reason: '' } : {};
    socket.send(JSON.stringify({ envelope_id, type, payload, accepts_response_payload: true, ...retry }));
    return answered;
  };
  return {
    attach: (http) =>
      void http.on('upgrade', (request, stream, head) => {
        const url = new URL(request.url ?? '/', 'http://localhost');
        const isKnown = url.pathname === path && tickets.delete(url.searchParams.get('ticket') ?? '');
        if (!isKnown) return void stream.destroy();
        server.handleUpgrade(request, stream as Socket, head, (socket) =>
          server.emit('connection', socket, request),
        );
      }),
    ticket: (base) => {
      const ticket = randomUUID();
      tickets.add(ticket);
      return `${base.replace(/^http/, 'ws')}${path}?ticket=${ticket}&app_id=${slackApp.id}`;
    },
    isConnected: () => server.clients.size > 0,
    send,
    refresh: () => {
      for (const socket of server.clients)
        socket.send(JSON.stringify({ type: 'disconnect', reason: 'refresh_requested' }));
    },
    cut: () => {
      for (const socket of server.clients) socket.terminate();
    },
  };
}

/** An acknowledgement without words is an empty body over http. */
const emptyAsText = (body: unknown): unknown =>
  isJson(body) && Object.keys(body as Json).length === 0 ? '' : body;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
