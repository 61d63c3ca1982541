// `npm run explore [-- --seconds N --states N]`: the large world, as far as time and memory reach. Whatever is broken is
// printed with the shortest way to it.
import { parseArgs } from 'node:util';
import { type Exploration, explore } from './explore.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '120' },
    states: { type: 'string', default: '1500000' },
    adversity: { type: 'string', default: '2' },
  },
});
const number = (name: keyof typeof values): number => {
  const value = Number(values[name]);
  if (!Number.isInteger(value) || value < 0)
    throw new RangeError(`--${name} is a whole number, not '${values[name]}'`);
  return value;
};

const bounds = { seconds: number('seconds'), states: number('states') };
const worlds = {
  'two replicas, nothing else goes wrong': { adversity: 0, hours: 4, replicas: 2, slow: false },
  'one replica, one thing turns against it': { adversity: 1, hours: 4, replicas: 1, slow: false },
  'two replicas, slow people, late and double reports': {
    adversity: number('adversity'),
    hours: 4,
    replicas: 2,
    slow: true,
  },
} as const;

const line = ({ states, transitions, depth, violations, seconds, whole }: Exploration): string =>
  `${states} states, ${transitions} transitions, depth ${depth}, ${violations.length} violations, ${seconds.toFixed(1)} s, ${whole ? 'all of it' : 'cut off'}`;

for (const [name, size] of Object.entries(worlds)) {
  const found = await explore({ ...size, ...bounds });
  console.log(`${name}: ${line(found)}`);
  for (const { broken, trace } of found.violations) console.log(`  ${broken}\n    ${trace.join('\n    ')}`);
  if (found.violations.length > 0) process.exitCode = 1;
}
