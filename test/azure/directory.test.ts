// Entra's groups as Graph tells them: asked in portions that Graph takes, ids equal in any case, and errors that say the cure.
import { mkdtempSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createDirectory } from '../../src/azure/directory.ts';
import type { Directory } from '../../src/ports.ts';
import { people } from '../../src/sandbox/cast.ts';
import { createGraph, type GraphStandIn, releaseGroup } from '../../src/sandbox/graph.ts';
import { createTokens } from '../../src/sandbox/tokens.ts';
import { close, listen } from '../channels/slack/slack-world.ts';

const audience = 'https://graph.microsoft.com';
const { objectId } = people.find(({ role }) => role === 'release-approver')!;
const others = Array.from({ length: 25 }, (_, at) => `9d1c0de0-0000-4000-8000-0000000001${at + 10}`);
let folder: string;
let server: Server;
let graph: GraphStandIn;
let directory: Directory;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'directory-'));
  const tokens = await createTokens(folder);
  graph = createGraph(tokens);
  const [started, url] = await listen(express().use('/graph', graph.router));
  server = started;
  const credential = {
    getToken: async () => ({ token: await tokens.sign({ aud: audience }), expiresOnTimestamp: 0 }),
  };
  directory = createDirectory({ credential, url: `${url}/graph/`, audience, clock: Date.now });
});
afterAll(async () => {
  await close(server);
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  graph.controls.status = 0;
});

const groupsOf = (person: string, groups: readonly string[]) =>
  directory.groupsOf(person, groups, { fresh: true }).then((found) => [...found]);

test('More groups than Graph takes in one question are asked in several, and ids are equal in any case', async () => {
  const before = graph.calls();

  const found = await groupsOf(objectId, [...others, releaseGroup.toUpperCase()]);

  expect([found, graph.calls() - before]).toEqual([[releaseGroup], 2]);
});

test('Whoever Entra does not know is in no group, and a group it does not know has no members to tell', async () => {
  expect(await groupsOf('0b1ec700-0000-4000-8000-00000000ffff', [releaseGroup])).toEqual([]);
  await expect(directory.membersOf(others[0]!)).rejects.toMatchObject({ code: 'not-found', retry: false });
});

test.each([
  [403, 'forbidden', false, /GroupMember\.Read\.All of Microsoft Graph/],
  [429, 'throttled', true, /throttling/],
  [503, 'unavailable', true, /did not answer/],
])('An answer %i is %s, with its cure', async (status, code, retry, message) => {
  graph.controls.status = status;

  for (const ask of [() => groupsOf(objectId, [releaseGroup]), () => directory.membersOf(releaseGroup)])
    await expect(ask()).rejects.toMatchObject({
      code,
      retry,
      message: expect.stringMatching(message) as string,
    });
});
