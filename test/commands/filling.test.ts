import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Card } from '../../src/cards/card.ts';
import { createDispatch, finishUnanswered } from '../../src/commands/dispatch.ts';
import { createFilling } from '../../src/commands/filling.ts';
import { compose } from '../../src/product.ts';
import { readEnvironment } from '../../src/config/environment.ts';
import type { Answer, Incoming, MessageRef, Show } from '../../src/ports.ts';
import { accountOf, createWorld, type World } from '../world.ts';

let world: World;
let keys = 0;
const incoming = (text: string): Incoming => ({
  key: `filling${keys++}`,
  account: accountOf('developer', 'slack'),
  place: { id: 'slack:test', kind: 'channel' },
  input: { kind: 'text', text },
});
/** The product as it is after a start: nothing was read yet. */
const started = async () => (await compose(readEnvironment(world.environment))).doors;
const quickly = { patience: 20, interval: 20 };
const ref: MessageRef = { channel: 'slack', place: 'slack:test', message: 'filling' };

/** A chat that shows one message and remembers all that it ever was. */
function chat(): { readonly show: Show; readonly was: Card[] } {
  const was: Card[] = [];
  return {
    was,
    show: async (answer) => {
      if (answer.kind !== 'form') was.push(answer.card);
      return ref;
    },
  };
}
const isFilling = (card: Card): boolean => card.blocks.some(({ kind }) => kind === 'progress');
const cardOf = (answer: Answer): Card | undefined => (answer.kind === 'form' ? undefined : answer.card);

beforeAll(async () => {
  world = await createWorld({ work: false, azure: { quota: 1000, latencyMs: 8 } });
});
afterAll(() => world.close());

describe('a filling', () => {
  const answer = (title: string): Answer => ({
    kind: 'card',
    card: { name: 'x', title, summary: title, blocks: [] },
    visibility: 'public',
  });
  const progress = { settled: true, done: 1, total: 2 };
  const fill = (show: Show) =>
    createFilling({ show, remember: async () => undefined, log: world.product.doors.log, pace: quickly });

  it('waits for what is being shown, drops what waits, and shows the answer last', async () => {
    const was: string[] = [];
    const shown = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const filling = fill(async (soFar) => {
      begun.resolve();
      await shown.promise;
      was.push(cardOf(soFar)?.title ?? '');
      return ref;
    });
    filling.offer(progress, async () => answer('first'));
    await begun.promise;
    filling.offer(progress, async () => answer('second'));
    const ended = filling.end(answer('the answer'));
    shown.resolve();
    await ended;
    filling.offer(progress, async () => answer('late'));
    await new Promise((resolve) => setTimeout(resolve, 60));

    expect(was).toEqual(['first', 'the answer']);
  });

  it('shows nothing at all where the answer is there before the patience is over', async () => {
    const was: Answer[] = [];
    const filling = fill(async (soFar) => {
      was.push(soFar);
      return ref;
    });
    filling.offer(progress, async () => answer('first'));
    await filling.end(answer('the answer'));
    await new Promise((resolve) => setTimeout(resolve, 60));

    expect(was).toEqual([]);
  });

  it('shows the latest of what was offered while one was shown', async () => {
    const was: string[] = [];
    const last = Promise.withResolvers<void>();
    const filling = fill(async (soFar) => {
      was.push(cardOf(soFar)?.title ?? '');
      if (was.length === 1)
        for (const title of ['second', 'third']) filling.offer(progress, async () => answer(title));
      else last.resolve();
      return ref;
    });
    filling.offer(progress, async () => answer('first'));
    await last.promise;
    await filling.end(answer('the answer'));

    expect(was).toEqual(['first', 'third', 'the answer']);
  });
});

