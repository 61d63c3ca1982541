// What the soak came to, by the stand-ins' own record and the store: what was done twice, and what was lost.
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { readEnvironment } from '../../src/config/environment.ts';
import { openStore } from '../../src/data.ts';
import { isTerminal, type Request } from '../../src/promotion/request.ts';
import { openStore as openAzureStore } from '../../src/sandbox/azure/store.ts';
import { createLog } from '../../src/server/log.ts';
import type { Records } from './people.ts';
import type { Stage } from './stage.ts';

export interface Verdict {
  readonly asked: number;
  /** Requests by the state that they ended in. */
  readonly ended: Readonly<Record<string, number>>;
  readonly imports: number;
  /** In words, one a duplicate: an import, a vote, a post. */
  readonly duplicates: readonly string[];
  /** In words: a delivery, a request. */
  readonly lost: readonly string[];
  /** Promoted without an approval by another person, with another image, or without its lock. */
  readonly wrong: readonly string[];
  readonly chain: boolean;
}

interface Import {
  readonly state: string;
  readonly request: unknown;
}

/** Judges what is there. The bot has ended; the stand-in of Azure is closed here. */
export async function judge(
  stage: Stage,
  requests: readonly Request[],
  { asked }: Records,
): Promise<Verdict> {
  const production = stage.azure.inspect().find(({ name }) => name === 'contosoprod');
  const posts = postsTwice(stage, requests);
  await stage.close();
  const imports = doneImports(join(stage.folder, 'azure'));
  const wanted = new Set(requests.map(({ subject }) => nameOf(subject)));
  const unasked = asked.filter(
    ({ accepted, repository, tag }) => accepted && !wanted.has(`${repository}:${tag}`),
  );
  const ledger = await openStore(readEnvironment(stage.environment), Date.now, createLog('silent'));
  const { ok } = await ledger.verifyAudit();
  await ledger.close();
  const states = requests.map((one) =>
    isTerminal(one) ? one.state : one.alarm ? 'alarmed' : `left ${one.state}`,
  );
  const wrong = requests.flatMap((request) => {
    const { subject, votes, requester, evidence } = request;
    if (request.state !== 'promoted' || subject.kind !== 'promotion') return [];
    const tag = production?.repositories
      .find(({ name }) => name === subject.repository)
      ?.tags.find(({ name }) => name === subject.tag);
    const isApproved = votes.some(({ decision, person }) => decision === 'approve' && person !== requester);
    const isRight = tag?.digest === evidence?.digest && !tag?.attributes.writeEnabled;
    return isApproved && isRight
      ? []
      : [`${request.id} ${isApproved ? 'has another image or no lock' : 'nobody approved'}`];
  });
  return {
    asked: asked.filter(({ accepted }) => accepted).length,
    ended: countBy(states),
    imports: imports.length,
    duplicates: [
      ...twice(imports).map((image) => `imported twice: ${image}`),
      ...requests.flatMap(({ id, votes }) =>
        twice(votes.map(({ person }) => person)).map((who) => `${who} twice on ${id}`),
      ),
      ...posts,
    ],
    lost: [
      ...states.filter((state) => state.startsWith('left')),
      ...unanswered(stage).map((key) => `not answered: ${key}`),
      ...unasked.map(({ repository, tag }) => `accepted and never a request: ${repository}:${tag}`),
    ],
    wrong,
    chain: ok,
  };
}

const nameOf = (subject: Request['subject']): string =>
  subject.kind === 'promotion' ? `${subject.repository}:${subject.tag}` : subject.kind;

/** `TARGET` of each import that the registry carried out. */
function doneImports(folder: string): readonly string[] {
  const store = openAzureStore(folder);
  const all = store.operations.list('', '') as unknown as readonly Import[];
  const done = all.filter(({ state }) => state === 'Succeeded').map(({ request }) => targetOf(request));
  store.close();
  return done;
}

/** What a registry is asked for has a tag, or is a referrer that goes by its digest. */
function targetOf(plan: unknown): string {
  const { target, tags, digest } = plan as Readonly<Record<string, unknown>>;
  return JSON.stringify(Array.isArray(tags) && tags.length > 0 ? [target, tags] : [target, digest]);
}

/** Cards of one request that stand in a channel more than once. */
function postsTwice({ slack, teams }: Stage, requests: readonly Request[]): readonly string[] {
  const inSlack = slack.state.messages
    .filter((one) => one.bot && one.channel === 'C01RELEASES' && !one.ephemeralFor && !one.threadTs)
    .map(({ blocks, text }) => JSON.stringify([text, blocks]));
  const inTeams = teams.state.activities
    .filter(
      (one) =>
        one.fromBot && one.conversation.startsWith('19:releases') && one.thread === one.id && !one.targetedTo,
    )
    .map(({ attachments }) => JSON.stringify(attachments));
  const count = (all: readonly string[], id: string): number =>
    all.filter((text) => text.includes(id)).length;
  return requests.flatMap(({ id }) => [
    ...(count(inSlack, id) > 1 ? [`${id} stands ${count(inSlack, id)} times in Slack`] : []),
    ...(count(inTeams, id) > 1 ? [`${id} stands ${count(inTeams, id)} times in Teams`] : []),
  ]);
}

function unanswered({ folder }: Stage): readonly string[] {
  const database = new DatabaseSync(join(folder, 'data', 'warden.sqlite'), { readOnly: true });
  const rows = database.prepare("select key from delivery where state <> 'answered'").all();
  database.close();
  return rows.map(({ key }) => String(key));
}

function countBy(words: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}

const twice = (words: readonly string[]): readonly string[] => [
  ...new Set(words.filter((word, i) => words.indexOf(word) !== i)),
];
