// Everything that must not move a request from Teams: forged tokens, foreign tenants, replays, the wrong people and cards
// that were tampered with. Each is answered as it should be, without a word of an error, and the state stays as it was.
import { SignJWT } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { people, type SamplePerson, teamsApp, tenantId } from '../../src/sandbox/cast.ts';
import type { Request } from '../../src/promotion/request.ts';
import { createWorld, type World } from '../world.ts';
import { type Desk, openDesk } from './teams-desk.ts';

let world: World;
let desk: Desk;
let request: Request;
/** What nothing here may change: requests and registries. */
let before: string;

beforeAll(async () => {
  // The approvers are an Entra group that nobody is known to be in.
  world = await createWorld({
    policy: (text) =>
      text.replace(
        /^( {2}release: \{ members: )\[[^\]]*\]( \})$/m,
        '$1[], entraGroup: 9d1c0de0-0000-4000-8000-000000000009$2',
      ),
  });
  desk = await openDesk(world);
  request = await world.ask();
  before = await state();
});
afterAll(async () => {
  await desk.close();
  await world.close();
});

const state = async (): Promise<string> =>
  JSON.stringify([await world.product.doors.ledger.requests(), world.azure.inspect()]);

const issuer = 'https://api.botframework.com';
const claims = (change: object = {}): Record<string, string> => ({
  iss: issuer,
  aud: teamsApp.id,
  serviceurl: `${desk.url}/teams/`,
  ...change,
});
const sign = (change: object = {}, expiresIn = 3600) => world.tokens.sign(claims(change), expiresIn);
const person = (role: SamplePerson['role']): SamplePerson => people.find((each) => each.role === role)!;

let ids = 0;
/** A press of Approve by a person, as Teams would send it. */
function press(role: SamplePerson['role'], change: object = {}, action: object = {}): object {
  const { teams, name, objectId } = person(role);
  const data = { v: 1, id: request.id, nonce: request.nonce };
  return {
    type: 'invoke',
    name: 'adaptiveCard/action',
    id: `press-${ids++}`,
    channelId: 'msteams',
    serviceUrl: `${desk.url}/teams/`,
    from: { id: teams, name, aadObjectId: objectId },
    recipient: { id: teamsApp.mri, name: 'ACR' },
    conversation: { id: '19:releases@thread.tacv2', conversationType: 'channel', tenantId },
    channelData: { tenant: { id: tenantId } },
    value: { action: { type: 'Action.Execute', verb: 'approve', data, ...action }, trigger: 'manual' },
    ...change,
  };
}

