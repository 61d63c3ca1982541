// The sample people and places of the sandbox, shared by its stand-ins and by its bundled policy, so that one person
// is the same one in Slack, in Teams and in the policy file. The outsider has accounts but no place in the policy.

/** One sample person: `role` is also the key under `people:` in the sandbox's policy. */
export interface SamplePerson {
  readonly role: 'developer' | 'release-approver' | 'security-approver' | 'platform-admin' | 'outsider';
  readonly name: string;
  readonly title: string;
  /** Slack user id in `slackTeam`. */
  readonly slack: string;
  /** Entra object id in `tenantId`. */
  readonly objectId: string;
  /** Teams user id (MRI), as the Bot Connector names people. */
  readonly teams: string;
}

export const tenantId = '72f988bf-0000-4000-8000-5a11d0c0ffee';
export const slackTeam = { id: 'T01CONTOSO', name: 'Contoso', domain: 'contoso' };
export const slackApp = { id: 'A01WARDEN', botUser: 'U01WARDEN', botId: 'B01WARDEN', name: 'acr-warden' };
export const teamsApp = {
  id: '6f1c0de0-0000-4000-8000-00000000b071',
  name: 'ACR',
  mri: '28:6f1c0de0-0000-4000-8000-00000000b071',
};
export const teamsTeam = {
  id: '19:platform-team@thread.tacv2',
  name: 'Contoso Platform',
  groupId: '5e0b7a1e-0000-4000-8000-0000000c0de5',
};

export const people: readonly SamplePerson[] = [
  person('developer', 'Dana Okafor', 'Developer, shop team', 'DANA', 1),
  person('release-approver', 'Rui Martins', 'Release manager', 'RUI', 2),
  person('security-approver', 'Sofia Lindqvist', 'Security engineer', 'SOFIA', 3),
  person('platform-admin', 'Paul Adeyemi', 'Platform engineer', 'PAUL', 4),
  person('outsider', 'Olga Brandt', 'Visitor, not in the policy', 'OLGA', 5),
];

/** The channels, the same three in both chats. Slack ids start with C, Teams ids are thread ids of `teamsTeam`. */
export const channels = [
  { name: 'releases', slack: 'C01RELEASES', teams: '19:releases@thread.tacv2' },
  { name: 'platform', slack: 'C01PLATFORM', teams: '19:platform@thread.tacv2' },
  { name: 'security', slack: 'C01SECURITY', teams: '19:security@thread.tacv2' },
] as const;

function person(
  role: SamplePerson['role'],
  name: string,
  title: string,
  short: string,
  number: number,
): SamplePerson {
  return {
    role,
    name,
    title,
    slack: `U01${short}`,
    objectId: `0b1ec700-0000-4000-8000-00000000000${number}`,
    teams: `29:1${short.toLowerCase()}-mri`,
  };
}
