// The command line: the catalogue's verbs and the operations around them.
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { printSlackApp, writeTeamsApp } from './app-manifests.ts';
import { verbs } from './commands/catalogue.ts';
import { ConfigurationError } from './config/configuration-error.ts';
import { readEnvironment } from './config/environment.ts';
import { type DoctorOptions, runDoctor } from './doctor.ts';
import { start } from './main.ts';
import { placeOf } from './store/postgres-problems.ts';
import { checkPolicy, explain, testPolicy } from './policy-tools.ts';
import { exportAudit, runVerb, type TerminalOptions, verifyAudit } from './terminal.ts';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};
const program = new Command('acr-warden')
  .version(version)
  .exitOverride()
  .showHelpAfterError('(acr-warden help shows what there is)');
/** Options that the launcher takes for the stand-ins. */
const ofSandbox = `
Of the sandbox:
  --slack http|socket   how Slack's deliveries come: signed requests (default), or Socket Mode
  --estate FILE         another estate than the bundled one
  --latency MS          Azure takes this much longer
  --fault NAME[:RATE]   Azure fails in this way; may be given several times
  --quota N             queries of Resource Graph in five seconds`;
program.description('Governs Azure Container Registries from Slack, Teams and this terminal.');

program
  .command('start')
  .description('Run the bot: what is configured, or the sandbox if nothing is.')
  .addHelpText('after', ofSandbox)
  .action(serve);
program
  .command('sandbox')
  .description('Run the bot on stand-ins of whatever is not configured. --print-policy prints its policy.')
  .addHelpText('after', ofSandbox)
  .action(serve);

const policy = program.command('policy').description('Check, explain and test the policy file.');
const withJson = (command: Command): Command => command.option('--json', 'print JSON');
withJson(policy.command('check [file]')).action((file: string | undefined, options: TerminalOptions) =>
  end(checkPolicy(file, options)),
);
withJson(policy.command('explain <image> <stage>')).action(
  (image: string, stage: string, options: TerminalOptions) => end(explain(image, stage, options)),
);
withJson(policy.command('test <file>'))
  .option('--policy <file>', 'the policy to test (default: ACR_WARDEN_POLICY)')
  .action((file: string, options: TerminalOptions & { policy?: string }) => end(testPolicy(file, options)));

withJson(program.command('doctor'))
  .description('Look at the chats that are configured, and say what to mend.')
  .option('--host <name>', 'the public name of the bot, to try the way in')
  .action(async (options: DoctorOptions) => end(await runDoctor(options)));

const manifest = program.command('manifest').description('The app of a chat, to be uploaded there.');
const withHost = (command: Command): Command =>
  command.requiredOption('--host <name>', 'the public name of the bot, such as acr-warden.example.com');
manifest
  .command('slack')
  .description('Print the manifest of the Slack app.')
  .option('--host <name>', 'the public name of the bot, such as acr-warden.example.com')
  .option('--socket', 'for Socket Mode, which needs no public name')
  .action(printSlackApp);
withHost(manifest.command('teams').description('Write the package of the Teams app.'))
  .requiredOption('--app-id <guid>', 'the app id of the bot')
  .option('--website <url>', 'of your organisation')
  .option('--privacy <url>', 'your privacy statement')
  .option('--terms <url>', 'your terms of use')
  .option('--history', 'ask for the right to read channels, to find posts that a kill may have lost')
  .option('--out <file>', 'where to', 'acr-warden-teams.zip')
  .action((options: Omit<Parameters<typeof writeTeamsApp>[0], 'version'>) =>
    writeTeamsApp({ ...options, version }),
  );

for (const verb of verbs.filter((each) => each.name !== 'refresh' && each.name !== 'help')) {
  const command = withJson(
    program
      .command(`${verb.name} [words...]`)
      .description(verb.summary)
      .usage(verb.usage.slice(verb.name.length + 1)),
  );
  command.option('--as <person>', 'act as this person of the policy (sandbox only)');
  for (const [flag, { type }] of Object.entries(verb.flags ?? {}))
    command.option(type === 'boolean' ? `--${flag}` : `--${flag} <value>`);
  if (verb.name === 'audit')
    command
      .option('--anchor <seq:hash>', 'for verify: an anchor of a digest message')
      .option('--out <file>', 'for export');
  command.action(
    async (words: string[], options: TerminalOptions & Record<string, string | boolean | undefined>) => {
      if (verb.name === 'audit' && words[0] === 'verify')
        return end(await verifyAudit(options['anchor'] as string | undefined, options));
      if (verb.name === 'audit' && words[0] === 'export')
        return end(await exportAudit(options['out'] as string | undefined));
      const flags = Object.keys(verb.flags ?? {}).flatMap((flag) => flagWords(flag, options));
      end(await runVerb([verb.name, ...flags, ...words], options));
    },
  );
}

try {
  await program.parseAsync();
} catch (error) {
  const { code, message } = error as { code?: string; message: string };
  if (error instanceof ConfigurationError) fail(message, 78);
  else if (code === 'EADDRINUSE')
    fail(`Port ${process.env['PORT'] ?? 3978} is in use. Set PORT to another one.`, 78);
  else if (code?.startsWith('commander.'))
    process.exitCode =
      code === 'commander.helpDisplayed' || code === 'commander.version' || code === 'commander.help' ? 0 : 2;
  else fail(message, 1);
}

/** Commander knows an option as `dryRun`; the grammar knows it as `--dry-run`. */
function flagWords(flag: string, options: Readonly<Record<string, unknown>>): readonly string[] {
  const value = options[flag.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())];
  return value === undefined || value === false
    ? []
    : value === true
      ? [`--${flag}`]
      : [`--${flag}=${value as string}`];
}

async function serve(): Promise<void> {
  const environment = readEnvironment();
  const running = await start(environment);
  const base = `http://${environment.host}:${environment.port}`;
  const page = process.env['ACR_WARDEN_PAGE'];
  const lines = [
    `acr-warden ${version} is running on ${base}`,
    `  health    ${base}/readyz`,
    `  data      ${environment.databaseUrl ? placeOf(environment.databaseUrl) : environment.data}`,
  ];
  if (environment.slack) {
    const { transport, apiUrl } = environment.slack;
    const way = transport.kind === 'http' ? `${base}/slack/events` : 'Socket Mode';
    lines.push(`  Slack     ${way}${apiUrl ? ` (API ${apiUrl})` : ''}`);
  }
  if (environment.teams) lines.push(`  Teams     ${base}/api/messages`);
  if (environment.azure)
    lines.push(`  Azure     ${environment.azure.resourceManagerUrl ?? environment.azure.cloud}`);
  if (page)
    lines.push(
      '',
      `Sandbox: nothing here is real. Open ${page} and try, in either chat:`,
      '  /acr status',
      '  /acr promote shop/web:v1.4.2 from uat to prod because "the cart fix is tested"',
      '  then switch to Rui Martins and approve it in the other chat',
      '  /acr digest now',
      'In another terminal: npx acr-warden status',
    );
  console.log(lines.join('\n'));
  const stop = () => void running.close().then(() => process.exit(0));
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}

function end(code: number): void {
  process.exitCode = code;
}

function fail(message: string, code: number): void {
  console.error(message);
  process.exitCode = code;
}
