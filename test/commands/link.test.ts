// Linking: Olga's Slack account is nobody's in the policy. Whose it becomes, who says so, and when that no longer counts.
import { describe, expect, it } from 'vitest';
import { viewRequest } from '../../src/commands/request-view.ts';
import { doWork } from '../../src/commands/work.ts';
import { writing } from '../store/contract-samples.ts';
import {
  actions,
  buttons,
  codeOf,
  doors,
  given,
  linkTo,
  now,
  olga,
  paul,
  person,
  press,
  rui,
  say,
  send,
  shown,
  useLinks,
  work,
  world,
} from './link-world.ts';

useLinks();

describe('An account that the policy does not name', () => {
  it('gets a code that it alone sees, and is the person’s once they confirmed it; both accounts are told', async () => {
    const asked = await say(olga, 'link');
    const question = await say(
      rui,
      `link ${given(asked).toLowerCase().replaceAll('-', ' - ').replaceAll(' ', '')}`,
    );
    const before = await person(olga);

    const confirmed = await press(rui, question, 'link:confirm');
    await work();

    expect([asked, question].map((each) => each.kind === 'card' && each.visibility)).toEqual([
      'private',
      'private',
    ]);
    expect([before, codeOf(confirmed), await person(olga)]).toEqual([
      undefined,
      'updated',
      'release-approver',
    ]);
    expect(await actions()).toEqual(['link-asked', 'link-seen', 'link-confirmed']);
    const told = [...world.posted].filter(
      ([place, card]) => place.startsWith('direct:') && card.title === 'Linked',
    );
    expect(new Set(told.map(([place]) => place.split(' ')[0]))).toEqual(
      new Set([`direct:${rui.user}`, `direct:${olga.user}`]),
    );
    expect(shown(await say(olga, 'whoami'))).toMatch(/By link.*confirmed from.*teams:/);
    expect(shown(await say(rui, 'whoami'))).toContain(`slack:${olga.tenant}/${olga.user}`);
  });

  it('is shown to the confirmer by the name it gives itself, as plain text, and by the id that its chat vouches for', async () => {
    const code = given(await say(olga, 'link', 'Rui <!channel> *boss*\n[x](https://evil.example)\u202e'));

    const question = await say(rui, `link ${code}`);

    expect(shown(question)).toContain(`slack:${olga.tenant}/${olga.user}`);
    expect(question).toMatchObject({
      card: {
        blocks: expect.arrayContaining([
          {
            kind: 'facts',
            facts: expect.arrayContaining([
              { label: 'Calls itself', value: 'Rui <!channel> *boss* [x](https://evil.example)' },
              { label: 'Chat', value: 'Slack' },
            ]) as unknown,
          },
        ]) as unknown,
      },
    });
  });

  it('that is refused stays nobody’s, is told so, and its code is spent', async () => {
    const code = given(await say(olga, 'link'));
    const question = await say(rui, `link ${code}`);

    await press(rui, question, 'link:cancel');
    await work();

    expect([
      codeOf(await press(rui, question, 'link:confirm')),
      codeOf(await say(rui, `link ${code}`)),
    ]).toEqual(['link-over', 'unknown-code']);
    expect(await person(olga)).toBeUndefined();
    expect(
      [...world.posted].some(
        ([place, card]) => place.startsWith(`direct:${olga.user}`) && card.title === 'Not linked',
      ),
    ).toBe(true);
  });
});

