import { describe, expect, it } from 'vitest';
import { changed, messagesOf } from './fixture.ts';

describe('a policy is refused', () => {
  it.each([
    [
      'release: { members: [rui, paul] }',
      'release: { members: [rui, pau] }',
      "groups.release.members[1]: There is no person 'pau'. Did you mean 'paul'?",
    ],
    ['stage: uat }', 'stage: uta }', "registries.uat.stage: There is no stage 'uta'. Did you mean 'uat'?"],
    [
      'team: shop-team',
      'team: shop-tema',
      "registries.dev-shop.team: There is no group 'shop-tema'. Did you mean 'shop-team'?",
    ],
    [
      'readers: [aks-prod]',
      'readers: [aks-prd]',
      "registries.prod.readers[0]: There is no cluster 'aks-prd'. Did you mean 'aks-prod'?",
    ],
    [
      'admin: [platform]',
      'admin: [plattform]',
      "rights.admin[0]: There is no group 'plattform'. Did you mean 'platform'?",
    ],
    [
      'owners: [shop-team]',
      'owners: [shops]',
      "repositories[0].owners[0]: There is no group 'shops'. Must be one of: shop-team, release, security, platform.",
    ],
    [
      'waivers: [security]',
      'waivers: [securty]',
      "edges[1].waivers[0]: There is no group 'securty'. Did you mean 'security'?",
    ],
    [
      'to: { stage: dev }',
      'to: { stage: deb }',
      "mirrors[0].to.stage: There is no stage 'deb'. Did you mean 'dev'?",
    ],
    [
      'stages: [prod], kind',
      'stages: [prd], kind',
      "windows[0].stages[0]: There is no stage 'prd'. Did you mean 'prod'?",
    ],
    [
      'scope: { stages: [prod] }',
      'scope: { stages: [prod], teams: [shopteam] }',
      "digests[0].scope.teams[0]: There is no group 'shopteam'. Did you mean 'shop-team'?",
    ],
    [
      'group: platform',
      'group: platforms',
      "breakGlass.group: There is no group 'platforms'. Did you mean 'platform'?",
    ],
    [
      'group: release, min',
      'group: relase, min',
      "edges[1].approvals.rules[0].group: There is no group 'relase'. Did you mean 'release'?",
    ],
    ['from: dev, to: uat', 'from: dv, to: uat', "edges[0].from: There is no stage 'dv'. Did you mean 'dev'?"],
    ['from: dev, to: uat', 'from: dev, to: ut', "edges[0].to: There is no stage 'ut'. Did you mean 'uat'?"],
    [
      /requesters: \[owners\]\n/,
      'requesters: [owners, shop-taem]\n',
      "edges[1].requesters[1]: There is no group 'shop-taem'. Did you mean 'shop-team'?",
    ],
    [
      'validFor: 24h',
      'validFor: 24h, escalate: { after: 4h, to: platfrom }',
      "edges[1].approvals.escalate.to: There is no group 'platfrom'. Did you mean 'platform'?",
    ],
    [
      'sbom: { mode: warn }',
      'soak: { stage: uta, min: 1h }',
      "edges[1].gates.soak.stage: There is no stage 'uta'. Did you mean 'uat'?",
    ],
    [
      'sbom: { mode: warn }',
      "signature: { mode: warn, signers: ['CN=release', 'release team'] }",
      "edges[1].gates.signature.signers[1]: 'release team' names no signer. Write attributes of the certificate's subject, such as: CN=release, O=Contoso",
    ],
    [
      'name: golden, from: prod',
      'name: golden, from: prd',
      "mirrors[0].from: There is no stage 'prd'. Did you mean 'prod'?",
    ],
    [
      'scope: { stages: [prod] }',
      'scope: { stages: [prod, uta] }',
      "digests[0].scope.stages[1]: There is no stage 'uta'. Did you mean 'uat'?",
    ],
    [
      'scope: { stages: [prod] }',
      'scope: { registries: [prod, dev-shp] }',
      "digests[0].scope.registries[1]: There is no registry 'dev-shp'. Did you mean 'dev-shop'?",
    ],
    [
      'breakGlass: { stages: [prod]',
      'breakGlass: { stages: [prd]',
      "breakGlass.stages[0]: There is no stage 'prd'. Did you mean 'prod'?",
    ],
    [
      'to: "16:00"',
      'to: "09:00"',
      "windows[0].to: 'from' and 'to' are the same time. Write a whole day as 00:00 to 24:00.",
    ],
    [
      /name: to-uat, from: dev, to: uat/,
      'name: to-uat, from: uat, to: prod',
      "edges[1].name: 'uat -> prod' is already 'to-uat'. Each may stand once only.",
    ],
  ])('for %s changed to %s', (from, to, message) => {
    expect(messagesOf(changed([from, to]))).toEqual([message]);
  });

  it('with every name that is there where none is near, and with no list where there is none', () => {
    const reader = ['readers: [aks-prod]', 'readers: [moon]'] as const;
    const empty = [/clusters:\n.*\n/, 'clusters: {}\n'] as const;

    expect(messagesOf(changed(reader))).toEqual([
      "registries.prod.readers[0]: There is no cluster 'moon'. Must be one of: aks-prod.",
    ]);
    expect(messagesOf(changed(reader, empty))).toEqual([
      "registries.prod.readers[0]: There is no cluster 'moon'.",
    ]);
  });
});

describe('a policy is accepted', () => {
  it.each([
    [
      'a reader that is an identity and no cluster',
      ['readers: [aks-prod]', 'readers: [22222222-2222-4222-8222-22222222222A]'],
    ],
    ['an escalation to a group', ['validFor: 24h', 'validFor: 24h, escalate: { after: 4h, to: platform }']],
    ['no break-glass', [/breakGlass:.*\n/, '']],
    ['a soak in a stage', ['sbom: { mode: warn }', 'soak: { stage: uat, min: 1h }']],
  ] as const)('with %s', (_, place) => {
    expect(messagesOf(changed(place))).toEqual([]);
  });
});

