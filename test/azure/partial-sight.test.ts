import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { connectAzure } from '../../src/azure/azure.ts';
import { type Estate, readEstate } from '../../src/commands/estate.ts';
import type { Scan } from '../../src/posture/facts.ts';
import type { Fault } from '../../src/sandbox/azure/faults.ts';
import { createWorld, type World } from '../world.ts';

let world: World;
let clean: Verdicts;
/** Outcome by rule and registry. */
type Verdicts = ReadonlyMap<string, string>;

/** An estate read by a process that has seen nothing before, once its first walk is done (or has had its chance). */
async function freshEstate(): Promise<Estate> {
  const settings = { cloud: 'public', resourceManagerUrl: world.azure.url } as const;
  const { reader } = await connectAzure(settings, Date.now);
  const doors = { ...world.product.doors, reader };
  await readEstate(doors);
  const ids = Object.values(doors.policy().registries).map(({ id }) => id.toLowerCase());
  const isWalked = (scan: Scan): boolean =>
    scan.registries
      .filter((facts) => ids.includes(facts.id))
      .every(({ content }) => content?.read && content.value.walked === content.value.total);
  for (let wait = 0; wait < 60 && !isWalked(await reader.scan()); wait++)
    await new Promise((resolve) => setTimeout(resolve, 50));
  return readEstate(doors);
}

const verdictsOf = ({ registries, verdicts }: Estate): Verdicts =>
  new Map(
    registries.flatMap((facts, i) =>
      verdicts.rules.map((rule, r) => [`${rule.id} of ${facts.name}`, verdicts.outcome(i, r)] as const),
    ),
  );
const unknowns = (verdicts: Verdicts): number =>
  [...verdicts.values()].filter((outcome) => outcome === 'unknown').length;

/** What passes now and did not when everything could be seen. */
const falsePasses = (verdicts: Verdicts): readonly string[] =>
  [...verdicts].flatMap(([name, outcome]) =>
    outcome === 'pass' && clean.get(name) !== 'pass' ? [`${name} was ${clean.get(name)}`] : [],
  );

beforeAll(async () => {
  world = await createWorld({ work: false, azure: { quota: 1000 } });
  clean = verdictsOf(await freshEstate());
}, 60_000);
afterAll(() => world.close());
afterEach(() => world.azure.setFaults([]));

describe('partial sight', () => {
  it.each<Fault>([
    { name: '403-diagnostics', rate: 0.1 },
    { name: '403-diagnostics' },
    { name: '403-registry', rate: 0.1 },
    { name: '403-registry' },
    { name: '429', rate: 0.1 },
    { name: '500', rate: 0.1 },
    { name: 'drop', rate: 0.1 },
    { name: 'malformed-row', rate: 0.1 },
    { name: 'malformed-row' },
  ])('under %j lets nothing pass that did not pass before', { timeout: 120_000 }, async (fault) => {
    world.azure.setFaults([fault]);
    const estate = await freshEstate();
    const verdicts = verdictsOf(estate);
    console.log(
      `${fault.name} at ${(fault.rate ?? 1) * 100} %: ${unknowns(verdicts)} of ${verdicts.size} unknown (${unknowns(clean)} of ${clean.size} with full sight); gaps: ${estate.gaps.join('; ') || 'none'}`,
    );

    expect(falsePasses(verdicts)).toEqual([]);
    expect(estate.registries.length).toBeGreaterThan(5);
  });

  it('names the right that is missing in the reason of an unknown', { timeout: 60_000 }, async () => {
    world.azure.setFaults([{ name: '403-diagnostics' }]);
    const { registries } = await freshEstate();

    for (const { diagnostics } of registries)
      expect(diagnostics).toEqual({
        read: false,
        reason: expect.stringMatching(/diagnosticSettings\/read is missing.*Monitoring Reader/),
      });
  });

  it('answers again when everything can be seen again', { timeout: 60_000 }, async () => {
    world.azure.setFaults([{ name: '403-registry' }]);
    const blind = unknowns(verdictsOf(await freshEstate()));
    world.azure.setFaults([]);

    expect(verdictsOf(await freshEstate())).toEqual(clean);
    expect(blind).toBeGreaterThan(unknowns(clean) + 20);
  });
});
