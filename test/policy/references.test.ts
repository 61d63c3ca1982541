import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parsePolicy } from '../../src/config/policy-file.ts';

const good = readFileSync(new URL('../fixtures/policy.yaml', import.meta.url), 'utf8');

function messages(text: string): readonly string[] {
  const reading = parsePolicy(text);
  const found = reading.ok ? reading.warnings : reading.errors;
  return found.map((one) => `${one.path}: ${one.message}`);
}
const broken = (from: string | RegExp, to: string): readonly string[] => {
  expect(good).toMatch(from);
  const reading = parsePolicy(good.replace(from, to));
  return reading.ok ? ['accepted'] : reading.errors.map((one) => `${one.path}: ${one.message}`);
};

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
      "registries.prod.readers: There is no cluster 'aks-prd'. Did you mean 'aks-prod'?",
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
    expect(broken(from, to)).toEqual([message]);
  });
});

describe('two names for one thing', () => {
  it('are refused for registries, in any case', () => {
    const id = 'resourceGroups/uat/providers/Microsoft.ContainerRegistry/registries/contosouat';
    const same = 'resourceGroups/PROD/providers/Microsoft.ContainerRegistry/registries/ContosoProd';

    expect(broken(id, same)[0]).toContain("is already 'uat'. Each may stand once only.");
  });
});

describe('a policy is accepted with a warning', () => {
  it('when a group is too small once the requester is left out', () => {
    const text = good.replace('release: { members: [rui, paul] }', 'release: { members: [dana] }');

    expect(messages(text)).toContain(
      "edges[1].approvals.rules[0]: Group 'release' has 1 members; without the requester too few are left for min 1.",
    );
  });

  it('when an edge to the last stage needs no approval', () => {
    expect(messages(good.replace(/ {4}approvals:.*\n/, ''))).toContain(
      "edges[1]: 'to-prod' leads to prod and needs no approval.",
    );
  });

  it('when a person has no account or no group', () => {
    const text = good.replace('groups:\n', '  nina: {}\ngroups:\n');

    expect(messages(text)).toEqual(
      expect.arrayContaining([
        "people.nina: 'nina' has no account in any channel: nobody can be this person.",
        "people.nina: 'nina' is in no group.",
      ]),
    );
  });
});
