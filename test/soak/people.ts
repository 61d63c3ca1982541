// What people do in the soak: many at once, twice, at the wrong time, and without the right.
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Request } from '../../src/promotion/request.ts';
import type { Dice } from '../fuzz/dice.ts';
import type { Role } from '../world.ts';
import type { Stage } from './stage.ts';

export interface Asked {
  readonly repository: string;
  readonly tag: string;
  /** The bot said that it has it. */
  readonly accepted: boolean;
}

export interface Records {
  readonly asked: Asked[];
  readonly deeds: Map<string, number>;
}

const approvers: readonly Role[] = ['release-approver', 'platform-admin'];
const anybody: readonly Role[] = [...approvers, 'developer', 'security-approver', 'outsider'];

/** Requests as they are stored, read past the bot. */
export function storedRequests({ folder }: Stage, where = ''): readonly Request[] {
  const database = new DatabaseSync(join(folder, 'data', 'warden.sqlite'), { readOnly: true });
  try {
    const rows = database.prepare(`select body from request ${where}`).all();
    return rows.map(({ body }) => JSON.parse(String(body)) as Request);
  } finally {
    database.close();
  }
}

/** One deed of somebody; what the bot does not answer because it is dead is done again by nobody. */
export async function act(stage: Stage, records: Records, dice: Dice): Promise<void> {
  const open = storedRequests(stage, "where state in ('pending', 'held') order by created_at desc limit 12");
  const deeds: readonly (readonly [string, number, () => Promise<unknown>])[] = [
    ['ask', 30, () => ask(stage, records, dice)],
    ['approve', 35, () => approve(stage, dice, dice.pick(open))],
    [
      'approve without the right',
      10,
      () => say(stage, dice, dice.pick(anybody), `approve ${dice.pick(open).id}`),
    ],
    ['reject', 4, () => say(stage, dice, dice.pick(approvers), `reject ${dice.pick(open).id} because no`)],
    ['hold', 5, () => say(stage, dice, 'developer', `hold ${dice.pick(open).id}`)],
    ['resume', 8, () => say(stage, dice, 'developer', `resume ${dice.pick(open).id}`)],
    ['cancel', 3, () => say(stage, dice, 'developer', `cancel ${dice.pick(open).id}`)],
    ['move the tag', 5, () => Promise.resolve(moveTag(stage, dice.pick(open)))],
  ];
  let lot = dice.below(100);
  const found = deeds.find(([, share]) => (lot -= share) < 0) ?? deeds[0]!;
  const [name, , deed] = open.length === 0 ? deeds[0]! : found;
  records.deeds.set(name, (records.deeds.get(name) ?? 0) + 1);
  await deed();
}

async function ask(stage: Stage, { asked }: Records, dice: Dice): Promise<void> {
  const repository = `shop/soak-${dice.below(8)}`;
  const tag = `v9.${asked.length}.0`;
  stage.azure.pushSample('contosouat', repository, tag);
  const place = asked.push({ repository, tag, accepted: false }) - 1;
  const text = `promote ${repository}:${tag} from uat to prod because it is tested --target prod`;
  const accepted = await say(stage, dice, 'developer', text);
  asked[place] = { repository, tag, accepted };
}

/** By a click in Slack, once or twice at a time, or by words. */
async function approve(stage: Stage, dice: Dice, { id }: Request): Promise<void> {
  const { slack } = stage;
  const role = dice.pick(approvers);
  const message = slack.state.messages.find(
    (one) => one.channel === 'C01RELEASES' && hasButton(one.blocks, id),
  );
  if (!message || dice.chance(30)) return void (await say(stage, dice, role, `approve ${id}`));
  const button = buttonOf(message.blocks, id);
  const clicks = Array.from({ length: dice.chance(40) ? 3 : 1 }, () =>
    // The card may have changed under the finger.
    slack.click(role, 'releases', message.ts, button?.action ?? '', button?.block).catch(() => undefined),
  );
  await Promise.all(clicks);
}

const hasButton = (blocks: readonly object[], id: string): boolean => buttonOf(blocks, id) !== undefined;

function buttonOf(blocks: readonly object[], id: string): { action: string; block: string } | undefined {
  for (const { block_id: block = '', elements = [] } of blocks as readonly Readonly<
    Record<string, unknown>
  >[])
    for (const one of Array.isArray(elements)
      ? (elements as readonly Readonly<Record<string, unknown>>[])
      : []) {
      const action = String(one['action_id']);
      if (action.startsWith('approve') && String(one['value']).includes(id))
        return { action, block: String(block) };
    }
  return undefined;
}

/** Types it in one of the chats; says whether the bot has it. */
export async function say({ slack, teams }: Stage, dice: Dice, role: Role, text: string): Promise<boolean> {
  if (dice.chance(70)) return (await slack.command(role, 'platform', text)).ok;
  const { delivery } = await teams.message(role, 'platform', text, { mention: true });
  return delivery?.ok === true;
}

function moveTag({ azure }: Stage, { subject }: Request): void {
  if (subject.kind === 'promotion') azure.pushSample('contosouat', subject.repository, subject.tag);
}