describe('an answer that has to read registries first', () => {
  it('fills in one message and ends as the answer, with nothing after it', async () => {
    const doors = await started();
    const { show, was } = chat();
    const deed = incoming('status');
    await doors.ledger.accept(deed.key, deed);
    const answer = await createDispatch(doors, quickly).answer(deed, show);
    const shown = was.length;
    await new Promise((resolve) => setTimeout(resolve, 100));

    expect(shown).toBeGreaterThan(3);
    expect(was.length).toBe(shown);
    expect(was.slice(0, -1).every(isFilling)).toBe(true);
    expect(was.at(-1)).toBe(cardOf(answer));
    expect(isFilling(was.at(-1)!)).toBe(false);
    expect(was.flatMap(({ blocks }) => blocks).some(({ kind }) => kind === 'actions')).toBe(true);
    expect(
      was
        .slice(0, -1)
        .flatMap(({ blocks }) => blocks)
        .some(({ kind }) => kind === 'actions'),
    ).toBe(false);
    await doors.ledger.close();
  });

  it('says what is known, how far it is, and of whom; the answer is whole', async () => {
    const doors = await started();
    const { show, was } = chat();
    const answer = await createDispatch(doors, quickly).answer(incoming('check CR-4'), show);
    const steps = was
      .flatMap(({ blocks }) => blocks)
      .flatMap((block) => (block.kind === 'progress' ? block.steps : []));

    expect(was[0]?.title).toContain('CR-4');
    expect(
      steps
        .map(({ detail }) => detail)
        .filter((detail) => /^repositories read: \d+ of \d+, now in \w+$/.test(detail ?? '')).length,
    ).toBeGreaterThan(0);
    expect(JSON.stringify(cardOf(answer))).not.toContain('not walked');
    await doors.ledger.close();
  });

  it('is shown only once it is there where it comes at once', async () => {
    const doors = await started();
    const dispatch = createDispatch(doors);
    await dispatch.answer(incoming('status'));
    const { show, was } = chat();
    await dispatch.answer(incoming('whoami'), show);
    await dispatch.answer(incoming('registries'), show);

    expect(was).toEqual([]);
    await doors.ledger.close();
  });

  it('comes whole where the chat cannot show it half', async () => {
    const doors = await started();
    const answer = await createDispatch(doors, quickly).answer(incoming('status'), () =>
      Promise.reject(new Error('not in this channel')),
    );

    expect(cardOf(answer)?.name).toBe('status');
    expect(isFilling(cardOf(answer)!)).toBe(false);
    await doors.ledger.close();
  });

  it('that a dead process left half-filled is ended in its message by the next', async () => {
    const dead = await started();
    const deed = incoming('status prod');
    await dead.ledger.accept(deed.key, deed);
    const half = new Promise<void>((resolve) => {
      // The process is gone after its first card: it stores and shows nothing any more.
      const { show } = chat();
      const dying = {
        ...dead,
        ledger: { ...dead.ledger, answered: () => new Promise<never>(() => undefined) },
      };
      void createDispatch(dying, quickly).answer(deed, async (soFar, progress) => {
        const shown = await show(soFar, progress);
        setTimeout(resolve, 50);
        return progress ? shown : new Promise<never>(() => undefined);
      });
    });
    await half;

    const next = await started();
    const cards: Card[] = [];
    const recorder = world.product.doors.messengers.get('slack')!;
    const doors = {
      ...next,
      messengers: new Map([
        [
          'slack',
          {
            ...recorder,
            update: async (to: MessageRef, card: Card) => {
              expect(to).toEqual(ref);
              cards.push(card);
            },
          },
        ],
      ] as const),
    };
    const open = (await doors.ledger.unanswered()).filter(({ key }) => key === deed.key);
    expect(await finishUnanswered(doors, open)).toBe(1);

    expect(cards.at(-1)?.title).toContain('prod');
    expect(isFilling(cards.at(-1)!)).toBe(false);
    expect(world.posted.has(`direct:${deed.account.user} recovered:${deed.key}`)).toBe(false);
    expect((await next.ledger.unanswered()).map(({ key }) => key)).not.toContain(deed.key);
    dead.reader.close?.();
    await next.ledger.close();
  });
});
