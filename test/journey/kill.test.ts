import { spawn } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { type Dialect, dialects } from '../store/databases.ts';
import { createWorld, inspect, type World } from '../world.ts';

interface Run {
  readonly killed: boolean;
  /** Door calls, when it survived. */
  readonly calls: number;
}

/** The product in a process of its own, which dies after `crashAfter` door calls. */
function runChild(world: World, request: string, environment: Record<string, string>): Promise<Run> {
  const child = spawn(process.execPath, [new URL('./kill-child.ts', import.meta.url).pathname], {
    env: { ...process.env, ...world.environment, REQUEST: request, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  return new Promise((resolve) =>
    child.once('exit', (_code, signal) => resolve({ killed: signal === 'SIGKILL', calls: Number(output) })),
  );
}

/** One whole life: asked and approved, killed on the way, taken up again by another process. */
async function oneLife(dialect: Dialect, environment: Record<string, string>): Promise<Run> {
  const world = await createWorld({ work: false, dialect });
  try {
    const asking = world.product.startWork(400);
    const request = await world.ask();
    await asking.close();
    await world.click(world.as('release-approver', 'slack'), 'approve', request);
    const run = await runChild(world, request.id, environment);
    const heir = world.product.startWork(400);
    const end = await world.until(request.id, 'promoted', 'failed', 'quarantined', 'expired');
    await heir.close();

    expect(end.state).toBe('promoted');
    // The image, its signature and its SBOM: once each, whatever was interrupted.
    expect(world.azure.counters()['import ended contosoprod'], JSON.stringify(environment)).toBe(3);
    const tag = inspect(world.azure, 'contosoprod', 'shop/web').tags.find((each) => each.name === 'v1.4.2');
    expect(tag).toMatchObject({
      digest: request.evidence!.digest,
      attributes: { deleteEnabled: false, writeEnabled: false },
    });
    expect(await world.product.doors.ledger.verifyAudit()).toMatchObject({ ok: true });
    return run;
  } finally {
    await world.close();
  }
}

const all = process.env['KILL'] === 'all';

describe.each(await dialects('test/journey/kill.test.ts'))(
  'kill -9 between approve and promoted, on %s',
  (dialect) => {
    // A life takes seconds, and there are dozens: a sample on each, the same steps on both. KILL=all takes none out.
    const stride = all ? 1 : dialect === 'SQLite' ? 7 : 21;

    it('at steps of it (KILL=all: at every door call): each run ends promoted, with one import of everything', {
      timeout: 1_800_000,
    }, async () => {
      let killed = 0;
      let survived: Run | undefined;
      for (let call = 1; !survived; call += stride) {
        const run = await oneLife(dialect, { CRASH_AFTER: String(call) });
        if (run.killed) killed += 1;
        else survived = run;
      }

      console.log(`${dialect}: killed after ${killed} door calls, every ${stride}`);
      expect(killed * stride).toBeGreaterThan(20);
      expect(survived.calls).toBeLessThanOrEqual(killed * stride + 1);
    });

    it('in the middle of an import', { timeout: 60_000 }, async () => {
      const run = await oneLife(dialect, { CRASH_IN_IMPORT: 'yes', CRASH_AFTER: '0' });

      expect(run).toMatchObject({ killed: true });
    });
  },
);
