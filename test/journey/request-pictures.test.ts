import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isChromiumThere, openWorkspace, type Workspace } from './browser.ts';
import { type SandboxRun, startSandbox } from './sandbox-run.ts';

const isThere = isChromiumThere('test/journey/request-pictures.test.ts');

describe.skipIf(!isThere)('requests that do not go straight, on the workspace page', () => {
  let run: SandboxRun;
  let workspace: Workspace;
  beforeAll(async () => {
    // Every import brings another image than the approved one: what quarantine is for.
    run = await startSandbox(undefined, ['--fault', 'import-wrong-digest', '--latency', '150']);
    workspace = await openWorkspace(run.pageUrl);
  });
  afterAll(async () => {
    await workspace?.close();
    await run?.close();
  });

  const chats = ['slack', 'teams'] as const;
  const cardIn = (chat: (typeof chats)[number], image: string) =>
    workspace
      .id(`${chat}-message`)
      .filter({ hasText: `Promote ${image} to prod`, hasNotText: 'Only visible to you' })
      .last();
  /** The card of the request says it, in both chats. */
  async function bothShow(image: string, text: RegExp) {
    for (const chat of chats)
      await expect.poll(() => cardIn(chat, image).textContent(), { timeout: 40_000 }).toMatch(text);
  }
  /** Asked for by the developer, in the channel of the releases; gives its id. */
  async function asked(image: string): Promise<string> {
    await workspace.be('developer');
    await workspace.go('releases');
    await workspace.say(
      'slack',
      `/acr promote ${image} from uat to prod because "the release train" --target prod`,
    );
    const card = () =>
      workspace
        .id('slack-message')
        .filter({ hasText: `Promote ${image}` })
        .last();
    await expect
      .poll(() => card().textContent(), { timeout: 30_000 })
      .toMatch(/Blocked|Waiting for approval/);
    return /P-[A-Z0-9]{5}/.exec((await card().textContent()) ?? '')?.[0] ?? '';
  }

  it('a blocked one says which gate stops it and what that saw', async () => {
    await asked('pay/api:v2.1.0');
    await bothShow('pay/api:v2.1.0', /Blocked/);
    await bothShow('pay/api:v2.1.0', /2 critical/);

    await workspace.picture('promotion-blocked', ...chats.map((chat) => cardIn(chat, 'pay/api:v2.1.0')));
  });

  it('a break-glass says who, why and on which ticket; the import that brings another digest is quarantined', async () => {
    const image = 'shop/cart:v2.4.0';
    const id = await asked(image);
    await bothShow(image, /Blocked/);
    await workspace.be('platform-admin');
    await workspace.go('releases');
    await workspace.say('slack', `/acr hold ${id} because "look at it first"`);
    await bothShow(image, /Held/);
    await workspace.picture('promotion-held', ...chats.map((chat) => cardIn(chat, image)));
    await workspace.say('slack', `/acr resume ${id}`);
    await bothShow(image, /Blocked/);
    await workspace.say('slack', `/acr breakglass ${id} ticket INC-4711 because "the cart is down"`);
    await bothShow(image, /INC-4711/);
    await workspace.picture('promotion-breakglass', ...chats.map((chat) => cardIn(chat, image)));
    await bothShow(image, /Quarantined/);

    await workspace.picture('promotion-quarantined', ...chats.map((chat) => cardIn(chat, image)));
  });
});
