// `acr-warden doctor`: looks at the chats that are configured, as they are now, and says what to mend.
import { checkSlack } from './channels/slack/doctor.ts';
import { checkTeams } from './channels/teams/doctor.ts';
import { kqlProblems } from './azure/kql-syntax.ts';
import { ConfigurationError } from './config/configuration-error.ts';
import { readEnvironment } from './config/environment.ts';
import { readPolicyFile } from './config/policy-file.ts';
import { openStore } from './data.ts';
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
  const { slack, teams, policyFile } = environment;
  if (!slack && !teams)
    throw new ConfigurationError(
      'Neither Slack nor Teams is configured, so there is nothing to look at. Set the variables of one first.',
    );
  const reading = policyFile ? readPolicyFile(policyFile, kqlProblems) : undefined;
  if (reading && !reading.ok)
    throw new ConfigurationError(reading.errors.map((error) => error.text).join('\n'));
  const log = createLog('silent');
  const store = await openStore(environment, Date.now, log);
  try {
    const shared = { references: store, log, clock: Date.now, ...(host && { host }) };
    const checks = [
      ...(slack ? await checkSlack({ ...shared, config: slack, policy: slackPolicy(reading?.policy) }) : []),
      ...(teams ? await checkTeams({ ...shared, config: teams, policy: teamsPolicy(reading?.policy) }) : []),
    ];
    const ok = checks.every(({ outcome }) => outcome === 'pass');
    const lines = checks.map(({ check, outcome, detail }) => `${signs[outcome]} ${check}: ${detail}`);
    process.stdout.write(`${json ? JSON.stringify({ ok, checks }, null, 2) : lines.join('\n')}\n`);
    return ok ? 0 : 1;
  } finally {
    await store.close();
  }
}

/** Places that are written to, of one chat. */
function placesOf({ channels, edges, digests }: Policy, prefix: string): readonly string[] {
  const named = [
    ...channels.security,
    ...channels.admins,
    ...edges.flatMap((edge) => edge.notify ?? []),
    ...digests.flatMap((digest) => digest.to),
  ];
  return [...new Set(named)].filter((place) => place.startsWith(prefix));
}

/** What the policy says of Teams; nothing without one. */
const teamsPolicy = (policy: Policy | undefined): Parameters<typeof checkTeams>[0]['policy'] =>
  policy
    ? {
        places: placesOf(policy, 'teams:'),
        people: Object.entries(policy.people).flatMap(([name, { entra }]) =>
          entra ? [{ name, ...entra }] : [],
        ),
      }
    : { places: [], people: [] };

/** What the policy says of Slack; nothing without one. */
function slackPolicy(policy: Policy | undefined): Parameters<typeof checkSlack>[0]['policy'] {
  if (!policy) return { places: [], people: [], groups: [] };
  return {
    places: placesOf(policy, 'slack:'),
    people: Object.entries(policy.people).flatMap(([name, { slack }]) => (slack ? [{ name, ...slack }] : [])),
    groups: Object.entries(policy.groups).flatMap(([name, { slackUserGroup }]) =>
      slackUserGroup ? [{ name, id: slackUserGroup }] : [],
    ),
  };
}