describe('two names for one thing', () => {
  it.each([
    [
      'a registry, in any case',
      [
        'resourceGroups/uat/providers/Microsoft.ContainerRegistry/registries/contosouat',
        'resourceGroups/PROD/providers/Microsoft.ContainerRegistry/registries/ContosoProd',
      ],
      /^registries\.prod\.id: '.*contosoprod' is already 'uat'\. Each may stand once only\.$/,
    ],
    [
      'an account in Slack',
      ['T01CONTOSO/U01RUI', 'T01CONTOSO/U01DANA'],
      /^people\.rui\.slack: 'T01CONTOSO\/U01DANA' is already 'dana'\./,
    ],
    [
      'an account in Entra, in any case',
      [
        '72f988bf-0000-4000-8000-5a11d0c0ffee/0b1ec700-0000-4000-8000-000000000002',
        '72F988BF-0000-4000-8000-5A11D0C0FFEE/0B1EC700-0000-4000-8000-000000000001',
      ],
      /^people\.rui\.entra: '.*000000000001' is already 'dana'\./,
    ],
    [
      'an address, in any case',
      ['groups:\n', '  nina: { email: Nina@contoso.com }\n  otto: { email: nina@contoso.com }\ngroups:\n'],
      /^people\.otto\.email: 'nina@contoso\.com' is already 'nina'\./,
    ],
    [
      'a digest',
      [
        'digests:\n',
        'digests:\n  - { name: weekly-platform, to: ["slack:T01CONTOSO/C01"], cron: "0 9 * * *", timezone: UTC, scope: {} }\n',
      ],
      /^digests\[1\]\.name: 'weekly-platform' is already 'weekly-platform'\./,
    ],
  ] as const)('are refused: %s', (_, place, message) => {
    expect(messagesOf(changed(place))).toEqual([expect.stringMatching(message)]);
  });
});

describe('a policy is accepted with a warning', () => {
  const tooFew = (group: string, members: number, min = 1) =>
    `edges[1].approvals.rules[0]: Group '${group}' has ${members} members; without the requester too few are left for min ${min}.`;
  const of = (group: string, text: string) =>
    messagesOf(text).filter((line) => line.includes(`Group '${group}'`));
  const minTwo = ['min: 1 }], total: 1', 'min: 2 }], total: 2'] as const;
  const askedBy = (names: string) => [/requesters: \[owners\]\n/, `requesters: [${names}]\n`] as const;

  it('when a group is too small once the requester is left out', () => {
    const members = ['release: { members: [rui, paul] }', 'release: { members: [dana] }'] as const;

    expect(of('release', changed(members))).toEqual([tooFew('release', 1)]);
  });

  it('when just one of the members may ask, and so is left out', () => {
    const members = ['release: { members: [rui, paul] }', 'release: { members: [rui, dana] }'] as const;

    expect(of('release', changed(members, minTwo))).toEqual([tooFew('release', 2, 2)]);
    expect(of('release', changed(members))).toEqual([]);
  });

  it('when the group that may ask is the one that decides, though it owns nothing', () => {
    expect(of('release', changed(askedBy('platform'), minTwo))).toEqual([tooFew('release', 2, 2)]);
    expect(of('release', changed(askedBy('security'), minTwo))).toEqual([]);
  });

  it('but not for a requester who is not left out, nor for a group that Entra knows', () => {
    const one = ['release: { members: [rui, paul] }', 'release: { members: [dana] }'] as const;
    const known = [
      one[0],
      one[1].replace(' }', ', entraGroup: 33333333-3333-4333-8333-333333333333 }'),
    ] as const;

    expect(of('release', changed(one, ['exclude: [requester]', 'exclude: []']))).toEqual([]);
    expect(of('release', changed(known))).toEqual([]);
  });

  it('when an edge to the last stage needs no approval, or locks nothing', () => {
    expect(messagesOf(changed([/ {4}approvals:.*\n/, '']))).toEqual([
      "edges[1]: 'to-prod' leads to prod and needs no approval.",
    ]);
    expect(messagesOf(changed(['    lock: true', '    lock: false']))).toEqual([
      "edges[1].lock: 'to-prod' leads to prod and locks nothing.",
    ]);
  });

  it('when a person has no account or no group', () => {
    expect(messagesOf(changed(['groups:\n', '  nina: {}\ngroups:\n']))).toEqual([
      "people.nina: 'nina' has no account in any channel: nobody can be this person.",
      "people.nina: 'nina' is in no group.",
    ]);
  });

  it('when a person has an address alone, unless the policy takes addresses', () => {
    const nina = ['groups:\n', '  nina: { email: nina@contoso.com }\ngroups:\n'] as const;
    const taken = ['email: off', 'email: { domains: [contoso.com], teams: [T01CONTOSO] }'] as const;
    const nobody = ['groups:\n', '  nina: {}\ngroups:\n'] as const;
    const about = (text: string) => messagesOf(text).filter((message) => message.includes('no account'));

    expect(about(changed(nina))).toHaveLength(1);
    expect(about(changed(nina, taken))).toEqual([]);
    expect(about(changed(nobody, taken))).toHaveLength(1);
  });

  it('but not for a person whom one of the chats knows', () => {
    const place = ['groups:\n', '  nina: { slack: "T01CONTOSO/U01NINA" }\ngroups:\n'] as const;

    expect(messagesOf(changed(place, ['members: [sofia]', 'members: [sofia, nina]']))).toEqual([]);
  });
});
