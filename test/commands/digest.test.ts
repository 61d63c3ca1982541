import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Card } from '../../src/cards/card.ts';
import { digestSchedules, dueDigests } from '../../src/commands/digest-schedules.ts';
import { sendDigest } from '../../src/commands/send-digest.ts';
import type { Doors } from '../../src/commands/doors.ts';
import { DeliveryError, type DigestSlot, type Lease, type Messenger } from '../../src/ports.ts';
import { createWorld, type World } from '../world.ts';

const to = 'slack:T01CONTOSO/C01PLATFORM';
let world: World;
let posted: Map<string, Card>;
let threads: Map<string, Card>;
let slot: DigestSlot;
let lease: Lease;
let periods = 0;

/** A chat that knows its keys, as Slack's metadata lets it; the first `failures` posts do not go through. */
function chat(failures: readonly DeliveryError[] = []): Messenger {
  const left = [...failures];
  return {
    channel: 'slack',
    post: async (place, card, key) => {
      const failure = left.shift();
      if (failure) throw failure;
      posted.set(key, card);
      return { channel: 'slack', place, message: key };
    },
    update: async () => undefined,
    reply: async (_ref, card, key) => void threads.set(key, card),
    direct: async () => undefined,
  };
}
const doorsWith = (messenger: Messenger, change: Partial<Doors> = {}): Doors => ({
  ...world.product.doors,
  messengers: new Map([['slack', messenger]]),
  ...change,
});
const unsent = async () => (await world.product.doors.ledger.unsentDigests()).length;
const actions = async () =>
  (await world.product.doors.ledger.auditRows({ subject: 'weekly-platform' })).map((row) => row.action);

beforeAll(async () => {
  world = await createWorld({ work: false });
});
afterAll(() => world.close());
beforeEach(async () => {
  posted = new Map();
  threads = new Map();
  slot = { name: 'weekly-platform', to, periodEnd: Date.now() + periods++ };
  lease = { key: 'k', kind: 'digest', payload: { slot }, runAt: 0, attempts: 1, fence: 1 };
  await world.product.doors.ledger.unsetDigest(slot.name, to);
  await world.product.doors.ledger.claimDigest(slot);
});

describe('a digest that is due', () => {
  it('is sent once, however often its job runs', async () => {
    const doors = doorsWith(chat());
    await sendDigest(lease, doors);
    await sendDigest(lease, doors);

    expect([...posted.values()].map((card) => card.name)).toEqual(['digest']);
    expect(await unsent()).toBe(0);
    expect((await actions()).at(-1)).toBe('digest-sent');
  });

  it('is the same message when the process dies between posting and noting it', async () => {
    const { ledger } = world.product.doors;
    const dying = new Proxy(ledger, {
      get: (target, name, self) =>
        name === 'digestSent' ? () => Promise.reject(new Error('killed')) : Reflect.get(target, name, self),
    });
    const messenger = chat();

    await expect(sendDigest(lease, doorsWith(messenger, { ledger: dying }))).rejects.toThrow('killed');
    expect(await unsent()).toBe(1);
    await sendDigest(lease, doorsWith(messenger));
    expect(posted.size).toBe(1);
    expect(await unsent()).toBe(0);
  });

  it('is tried again when the channel is slow, and given up with a note when the channel is gone', async () => {
    const slow = doorsWith(chat([new DeliveryError('transient', 'slow down', 1000)]));
    await expect(sendDigest(lease, slow)).rejects.toThrow('slow down');
    expect(await unsent()).toBe(1);

    await sendDigest(lease, doorsWith(chat([new DeliveryError('gone', 'channel_not_found')])));
    expect(posted.size).toBe(0);
    expect(await unsent()).toBe(0);
    expect((await actions()).at(-1)).toBe('digest-undeliverable');

    const { doors } = world.product;
    expect((await digestSchedules(doors)).find((each) => each.to === to)?.paused).toContain('gone');
    expect((await dueDigests(doors)).some((each) => each.to === to)).toBe(false);
  });

  it('that people deleted before its thread was there is sent all the same, and the next one comes', async () => {
    const lost = new DeliveryError('gone', 'thread_not_found');
    const messenger: Messenger = { ...chat(), reply: () => Promise.reject(lost) };

    await sendDigest(lease, doorsWith(messenger));

    const { doors } = world.product;
    expect([posted.size, await unsent(), (await actions()).at(-1)]).toEqual([1, 0, 'digest-sent']);
    expect((await dueDigests(doors)).some((each) => each.to === to)).toBe(true);
  });

  it('waits with its thread where the chat is slow, and does not post again', async () => {
    let tries = 0;
    let posts = 0;
    const inner = chat();
    const messenger: Messenger = {
      ...inner,
      post: (...order) => {
        posts += 1;
        return inner.post(...order);
      },
      reply: async (_ref, card, key) => {
        tries += 1;
        if (tries === 1) throw new DeliveryError('transient', 'slow down', 1000);
        threads.set(key, card);
      },
    };
    await expect(sendDigest(lease, doorsWith(messenger))).rejects.toThrow('slow down');
    await sendDigest(lease, doorsWith(messenger));

    expect([posts, threads.size, await unsent()]).toEqual([1, 1, 0]);
  });

  it('is not sent when nothing changed and the policy says so', async () => {
    const policy = world.product.doors.policy();
    const digests = policy.digests.map((digest) => ({ ...digest, skipIfUnchanged: true }));
    const quiet = doorsWith(chat(), { policy: () => ({ ...policy, digests }) });
    // A row like today's of a week ago: nothing has changed since.
    const scan = await world.product.doors.reader.scan();
    const [today] = await world.product.doors.ledger.scores(scan.asOf);
    await world.product.doors.ledger.saveScore({ ...today!, asOf: slot.periodEnd - 8 * 24 * 3_600_000 });
    await sendDigest(lease, quiet);

    expect(posted.size).toBe(0);
    expect(await unsent()).toBe(0);
  });

  it('does not hide that a registry of the policy is not seen', async () => {
    const { reader } = world.product.doors;
    const blind = { ...reader, scan: async () => ({ asOf: Date.now(), registries: [], gaps: [] }) };
    await sendDigest(lease, doorsWith(chat(), { reader: blind }));

    const [card] = [...posted.values()];
    expect(JSON.stringify(card)).toContain("The registry 'prod' of the policy was not seen");
    expect(card?.blocks.some((block) => block.kind === 'status' && block.tone === 'good')).toBe(false);
  });
});

