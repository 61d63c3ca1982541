// `acr-warden doctor`: looks at the chats that are configured, as they are now, and says what to mend.
import { checkSlack } from './channels/slack/doctor.ts';
import { kqlProblems } from './azure/kql-syntax.ts';
import { ConfigurationError } from './config/configuration-error.ts';
import { readEnvironment } from './config/environment.ts';
import { readPolicyFile } from './config/policy-file.ts';
import { openStore } from './main.ts';
import type { Policy } from './policy/policy.ts';
import { createLog } from './server/log.ts';

export interface DoctorOptions {
  readonly json?: boolean;
  /** The public name of the bot, to try the way in. */
  readonly host?: string;
}

const signs = { pass: 'ok  ', fail: 'FAIL', unknown: '?   ' } as const;

/** 0: all is well. 1: something is to be mended, or could not be found out. Throws ConfigurationError. */
export async function runDoctor({ json, host }: DoctorOptions): Promise<number> {
  const environment = readEnvironment();
  const { slack, policyFile } = environment;
  if (!slack)
    throw new ConfigurationError(
      'Slack is not configured, so there is nothing to look at. Set its variables first.',
    );
  const reading = policyFile ? readPolicyFile(policyFile, kqlProblems) : undefined;
  if (reading && !reading.ok)
    throw new ConfigurationError(reading.errors.map((error) => error.text).join('\n'));
  const log = createLog('silent');
  const store = await openStore(environment, Date.now, log);
  try {
    const policy = slackPolicy(reading?.policy);
    const checks = await checkSlack({ config: slack, references: store, log, policy, ...(host && { host }) });
    const ok = checks.every(({ outcome }) => outcome === 'pass');
    const lines = checks.map(({ check, outcome, detail }) => `${signs[outcome]} ${check}: ${detail}`);
    process.stdout.write(`${json ? JSON.stringify({ ok, checks }, null, 2) : lines.join('\n')}\n`);
    return ok ? 0 : 1;
  } finally {
    await store.close();
  }
}

/** What the policy says of Slack; nothing without one. */
function slackPolicy(policy: Policy | undefined): Parameters<typeof checkSlack>[0]['policy'] {
  if (!policy) return { places: [], people: [], groups: [] };
  const { channels, edges, digests } = policy;
  const named = [
    ...channels.security,
    ...channels.admins,
    ...edges.flatMap((edge) => edge.notify ?? []),
    ...digests.flatMap((digest) => digest.to),
  ];
  return {
    places: [...new Set(named)].filter((place) => place.startsWith('slack:')),
    people: Object.entries(policy.people).flatMap(([name, { slack }]) => (slack ? [{ name, ...slack }] : [])),
    groups: Object.entries(policy.groups).flatMap(([name, { slackUserGroup }]) =>
      slackUserGroup ? [{ name, id: slackUserGroup }] : [],
    ),
  };
}
