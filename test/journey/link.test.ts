// A Slack account that the policy does not name, linked from Teams: asked for in the one chat, confirmed in the other, and from
// then on the same person in both.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Request } from '../../src/promotion/request.ts';
import { people, type SamplePerson } from '../../src/sandbox/cast.ts';
import { nodesOf } from '../channels/renderer-contract.ts';
import { createSlackChat, type SlackChat } from './slack-chat.ts';
import { type Desk, openDesk } from './teams-desk.ts';

type Role = SamplePerson['role'];

let chat: SlackChat;
let desk: Desk;
let request: Request;
beforeAll(async () => {
  // Two approvals are wanted, and Rui has no account of Slack in the policy.
  chat = await createSlackChat('http', {
    policy: (text) =>
      text
        .replace(/^( {2}release-approver: .*), slack: "[^"]*"/m, '$1')
        .replace(
          'rules: [{ group: release, min: 1 }], total: 1',
          'rules: [{ group: release, min: 2 }], total: 2',
        ),
  });
  desk = await openDesk(chat.world);
  await desk.teams.install();
  request = await chat.world.ask();
});
afterAll(async () => {
  await desk?.close();
  await chat?.close();
});

const slackOf = (role: Role) => people.find((each) => each.role === role)!.slack;
/** What this account alone has seen in Slack: private answers and direct messages. */
const seenInSlack = (role: Role): readonly string[] =>
  chat.slack.state.messages
    .filter((one) => one.ephemeralFor === slackOf(role) || one.channel === `D${slackOf(role).slice(1)}`)
    .map((one) => JSON.stringify([one.text, one.blocks]));
const inTeams = (role: Role) => {
  const conversation = desk.teams.state.conversations.find(
    (one) => one.with === people.find((each) => each.role === role)!.teams,
  )!;
  return desk.teams.state.activities.filter((one) => one.fromBot && one.conversation === conversation.id);
};
const votes = async () =>
  (await chat.world.product.doors.ledger.request(request.id))?.votes.map(({ person, channel }) => [
    person,
    channel,
  ]);

/** `/acr link` in Slack, its code given and confirmed in Teams. */
async function link(asking: Role, confirming: Role): Promise<void> {
  await chat.slack.command(asking, 'releases', 'link');
  const code = () => /acr link (\w{4}-\w{4}-\w{4})/.exec(seenInSlack(asking).at(-1) ?? '')?.[1];
  await expect.poll(code).toBeDefined();
  await desk.teams.message(confirming, 'personal', `link ${code()}`);
  const question = () =>
    inTeams(confirming).find((one) => JSON.stringify(one.attachments).includes('link:confirm'));
  await expect.poll(question).toBeDefined();
  const { id, attachments } = question()!;
  const button = nodesOf(attachments).find((node) => node['verb'] === 'link:confirm')!;
  const { outcome } = await desk.teams.invoke(confirming, 'personal', id, button);
  expect(JSON.stringify(outcome)).not.toContain('Not done');
  await expect
    .poll(() => seenInSlack(asking).some((seen) => seen.includes('"Linked"') || seen.includes('acts as')))
    .toBe(true);
}

/** Presses Approve on the card in the channel of Slack. */
async function approve(role: Role): Promise<void> {
  const card = () =>
    chat.slack.state.messages.find((one) => JSON.stringify(one.blocks).includes('"approve"'));
  await expect.poll(card).toBeDefined();
  await chat.slack.click(role, 'releases', card()!.ts, 'approve');
}

describe('An account linked from the other chat', () => {
  it('is nobody before, and is the person after; both accounts hear of it, and each chat shows who asked', async () => {
    await approve('release-approver');
    await expect.poll(() => seenInSlack('release-approver').join()).toContain('belongs to nobody');

    await link('release-approver', 'release-approver');

    const question = JSON.stringify(inTeams('release-approver').map((one) => one.attachments));
    expect(question).toContain('acts as release-approver now');
    expect(await votes()).toEqual([]);
  });

  it('votes as the person, whose other account then has no second vote', async () => {
    await approve('release-approver');
    await expect.poll(votes).toEqual([['release-approver', 'slack']]);

    await desk.teams.message('release-approver', 'personal', `approve ${request.id}`);

    await expect
      .poll(() => JSON.stringify(inTeams('release-approver').at(-1)?.attachments))
      .toMatch(/voted|already|approved/i);
    expect(await votes()).toEqual([['release-approver', 'slack']]);
    expect((await chat.world.product.doors.ledger.request(request.id))?.state).toBe('pending');
  });

  it('is refused the approval of what the person asked for from the other chat', async () => {
    await link('outsider', 'developer');

    await approve('outsider');

    await expect.poll(() => seenInSlack('outsider').join()).toContain('Four eyes');
    expect(await votes()).toEqual([['release-approver', 'slack']]);
  });

  it.each([
    ['is_restricted', 'Guests cannot'],
    ['is_stranger', 'not of this workspace'],
    ['is_bot', 'Bots cannot'],
    ['deleted', 'deactivated'],
  ])('gets no code with %s, whatever the policy says of linking', async (flag, words) => {
    const user = chat.slack.state.users.find((one) => one.id === slackOf('security-approver'))!;
    Object.assign(user, { [flag]: true });
    const asked = async () =>
      (await chat.world.product.doors.ledger.auditRows({ limit: 500 })).filter(
        (row) => row.action === 'link-asked',
      ).length;
    const before = await asked();

    await chat.slack.command('security-approver', 'releases', 'link');

    await expect.poll(() => seenInSlack('security-approver').join()).toContain(words);
    expect(await asked()).toBe(before);
    Object.assign(user, { [flag]: false });
  });

  it('gets no code from Teams as a guest, or where Teams does not say; a member gets one', async () => {
    const { objectId } = people.find((each) => each.role === 'outsider')!;
    const answers: string[] = [];
    const ask = async (): Promise<void> => {
      const before = inTeams('outsider').length;
      await desk.teams.message('outsider', 'personal', 'link');
      await expect.poll(() => inTeams('outsider').length).toBe(before + 1);
      answers.push(JSON.stringify(inTeams('outsider').at(-1)?.attachments));
    };

    desk.teams.controls.guests.add(objectId);
    await ask();
    desk.teams.controls.guests.clear();
    desk.teams.controls.fault('members', { status: 403, code: 'Forbidden' });
    await ask();
    await ask();

    const none = expect.stringContaining('Only full members') as string;
    expect(answers).toEqual([none, none, expect.stringMatching(/link \w{4}-\w{4}-\w{4}/)]);
  });
});