async function send(
  authorization: string | undefined,
  body: object,
  bot = desk,
): Promise<readonly [number, string]> {
  const answer = await fetch(`${bot.botUrl}/api/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(authorization && { authorization }) },
    body: JSON.stringify(body),
  });
  return [answer.status, await answer.text()];
}

const approve = () => press('release-approver');
const hs256 = () =>
  new SignJWT(claims())
    .setProtectedHeader({ alg: 'HS256', kid: 'acr-warden-sandbox' })
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode('guessed-secret-guessed-secret-guessed'));
const bearer = async (token: Promise<string>): Promise<string> => `Bearer ${await token}`;
const elsewhere = 'https://evil.example/';

/** Turned away with nothing but a status, before anything is asked of the product. */
const doorstep: readonly (readonly [string, number, () => Promise<readonly [string | undefined, object]>])[] =
  [
    ['without a header', 401, async () => [undefined, approve()]],
    ['with an empty token', 401, async () => ['Bearer ', approve()]],
    ['with another scheme', 401, async () => [`Basic ${await sign()}`, approve()]],
    ['for another bot', 401, async () => [await bearer(sign({ aud: 'another' })), approve()]],
    ['of another issuer', 401, async () => [await bearer(sign({ iss: elsewhere })), approve()]],
    ['that has expired', 401, async () => [await bearer(sign({}, -3600)), approve()]],
    ['signed with HS256', 401, async () => [await bearer(hs256()), approve()]],
    ['of another service URL', 401, async () => [await bearer(sign({ serviceurl: elsewhere })), approve()]],
    ['without a service URL', 401, async () => [await bearer(sign({ serviceurl: undefined })), approve()]],
    [
      'for an activity without a service URL',
      400,
      async () => [await bearer(sign()), press('release-approver', { serviceUrl: undefined })],
    ],
    [
      'for an activity of an unknown service',
      403,
      async () => [
        await bearer(sign({ serviceurl: elsewhere })),
        press('release-approver', { serviceUrl: elsewhere }),
      ],
    ],
    [
      'for another tenant',
      403,
      async () => [
        await bearer(sign()),
        press('release-approver', {
          conversation: { id: 'a:1', conversationType: 'personal', tenantId: 'other' },
        }),
      ],
    ],
    [
      'for a tenant that channel data belie',
      403,
      async () => [await bearer(sign()), press('release-approver', { channelData: { tenant: { id: 'x' } } })],
    ],
    [
      'for another channel of the Bot Framework',
      403,
      async () => [await bearer(sign()), press('release-approver', { channelId: 'webchat' })],
    ],
  ];

test.each(doorstep)('A token %s is turned away with %i and no word', async (_, status, make) => {
  const [authorization, body] = await make();

  expect(await send(authorization, body)).toEqual([status, '']);
  expect(await state()).toBe(before);
});

test('A key that is not endorsed for Teams lets nobody in', async () => {
  const others = await openDesk(world, {}, ({ keys }) => ({
    keys: keys.map((key) => ({ ...key, endorsements: ['webchat'] })),
  }));
  const token = await bearer(sign({ serviceurl: `${others.url}/teams/` }));

  const answer = await send(token, press('release-approver', { serviceUrl: `${others.url}/teams/` }), others);
  await others.close();

  expect(answer).toEqual([401, '']);
  expect(await state()).toBe(before);
});

/** Let in, and refused in words by the product: Teams shows an error status only as "something went wrong". */
const refused: readonly (readonly [string, RegExp, () => object])[] = [
  ['Whoever asked approves', /Four eyes/, () => press('developer')],
  ['Somebody who is not in the policy approves', /belongs to nobody/, () => press('outsider')],
  ['Somebody of another group approves', /Only members of release/, () => press('security-approver')],
  ['The list of approvers is empty', /Only members of release/, approve],
  ['Someone of the local list of old approves', /Only members of release/, () => press('platform-admin')],
  [
    'The account has no object id',
    /nothing was done/,
    () => press('release-approver', { from: { id: person('release-approver').teams, name: 'Rui Martins' } }),
  ],
  [
    'The id was altered',
    /P-00000/,
    () => press('release-approver', {}, { data: { v: 1, id: 'P-00000', nonce: request.nonce } }),
  ],
  [
    'The version was altered',
    /cannot be read/,
    () => press('release-approver', {}, { data: { v: 2, id: request.id, nonce: request.nonce } }),
  ],
  [
    'Facts were added to the data',
    /Only members of release/,
    () =>
      press(
        'release-approver',
        {},
        {
          data: {
            v: 1,
            id: request.id,
            nonce: request.nonce,
            person: 'platform-admin',
            groups: 'release',
            digest: 'sha256:0',
          },
        },
      ),
  ],
  ['The verb was altered', /no command/, () => press('release-approver', {}, { verb: '__proto__' })],
  [
    'The form was altered',
    /not known any more/,
    () => press('release-approver', {}, { verb: 'submit:constructor' }),
  ],
];

test.each(refused)('%s: refused in words that name no error', async (_, words, make) => {
  const [status, body] = await send(await bearer(sign()), make());

  expect(status).toBe(200);
  expect(JSON.parse(body)).toMatchObject({
    statusCode: 200,
    type: 'application/vnd.microsoft.activity.message',
    value: expect.stringMatching(words) as string,
  });
  expect(body).not.toMatch(/Error|stack|node:|\.ts\b/);
  expect(await state()).toBe(before);
});

test('A card with another nonce is answered with the card of now, and decides nothing', async () => {
  const old = press('release-approver', {}, { data: { v: 1, id: request.id, nonce: 'guessed' } });

  const [status, body] = await send(await bearer(sign()), old);

  expect([status, (JSON.parse(body) as { type: string }).type]).toEqual([
    200,
    'application/vnd.microsoft.card.adaptive',
  ]);
  expect(body).toContain(request.nonce);
  expect(await state()).toBe(before);
});

test('A replayed activity is not done again, neither at once nor by the next process', async () => {
  const cancel = press('developer', {}, { verb: 'hold' });
  const token = await bearer(sign());
  await send(token, cancel);
  const after = await world.product.doors.ledger.request(request.id);
  const resumed = await world.click(world.as('developer', 'teams'), 'resume', after!);
  const settled = await state();
  const next = await openDesk(world, { serviceUrls: [`${desk.url}/teams/`] });

  const again = await send(token, cancel);
  const late = await send(await bearer(sign()), cancel, next);
  await next.close();

  expect(after?.state).toBe('held');
  expect(resumed.kind).toBe('updated');
  expect([again[0], late[0]]).toEqual([200, 200]);
  expect(late[1]).toContain('taken on before');
  expect(await state()).toBe(settled);
});