describe('A code', () => {
  it('links once: neither the button nor the code does anything a second time', async () => {
    const code = given(await say(olga, 'link'));
    const question = await say(rui, `link ${code}`);
    await press(rui, question, 'link:confirm');

    expect([
      codeOf(await press(rui, question, 'link:confirm')),
      codeOf(await say(rui, `link ${code}`)),
    ]).toEqual(['link-over', 'unknown-code']);
  });

  it('works for ten minutes, also for whoever has the question before them', async () => {
    const code = given(await say(olga, 'link'));
    const question = await say(rui, `link ${code}`);
    now.ahead += 10 * 60_000;

    expect([
      codeOf(await press(rui, question, 'link:confirm')),
      codeOf(await say(rui, `link ${code}`)),
    ]).toEqual(['link-over', 'unknown-code']);
    expect(await person(olga)).toBeUndefined();
  });

  it('is only for whoever gave it first, and a newer one takes its place', async () => {
    const code = given(await say(olga, 'link'));
    const question = await say(rui, `link ${code}`);

    const other = await say(paul, `link ${code}`);
    const stolen = await press(paul, question, 'link:confirm');
    await say(olga, 'link');
    const old = await press(rui, question, 'link:confirm');

    expect([other, stolen, old].map(codeOf)).toEqual(['unknown-code', 'link-over', 'link-over']);
  });

  it('cannot be guessed: five wrong ones, and even the right one is refused for ten minutes', async () => {
    const code = given(await say(olga, 'link'));
    const wrong: string[] = [];
    for (let i = 0; i < 5; i++) wrong.push(codeOf(await say(rui, `link AAAA-AAAA-AAA${i}`)));

    const right = codeOf(await say(rui, `link ${code}`));
    now.ahead += 10 * 60_000 + 1;
    const later = codeOf(await say(rui, `link ${given(await say(olga, 'link'))}`));

    expect([...wrong, right, later]).toEqual([
      ...Array.from({ length: 5 }, () => 'unknown-code'),
      'too-many-codes',
      'card',
    ]);
  });

  it('stands nowhere in the audit, and in the store only as its hash', async () => {
    const code = given(await say(olga, 'link'));
    await say(rui, `link ${code}`);

    const kept = JSON.stringify(await doors.ledger.link(`slack:${olga.tenant}/${olga.user}`));
    expect(kept).toContain('"state":"asked"');
    for (const each of [code, code.replaceAll('-', '')]) expect(kept).not.toContain(each);
    expect(JSON.stringify(await doors.ledger.auditRows({ limit: 50 }))).not.toContain(code);
  });
});

describe('Nobody links', () => {
  it('where the policy does not say so, and links of before do not count; the cure is named', async () => {
    await linkTo(rui);
    const question = await say(rui, `link ${given(await say({ ...olga, user: 'U01OTHER' }, 'link'))}`);
    now.change = (policy) => ({ ...policy, identity: { ...policy.identity, linking: false } });

    const answers = [
      await say(olga, 'link'),
      await say(rui, 'link AAAA-AAAA-AAAA'),
      await press(rui, question, 'link:confirm'),
    ];

    expect(answers.map(codeOf)).toEqual(['linking-off', 'linking-off', 'linking-off']);
    expect(shown(await say(rui, 'whoami'))).not.toContain(olga.user);
    expect(shown(answers[0]!)).toContain('linking: true');
    expect(await person(olga)).toBeUndefined();
  });

  it('an account that the policy names, once or for several people', async () => {
    now.change = (policy) => ({
      ...policy,
      people: { ...policy.people, twin: policy.people['platform-admin']! },
    });

    expect([codeOf(await say(rui, 'link')), codeOf(await say(paul, 'link'))]).toEqual([
      'already-mapped',
      'ambiguous',
    ]);
  });

  it('an account that is linked already, to another person', async () => {
    await linkTo(rui);

    expect(codeOf(await say(olga, 'link'))).toBe('already-mapped');
  });

  it('from an account that is itself only linked, or nobody’s', async () => {
    await linkTo(rui);
    const other = { ...olga, user: 'U01OTHER' };
    const code = given(await say(other, 'link'));

    expect([codeOf(await say(olga, `link ${code}`)), codeOf(await say(other, `link ${code}`))]).toEqual([
      'not-named',
      'not-named',
    ]);
  });

  it('an account that the policy names by the time of the confirmation', async () => {
    const question = await say(rui, `link ${given(await say(olga, 'link'))}`);
    now.change = (policy) => ({
      ...policy,
      people: { ...policy.people, olga: { slack: { team: olga.tenant, user: olga.user } } },
    });

    expect(codeOf(await press(rui, question, 'link:confirm'))).toBe('link-over');
    expect(await person(olga)).toBe('olga');
  });

  it('by a question whose account was changed on the way', async () => {
    const question = await say(rui, `link ${given(await say(olga, 'link'))}`);
    const { nonce } = buttons(question)[0]!.value;

    const bent = await send(rui, {
      kind: 'action',
      action: 'link:confirm',
      id: 'slack:T01CONTOSO/U01DANA',
      nonce,
    });

    expect([codeOf(bent), await person(olga)]).toEqual(['link-over', undefined]);
  });

  it('in a terminal', async () => {
    expect(codeOf(await say({ channel: 'terminal', tenant: 'local', user: 'developer' }, 'link'))).toBe(
      'not-here',
    );
  });
});

