// In which workspaces the app is installed, and by which token it speaks there. Either one workspace, by the token of the
// environment, or as many as installed it: then tokens are kept encrypted, and only whoever has the key can read them.
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import type { ReferenceStore } from '../../ports.ts';
import type { SlackApi } from './api.ts';
import { isJson, text } from './incoming.ts';

/** Empty strings where Slack did not say. */
export interface Installation {
  readonly team: string;
  readonly enterprise: string;
  readonly appId: string;
  readonly token: string;
}

export interface Installations {
  /** The installation that covers a workspace: its own, or its organisation's. Throws where it cannot be found out. */
  find(team: string, enterprise?: string): Promise<Installation | undefined>;
}

export interface StoredInstallations extends Installations {
  save(installation: Installation): Promise<void>;
  /** Forgets the installation of a workspace, or of an organisation. */
  remove(team: string, enterprise?: string): Promise<void>;
}

const algorithm = 'aes-256-gcm';
const ivBytes = 12;
const tagBytes = 16;

/** The one workspace of a token. A failure is not remembered, so Slack may be down when the bot starts. */
export function singleInstallation(token: string, api: SlackApi): Installations {
  let known: Promise<Installation> | undefined;
  const learn = async (): Promise<Installation> => {
    const answer = await api.call('auth.test', {});
    const word = (key: string): string => text(answer[key]);
    // Only the bot's own entry says which app it is of.
    const { bot } = await api.call('bots.info', { bot: word('bot_id') });
    const appId = isJson(bot) ? text(bot['app_id']) : '';
    return { team: word('team_id'), enterprise: word('enterprise_id'), appId, token };
  };
  return {
    find: () => {
      known ??= learn().catch((error: unknown) => {
        known = undefined;
        throw error;
      });
      return known;
    },
  };
}

const place = (id: string): string => `slack:installation/${id}`;

/** `secret`: any text of 32 characters and more; the key is its SHA-256. */
export function storedInstallations(store: ReferenceStore, secret: string): StoredInstallations {
  const key = createHash('sha256').update(secret).digest();
  const read = async (id: string): Promise<Installation | undefined> => {
    const sealed = id && (await store.get(place(id)));
    return sealed ? asInstallation(open(key, id, sealed)) : undefined;
  };
  const write = (id: string, body: object): Promise<void> =>
    store.put(place(id), seal(key, id, JSON.stringify(body)));
  return {
    find: async (team, enterprise = '') => {
      const own = await read(team);
      if (own?.token) return own;
      // A workspace of an organisation is remembered, because messages of ours later name the workspace alone.
      const organisation = await read(enterprise || (own?.enterprise ?? ''));
      if (organisation && team && !own) await write(team, { team, enterprise, appId: '', token: '' });
      return organisation;
    },
    save: (installation) => write(installation.team || installation.enterprise, installation),
    remove: (team, enterprise = '') => store.remove(place(team || enterprise)),
  };
}

/** The id is bound in, so that a row cannot be passed off as another workspace's. */
function seal(key: Buffer, id: string, plain: string): string {
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv(algorithm, key, iv).setAAD(Buffer.from(id));
  const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64');
}

function open(key: Buffer, id: string, sealed: string): unknown {
  const bytes = Buffer.from(sealed, 'base64');
  try {
    const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, ivBytes))
      .setAAD(Buffer.from(id))
      .setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes));
    const body = bytes.subarray(ivBytes + tagBytes);
    return JSON.parse(Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8'));
  } catch {
    throw new Error(
      `The installation of ${id} cannot be read with this ACR_WARDEN_SECRET_KEY. Set the key it was stored with, or install again.`,
    );
  }
}

function asInstallation(value: unknown): Installation | undefined {
  if (!isJson(value)) return undefined;
  const { team, enterprise, appId, token } = value;
  return { team: text(team), enterprise: text(enterprise), appId: text(appId), token: text(token) };
}
