// Rui's Slack account stands nowhere in the policy: only the address of mail that Slack has confirmed says who it is.
import { afterEach, describe, expect, it } from 'vitest';
import { createSlackChat, type SlackChat } from './slack-chat.ts';

const rui = { channel: 'slack', tenant: 'T01CONTOSO', user: 'U01RUI' } as const;
let chat: SlackChat;
afterEach(() => chat?.close());

/** `email` as the policy's identity has it. */
async function start(email: string): Promise<SlackChat> {
  chat = await createSlackChat('http', {
    policy: (text) =>
      text
        .replace('slack: "T01CONTOSO/U01RUI"', 'email: Rui.Martins@contoso.example')
        .replace('identity: { email: off', `identity: { email: ${email}`),
  });
  return chat;
}
const user = () => chat.slack.state.users.find(({ id }) => id === rui.user) as Record<string, unknown>;
async function whoIsIt(): Promise<string> {
  const answer = await chat.world.say(rui, 'whoami');
  const text = answer.kind === 'form' ? '' : JSON.stringify(answer.card);
  return text.includes('release-approver') ? 'release-approver' : 'nobody';
}

describe('an account of Slack that the policy names by its address alone', () => {
  it('is that person, votes as them, and once only whichever account they use', async () => {
    await start('{ domains: [contoso.example], teams: [T01CONTOSO] }');
    const { world } = chat;
    expect(await whoIsIt()).toBe('release-approver');
    const request = await world.ask();

    await world.click(rui, 'approve', request);
    const again = await world.say(world.as('release-approver', 'teams'), `approve ${request.id}`);

    const voted = await world.product.doors.ledger.request(request.id);
    expect(voted?.votes.map(({ person }) => person)).toEqual(['release-approver']);
    expect(again.kind).not.toBe('form');
  });

  it('is nobody where the address is not confirmed, of another domain, or of nobody, and where Slack does not say', async () => {
    await start('{ domains: [contoso.example], teams: [T01CONTOSO] }');
    const profile = user()['profile'] as object;
    for (const change of [
      { is_email_confirmed: false },
      { is_email_confirmed: undefined },
      { profile: { ...profile, email: 'rui.martins@contoso.example.evil.example' } },
      { profile: { ...profile, email: 'rui.martins@evil.example' } },
      { profile: { ...profile, email: 'somebody@contoso.example' } },
      { profile: { ...profile, email: undefined } },
      { profile: undefined },
    ]) {
      const before = { ...user() };
      Object.assign(user(), change);
      expect([change, await whoIsIt()]).toEqual([change, 'nobody']);
      Object.assign(user(), before);
    }
    expect(await whoIsIt()).toBe('release-approver');

    chat.slack.controls.fault('users.info', { kind: 'error', error: 'missing_scope' }, 1);
    expect(await whoIsIt()).toBe('nobody');
  });

  it('is nobody where the policy takes no addresses, or none of this workspace, and confirms no link of another account', async () => {
    for (const none of ['off', '{ domains: [contoso.example], teams: [T02ELSEWHERE] }']) {
      await start(none);
      expect(await whoIsIt()).toBe('nobody');
      await chat.close();
    }
    await start('{ domains: [contoso.example], teams: [T01CONTOSO] }');

    const answer = await chat.world.say(rui, 'link 7K3Q-XW2M-9TBC');

    expect(answer).toMatchObject({ kind: 'refusal', code: 'not-named' });
  });
});
