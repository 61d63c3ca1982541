// base-images: where the mirrored images are. base-images sync: copies what is missing now, not only on schedule.
import { baseImagesCard, type MirroredImage } from '../cards/base-images-card.ts';
import { noticeCard } from '../cards/refusal-card.ts';
import { hasRight } from '../policy/lookup.ts';
import type { Answer } from '../ports.ts';
import type { Doors } from './doors.ts';
import { compareMirror, type Copy, mirrorSubject } from './mirrors.ts';
import { refuse } from './refuse.ts';
import { actorOf } from './request-commands.ts';
import type { Call, Verb } from './verb.ts';

export const baseImages: Verb = {
  name: 'base-images',
  words: 1,
  pages: true,
  usage: 'base-images [sync] [--page N]',
  summary: 'Where the mirrored images are, registry by registry; sync copies what is missing now.',
  examples: ['base-images', 'base-images sync'],
  access: 'mapped',
  writes: ['sync'],
  run: async (call, doors) => {
    const policy = doors.policy();
    const wish = call.arguments.positional[0]?.toLowerCase();
    if (policy.mirrors.length === 0)
      return refuse('no-mirrors', 'The policy has no mirrors. Name them under mirrors.');
    if (wish === 'sync') return sync(call, doors);
    if (wish !== undefined)
      return refuse('usage', `There is no 'base-images ${wish.slice(0, 40)}'. Usage: ${baseImages.usage}`);
    const copies = (await Promise.all(policy.mirrors.map((mirror) => compareMirror(doors, mirror)))).flat();
    const mirrors = await Promise.all(
      policy.mirrors.map(async ({ name, from, to, schedule }) => {
        const last = await lastRun(doors, name);
        return { name, from, to: to.stage, schedule, ...(last && { last }) };
      }),
    );
    const card = baseImagesCard({ images: byImage(copies), mirrors }, call.paging);
    return { kind: 'card', card, visibility: 'private' };
  },
};

async function sync(call: Call, doors: Doors): Promise<Answer> {
  if (!hasRight(doors.policy(), call.person ?? '', 'mirror'))
    return refuse(
      'not-eligible',
      'Only the groups with the right to mirror do this. See them under rights in the policy.',
    );
  const now = doors.clock();
  const names = doors.policy().mirrors.map((mirror) => mirror.name);
  for (const name of names) {
    await doors.ledger.audit({
      at: now,
      actor: actorOf(call),
      action: 'mirror-asked',
      subject: mirrorSubject(name),
      facts: {},
    });
    await doors.ledger.enqueue({
      key: `mirror:${name}:asked:${now}`,
      kind: 'mirror',
      payload: { name },
      runAt: now,
    });
  }
  doors.wake();
  const text = `${names.join(', ')}: what is missing is copied now. See it with: /acr base-images`;
  return { kind: 'card', card: noticeCard('Copying base images', text), visibility: 'public' };
}

async function lastRun(doors: Doors, name: string) {
  const rows = await doors.ledger.auditRows({ subject: mirrorSubject(name), limit: 10 });
  const last = rows.findLast((row) => row.action === 'mirror-done' || row.action === 'mirror-troubled');
  if (!last) return undefined;
  const { copied = 0, problems = [] } = last.facts as { copied?: number; problems?: readonly string[] };
  return { at: last.at, text: problems.length > 0 ? `failed (${problems[0]})` : `copied ${copied}` };
}

/** One entry an image, with the registries by how they compare. */
function byImage(copies: readonly Copy[]): readonly MirroredImage[] {
  const images = Map.groupBy(
    copies,
    (copy) => `${copy.mirror} ${copy.source}/${copy.repository}:${copy.tag}`,
  );
  return [...images.values()].flatMap((same) => {
    const [first] = same;
    if (!first) return [];
    const inState = (state: Copy['state']) =>
      same.filter((copy) => copy.state === state).map((copy) => copy.target);
    return [
      {
        mirror: first.mirror,
        image: `${first.repository}:${first.tag}`,
        digest: first.digest,
        same: inState('same'),
        missing: inState('missing'),
        other: inState('other'),
        unread: inState('unread'),
      },
    ];
  });
}
