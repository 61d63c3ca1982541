// Microsoft 365 Agents Playground, a client of Microsoft's own that runs locally: for evaluation only, so it is looked for
// and never installed. Each person has an instance of their own, with a folder, a port and a channel.
import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { stringify } from 'yaml';
import { people, type SamplePerson, teamsApp, teamsTeam, tenantId } from '../../src/sandbox/cast.ts';

/** The program, by PLAYGROUND or on PATH; says so where there is none, because the suite is skipped then. */
export function findPlayground(suite: string): string | undefined {
  const named = process.env['PLAYGROUND'];
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean);
  const found = (named ? [named] : folders.map((folder) => join(folder, 'agentsplayground'))).find(isProgram);
  if (!found)
    console.log(
      `SKIPPED ${suite}: no Agents Playground ${named ? `at ${named}` : 'on PATH'}; docs/teams.md says how to get it`,
    );
  return found;
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A person's own channel, so that what is posted there goes to their instance. */
export const channelOf = (person: SamplePerson): string => `19:releases-${person.role}@thread.tacv2`;

export interface Seat {
  readonly url: string;
  close(): Promise<void>;
}

/** One person's instance, talking with the bot. */
export async function openSeat(program: string, person: SamplePerson, botUrl: string): Promise<Seat> {
  const folder = mkdtempSync(join(tmpdir(), 'playground-'));
  writeFileSync(join(folder, '.m365agentsplayground.yml'), stringify(settingsOf(person)));
  const options = ['--app-endpoint', `${botUrl}/api/messages`, '--channel-id', 'msteams'];
  // A port that is taken becomes another one, which it says.
  const port = String(40_000 + Math.floor(Math.random() * 20_000));
  const child = spawn(program, ['start', ...options, '--port', port, '--disable-telemetry'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const close = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await gone;
    }
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    return { url: `http://127.0.0.1:${await portOf(child)}/`, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A file with fewer than five users ends it, after it said that it listens. */
const settingsOf = (person: SamplePerson) => ({
  version: '0.1.1',
  tenantId,
  bot: { id: teamsApp.mri, name: teamsApp.name },
  currentUser: userOf(person),
  users: [...people.filter((one) => one !== person), spare].map(userOf),
  personalChat: { id: `a:${person.role}` },
  groupChat: { id: `19:${person.role}@thread.v2`, name: 'Group' },
  team: {
    // Teams names a team by its first channel.
    id: `19:team-${person.role}@thread.tacv2`,
    name: teamsTeam.name,
    aadGroupId: teamsTeam.groupId,
    channels: [{ id: channelOf(person), name: 'releases' }],
  },
});

const spare: SamplePerson = {
  role: 'outsider',
  name: 'Spare Guest',
  title: '',
  slack: '',
  objectId: '0b1ec700-0000-4000-8000-000000000009',
  teams: '29:1spare-mri',
};

function userOf({ teams, name, objectId }: SamplePerson) {
  const [givenName = '', surname = ''] = name.split(' ');
  const address = `${givenName}.${surname}@contoso.example`.toLowerCase();
  // "userPrincipleName" is how the playground spells it.
  const names = { name, givenName, surname, email: address, userPrincipleName: address };
  return { id: teams, aadObjectId: objectId, ...names };
}

function portOf(child: ChildProcess): Promise<number> {
  let printed = '';
  return new Promise((resolve, reject) => {
    const late = setTimeout(
      () => reject(new Error(`the playground did not start: ${printed}`)),
      20_000,
    ).unref();
    child.once('exit', () => reject(new Error(`the playground ended: ${printed}`)));
    child.once('error', reject);
    child.stdout?.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
      const port = /Listening on (\d+)/.exec(printed)?.[1];
      if (!port) return;
      clearTimeout(late);
      resolve(Number(port));
    });
  });
}

/** The gestures of a person in their channel. */
export interface Hand {
  readonly page: Page;
  /** The newest card that has these words. */
  card(words: string): Locator;
  /** Starts a thread with a mention of the bot. */
  post(text: string): Promise<void>;
}

export async function sitDown(page: Page, seat: Seat): Promise<Hand> {
  // Fonts come from Microsoft's servers: nothing leaves this machine.
  await page.route('**/*', (route) =>
    new URL(route.request().url()).hostname === '127.0.0.1' ? route.continue() : route.abort(),
  );
  await page.goto(seat.url);
  await page.getByRole('treeitem', { name: `${teamsTeam.name} - releases` }).click();
  await page.getByRole('button', { name: 'Hide log panel' }).click();
  return {
    page,
    card: (words) => page.locator('.ac-adaptiveCard').filter({ hasText: words }).first(),
    post: async (text) => {
      const box = page.getByRole('textbox').first();
      await box.click();
      await box.pressSequentially('@');
      await page
        .getByRole('menuitem', { name: `${teamsApp.name} ${teamsApp.name}` })
        .first()
        .click();
      await page.keyboard.type(` ${text}`);
      await page.getByRole('button', { name: 'Post', exact: true }).click();
    },
  };
}
