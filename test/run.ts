// `npm test [-- PATH ...]`: every suite, or those whose path has the words, then one closing line that counts them. `--screenshots` runs the suites that take pictures and
// lets them write into docs/pictures; contact sheets of every card go to test/output/gallery.
import { startVitest } from 'vitest/node';

const args = process.argv.slice(2);
const pictures = args.includes('--screenshots');
const filters = args.filter((arg) => !arg.startsWith('--'));
if (pictures) {
  process.env['PICTURES'] = 'docs/pictures';
  process.env['GALLERY'] = 'test/output/gallery';
}

const vitest = await startVitest(
  'test',
  pictures ? ['pictures.test', 'test/journey/playground', 'test/gallery'] : filters,
  {
    watch: false,
    run: true,
    config: false,
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
);
const counts = { passed: 0, failed: 0, skipped: 0 };
for (const module of vitest.state.getTestModules()) {
  for (const test of module.children.allTests()) {
    const { state } = test.result();
    if (state === 'passed' || state === 'failed' || state === 'skipped') counts[state] += 1;
  }
  // A suite whose start or end fails has no test that failed.
  if (module.state() === 'failed' && [...module.children.allTests('failed')].length === 0) counts.failed += 1;
}
const errors = vitest.state.getUnhandledErrors().length;
await vitest.close();
console.log(`\n${counts.passed} passed, ${counts.failed + errors} failed, ${counts.skipped} skipped`);
process.exit(counts.failed + errors > 0 || counts.passed === 0 ? 1 : 0);
