// An organisation's own rules, beside the built-in ones wherever rules are shown or judged.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readEstate } from '../../src/commands/estate.ts';
import { rulesJson, statusJson } from '../../src/commands/json.ts';
import type { Answer } from '../../src/ports.ts';
import { createWorld, type World } from '../world.ts';

const east = `resources
| where type =~ 'microsoft.containerregistry/registries' and location == 'eastus'`;

describe('own rules', () => {
  let world: World;
  const folder = mkdtempSync(join(tmpdir(), 'own-'));
  beforeAll(async () => {
    const rules = join(folder, 'rules');
    mkdirSync(rules);
    const write = (name: string, ...lines: string[]) => writeFileSync(join(rules, name), lines.join('\n'));
    write(
      'east.kql',
      '// id: ORG-1',
      '// title: Nothing is in the east',
      '// impact: High',
      '// stages: prod',
      east,
    );
    write(
      'broken.kql',
      '// id: ORG-2',
      '// title: A column is gone',
      '// impact: Low',
      'resources | where gone == 1',
    );
    world = await createWorld({
      work: false,
      policy: (text) => text.replace('posture:\n', `posture:\n  rules: ${rules}\n`),
    });
  });
  afterAll(async () => {
    await world.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const say = async (text: string): Promise<string> => {
    const answer: Answer = await world.say(world.as('developer', 'slack'), text);
    return JSON.stringify(answer);
  };

  it('are listed after the built-in ones, in chat and as JSON with their query', async () => {
    const card = await say('check --list --page 9');
    const json = rulesJson(world.product.doors.policy());

    expect(card).toContain('["ORG-1","High","Nothing is in the east"]');
    expect(json.at(-1)).toMatchObject({ id: 'ORG-1', source: 'own', impact: 'High', kql: east });
  });

  it('are checked by name, in any case, with who fails', async () => {
    const card = await say('check org-1');

    expect(card).toContain('["contosoprodus","✗ fail","The query returns it."]');
    expect(card).toContain('["contosoprod","✓ pass","The query does not return it."]');
    expect(card).toContain('["devshop","– not applicable","It is asked for on prod only."]');
  });

  it('print their query', async () => {
    expect(await say('check ORG-1 --kql')).toContain("and location == 'eastus'");
  });

  it('stand among the findings of show and of status as JSON, and in the score', async () => {
    const card = await say('show contosoprodus');
    const estate = await readEstate(world.product.doors);
    const index = estate.registries.findIndex((facts) => facts.name === 'contosoprodus');
    const { registries } = statusJson(estate, [index]) as {
      registries: { findings: { rule: string; outcome: string }[] }[];
    };

    expect(card).toContain('ORG-1');
    expect(registries[0]?.findings.slice(-2)).toMatchObject([
      { rule: 'ORG-2', outcome: 'unknown' },
      { rule: 'ORG-1', outcome: 'fail', impact: 'High', evidence: [{ path: 'id', value: 'returned' }] },
    ]);
    expect(estate.score([index]).failing.High).toBeGreaterThan(0);
  });

  it('that cannot be run are unknown, and status says why', async () => {
    expect(await say('check ORG-2')).toContain("named 'gone'");
    expect(await say('status')).toContain('ORG-2');
  });
});