describe('A link', () => {
  it('ends with the person: taken out of the policy, or their account given to somebody else', async () => {
    await linkTo(rui);
    const { 'release-approver': gone, ...rest } = doors.policy().people;
    const nobody = { slack: { team: 'T01CONTOSO', user: 'U01NEW' } };

    now.change = (policy) => ({ ...policy, people: rest });
    const removed = await person(olga);
    now.change = (policy) => ({ ...policy, people: { ...rest, 'release-approver': nobody } });
    const replaced = await person(olga);
    now.change = (policy) => ({ ...policy, people: { ...rest, 'release-approver': gone! } });

    expect([removed, replaced, await person(olga)]).toEqual([undefined, undefined, 'release-approver']);
  });

  it('gives way to what the policy says of the account, and to nobody where it says two things', async () => {
    await linkTo(rui);
    const slack = { slack: { team: olga.tenant, user: olga.user } };

    now.change = (policy) => ({ ...policy, people: { ...policy.people, olga: slack } });
    const named = await person(olga);
    now.change = (policy) => ({ ...policy, people: { ...policy.people, olga: slack, twin: slack } });

    expect([named, await person(olga)]).toEqual(['olga', undefined]);
  });

  it('is removed by the account, by its person or by an admin, and by nobody else; both accounts hear of it', async () => {
    const codes: string[] = [];
    for (const who of [world.as('developer', 'slack'), olga, rui, paul]) {
      await linkTo(rui);
      const own = who === olga || who === rui;
      codes.push(
        codeOf(await say(who, own ? 'link --remove' : `link --remove slack:${olga.tenant}/${olga.user}`)),
      );
      if (codes.length === 1) await say(paul, `link --remove slack:${olga.tenant}/${olga.user}`);
      expect(await person(olga)).toBeUndefined();
    }
    await work();

    expect(codes).toEqual(['not-yours', 'card', 'card', 'card']);
    expect((await doors.ledger.auditRows({ limit: 1 }))[0]).toMatchObject({
      action: 'link-removed',
      actor: { person: 'platform-admin' },
    });
    const told = [...world.posted]
      .filter(([, card]) => card.title === 'Link removed')
      .map(([place]) => place.split(' ')[0]);
    expect(new Set(told)).toEqual(new Set([`direct:${olga.user}`, `direct:${rui.user}`]));
  });

  it('is written to where the policy names no account of the person in that chat', async () => {
    await linkTo(rui);
    const { slack: _, ...rest } = doors.policy().people['release-approver']!;
    const told = () =>
      [...world.posted.keys()].filter((place) => place.startsWith(`direct:${olga.user} notify:`));
    const tell = async (id: string): Promise<number> => {
      const asked = { requester: 'release-approver' };
      await doors.ledger.change(id, writing({ id, ...asked, state: 'promoted' }), asked);
      await doWork({ key: id, kind: 'notify', payload: { id }, runAt: 0, attempts: 1, fence: 1 }, doors);
      return told().length;
    };

    const withOwn = await tell('P-1');
    now.change = (policy) => ({ ...policy, people: { ...policy.people, 'release-approver': rest } });

    expect([withOwn, await tell('P-2')]).toEqual([0, 1]);
  });

  it('of Teams is shown its own buttons where the policy names no account of the person there', async () => {
    const { entra: _, ...rest } = doors.policy().people['release-approver']!;
    now.change = (policy) => ({ ...policy, people: { ...policy.people, 'release-approver': rest } });
    const ofTeams = world.as('outsider', 'teams');
    await linkTo(world.as('release-approver', 'slack'), ofTeams);
    const asked = { requester: 'release-approver' };
    await doors.ledger.change('P-3', writing({ id: 'P-3', ...asked }), asked);
    const request = (await doors.ledger.request('P-3'))!;

    const { audience } = await viewRequest(doors, request);

    const { tenant, user } = ofTeams;
    expect(audience?.people).toMatchObject({ 'release-approver': { tenant, user } });
  });

  it('to remove is named where there are several, and there is a sentence where there is none', async () => {
    const none = await say(rui, 'link --remove');
    await linkTo(rui);
    await linkTo(rui, { ...olga, user: 'U01OTHER' });

    const which = await say(rui, 'link --remove');

    expect([none, which].map(codeOf)).toEqual(['no-link', 'no-link']);
    expect(shown(which)).toContain('U01OTHER');
    expect(codeOf(await say(paul, 'link --remove slack:T01CONTOSO/U01NOBODY'))).toBe('no-link');
  });
});
