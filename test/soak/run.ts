// `npm run soak [-- --minutes N --seed N]`: the real bot over the stand-ins for so long, with many people, faults of Azure at a
// low rate and kill -9 every so often; then all of it is brought to its end and judged. Ends with 1 where something was done
// twice, lost or wrong.
import { rmSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { isTerminal } from '../../src/promotion/request.ts';
import { createDice, type Dice } from '../fuzz/dice.ts';
import { act, type Records, say, storedRequests } from './people.ts';
import { openStage, type Stage } from './stage.ts';
import { judge } from './verdict.ts';

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '3' }, seed: { type: 'string', default: '1' } },
});
const minutes = Number(values.minutes);
if (!(minutes > 0)) throw new RangeError(`--minutes is a number above 0, not '${values.minutes}'`);

/** People who act at the same time. */
const lanes = 4;
/** Milliseconds from one death to the next; nobody dies in the last third, where memory is looked at. */
const lifeMs = 9000;
const drainMs = 180_000;

const stage = await openStage();
const records: Records = { asked: [], deeds: new Map() };
const endsAt = Date.now() + minutes * 60_000;
const calmAt = endsAt - minutes * 20_000;
await stage.bot.start();
await stage.teams.install();
const kills = killing(stage);
const others = [
  turning(stage),
  ...Array.from({ length: lanes }, (_, lane) => acting(createDice(values.seed, lane))),
];
const killed = await kills;
await pause(Math.min(5000, (endsAt - Date.now()) / 2));
const before = stage.bot.use();
await Promise.all(others);
const seconds = await drain();
const after = stage.bot.use();
const deaths = stage.bot.deaths();
const exit = await stage.bot.stop();

const requests = storedRequests(stage);
const verdict = await judge(stage, requests, records);
const { duplicates, lost, wrong, ended } = verdict;
const sum = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((a, b) => a + b, 0);
console.log(`deeds: ${[...records.deeds].map(([name, count]) => `${name} ${count}`).join(', ')}`);
console.log(
  `kill -9: ${killed}; deaths by itself: ${deaths}; exit code at the end: ${exit}; drained in ${seconds} s`,
);
console.log(`asked: ${verdict.asked}`);
console.log(
  `ended: ${sum(ended)} (${Object.entries(ended)
    .map(([state, count]) => `${state} ${count}`)
    .join(', ')})`,
);
console.log(`imports: ${verdict.imports}`);
for (const [name, all] of Object.entries({ duplicates, lost, wrong })) {
  console.log(`${name}: ${all.length}`);
  for (const one of all.slice(0, 20)) console.log(`  ${one}`);
}
console.log(`audit chain: ${verdict.chain ? 'verifies' : 'BROKEN'}`);
console.log(
  `memory: ${before.memory} MiB, ${after.memory} MiB at the end; open handles: ${before.handles}, ${after.handles}`,
);
const isGood = duplicates.length + lost.length + wrong.length + deaths === 0 && verdict.chain;
if (isGood) rmSync(stage.folder, { recursive: true, force: true });
else console.log(`all of it is in ${stage.folder}`);
process.exit(isGood ? 0 : 1);

async function acting(dice: Dice): Promise<void> {
  while (Date.now() < endsAt) {
    await act(stage, records, dice);
    await pause(500 + dice.below(3000));
  }
}

/** Azure's weather. */
async function turning({ azure }: Stage): Promise<void> {
  const weathers = [
    [],
    [{ name: '500', rate: 0.03 }],
    [{ name: 'drop', rate: 0.02 }],
    [{ name: '429', rate: 0.05 }],
    [{ name: 'import-fails', rate: 0.1 }],
    [{ name: 'lock-refused', rate: 0.1 }],
    [{ name: 'slow', rate: 0.05 }],
  ] as const;
  for (let turn = 0; Date.now() < endsAt; turn++) {
    azure.setFaults(weathers[turn % weathers.length] ?? []);
    await pause(Math.max(0, Math.min(4000, endsAt - Date.now())));
  }
  azure.setFaults([]);
}

async function killing({ bot }: Stage): Promise<number> {
  const dice = createDice(values.seed, 'deaths');
  let count = 0;
  for (;;) {
    const life = lifeMs / 2 + dice.below(lifeMs);
    if (Date.now() + life > calmAt) return count;
    await pause(life);
    await bot.kill();
    await bot.start();
    count += 1;
  }
}

/** Nothing more is asked, and what waits for people is cancelled; gives the seconds until all has ended. */
async function drain(): Promise<number> {
  const from = Date.now();
  const dice = createDice(values.seed, 'drain');
  const left = () => storedRequests(stage).filter((one) => !isTerminal(one) && !one.alarm);
  for (let open = left(); open.length > 0 && Date.now() - from < drainMs; open = left()) {
    for (const { id, state } of open)
      if (['pending', 'held', 'blocked', 'waiting'].includes(state))
        await say(stage, dice, 'developer', `cancel ${id}`);
    await pause(1000);
  }
  // What follows the last end: cards, threads, alarms.
  await pause(3000);
  return Math.round((Date.now() - from) / 1000);
}