describe('a digest whose post may have been sent before, where nobody may look', () => {
  const sentAs = async (unseen: 'again' | 'restart', attempts: number) => {
    const known = chat();
    const blind: Messenger = {
      ...known,
      post: async (...order) => ({ ...(await known.post(...order)), unseen }),
    };
    await sendDigest({ ...lease, attempts }, doorsWith(blind));
    return world.product.doors.ledger.lastDigestNote(slot.name, to);
  };

  it.each([
    ['sent before without an answer', 'again', 1, 'may have been sent twice'],
    ['of a job that another process had begun', 'restart', 2, 'may have been sent twice'],
    ['of a job that nobody had begun', 'restart', 1, undefined],
  ] as const)('says so in its row: %s', async (_, unseen, attempts, note) => {
    expect(await sentAs(unseen, attempts)).toBe(note);
  });

  it('and in the list', async () => {
    await sentAs('again', 1);

    const list = await world.say(world.as('developer', 'slack'), 'digest list');

    expect(JSON.stringify(list)).toContain('the last one may have been sent twice');
  });
});

describe('the command digest', () => {
  it('shows a preview to anyone of the policy, and sends for those who may', async () => {
    const preview = await world.say(world.as('developer', 'slack'), 'digest preview');
    const now = await world.say(world.as('platform-admin', 'slack'), 'digest now');

    expect(preview).toMatchObject({ kind: 'card', visibility: 'private', card: { name: 'digest' } });
    expect(now).toMatchObject({ kind: 'card', visibility: 'public', card: { name: 'digest' } });
    expect(await actions()).toContain('digest-now');
  });
});

describe('digests by chat', () => {
  const admin = () => world.as('platform-admin', 'slack');
  const say = async (text: string) => {
    const answer = await world.say(admin(), `digest ${text}`);
    return answer.kind === 'form' ? 'a form' : JSON.stringify(answer.card);
  };
  const here = async () =>
    (await digestSchedules(world.product.doors)).filter((each) => each.to === 'slack:test');

  it('are subscribed to, listed with three runs, paused, resumed and ended', async () => {
    expect(await say('subscribe weekly mon 09:00 Asia/Kathmandu prod shop-team')).toContain('Subscribed');
    expect(await here()).toMatchObject([
      {
        name: 'weekly-mon-0900-prod-shop-team',
        cron: '0 9 * * 1',
        timezone: 'Asia/Kathmandu',
        scope: { stages: ['prod'], teams: ['shop-team'], registries: [] },
      },
    ]);
    const listed = await say('list');
    const row = listed.slice(listed.lastIndexOf('weekly-mon-0900-prod-shop-team'));
    expect(row.match(/"kind":"time"/g)).toHaveLength(3);

    expect(await say('pause because holidays')).toContain('Paused');
    expect(await say('list')).toContain('paused: holidays');
    expect(await dueDigests(world.product.doors)).not.toContainEqual(
      expect.objectContaining({ to: 'slack:test' }),
    );
    expect(await say('resume')).toContain('Resumed');
    expect((await here())[0]?.paused).toBeUndefined();
    expect(await say('unsubscribe weekly-mon-0900-prod-shop-team')).toContain('Ended');
    expect(await here()).toEqual([]);
  });

  it.each([
    ['subscribe', 'Say how often'],
    ['subscribe weekly someday 09:00', 'Say how often'],
    ['subscribe daily 25:00', 'what time of day'],
    ['subscribe daily 09:00 Mars/Olympus', 'no time zone'],
    ['subscribe daily 09:00 prd', "Did you mean 'prod'?"],
    ['pause', 'No digest comes to this channel'],
    ['subscrbe', "Did you mean 'subscribe'?"],
  ])('are refused with a cure: %s', async (text, cure) => {
    expect(await say(text)).toContain(cure);
    expect(await here()).toEqual([]);
  });

  it('are changed by nobody without the right', async () => {
    const answer = await world.say(world.as('developer', 'slack'), 'digest subscribe daily 09:00');

    expect(answer).toMatchObject({ kind: 'refusal', code: 'not-eligible' });
    expect(await here()).toEqual([]);
  });

  it('tell of the time since the last one of their channel, not of a week', async () => {
    const { ledger } = world.product.doors;
    await sendDigest(lease, doorsWith(chat()));
    const next = { ...slot, periodEnd: slot.periodEnd + 3 * 24 * 3_600_000 };
    await ledger.claimDigest(next);
    await sendDigest({ ...lease, payload: { slot: next } }, doorsWith(chat()));

    const last = [...posted.values()].at(-1);
    expect(last?.blocks[1]).toMatchObject({
      text: [{}, { at: slot.periodEnd }, {}, { at: next.periodEnd }],
    });
    expect([...threads.values()].map((card) => card.name)).toContain('digest-rest');
  });
});
