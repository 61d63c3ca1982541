// What the terminal does with a policy file alone: checks it, explains a way, and plays the cases a company keeps for it.
import { kqlProblems } from './azure/kql-syntax.ts';
import { explainPolicy } from './commands/json.ts';
import { ConfigurationError } from './config/configuration-error.ts';
import { type Environment, readEnvironment } from './config/environment.ts';
import { readPolicyCases } from './config/policy-cases.ts';
import { readPolicyFile } from './config/policy-file.ts';
import { type CaseResult, runCase } from './policy/cases.ts';
import { isTagAllowed, requesterGroups } from './policy/lookup.ts';
import type { Policy } from './policy/policy.ts';
import { parseImageReference } from './promotion/image-reference.ts';
import { print, printError, printJson, type TerminalOptions } from './terminal.ts';

function policyFileOf(environment: Environment, file: string | undefined): string {
  const path = file ?? environment.policyFile;
  if (!path) throw new ConfigurationError('Which policy? Name the file, or set ACR_WARDEN_POLICY.');
  return path;
}

export function checkPolicy(file: string | undefined, options: TerminalOptions): number {
  const reading = readPolicyFile(policyFileOf(readEnvironment(), file), kqlProblems);
  const messages = reading.ok ? reading.warnings : reading.errors;
  if (options.json) printJson({ ok: reading.ok, messages });
  else for (const message of messages) print(`${reading.ok ? 'warning' : 'error'} ${message.text}`);
  if (!options.json && reading.ok)
    print(
      `The policy is good: ${Object.keys(reading.policy.registries).length} registries, ${reading.policy.edges.length} ways, ${messages.length} warnings.`,
    );
  return reading.ok ? 0 : 1;
}

export function explain(image: string, stage: string, options: TerminalOptions): number {
  const policy = readOrThrow(undefined);
  const reference = parseImageReference(image);
  const problem =
    'problem' in reference
      ? reference.problem
      : policy.stages.includes(stage)
        ? undefined
        : `There is no stage '${stage}'. Stages: ${policy.stages.join(', ')}.`;
  if ('problem' in reference || problem) {
    printError(problem ?? '');
    return 2;
  }
  const { repository, tag } = reference;
  const found = explainPolicy(policy, repository, tag, stage, {
    requesters: (edge) => requesterGroups(policy, edge, repository),
    isAllowed: (each) => isTagAllowed(policy, repository, each),
    now: Date.now(),
  });
  if (options.json) printJson(found);
  else
    print(
      found.ways.map((way) => explainText(found.image, stage, way)).join('\n\n') ||
        `No way of the policy leads to ${stage}.`,
    );
  return 0;
}

function explainText(
  image: string,
  stage: string,
  way: ReturnType<typeof explainPolicy>['ways'][number],
): string {
  const people = (groups: readonly { group: string; members: readonly string[]; min?: number }[]) =>
    groups
      .map(
        ({ group, members, min }) =>
          `${min ? `${min} of ` : ''}${group} (${members.join(', ') || 'nobody named'})`,
      )
      .join('; ') || 'nobody';
  return [
    `${image} from ${way.from} to ${stage} (${way.edge})`,
    `  may ask      ${people(way.requesters)}`,
    `  must approve ${way.approvals.length === 0 ? 'nobody: it is imported when asked' : `${people(way.approvals)}; ${way.total} in all, never the requester`}`,
    `  gates        ${way.gates.map(({ gate, mode }) => `${gate} (${mode})`).join(', ') || 'none'}`,
    `  afterwards   ${way.lock ? 'tag, manifests and referrers are locked' : 'nothing is locked'}`,
    `  window       ${windowText(way)}`,
    ...(way.tagAllowed === false ? ['  the policy does not let this tag be promoted'] : []),
  ].join('\n');
}

/** When an import could begin next. */
function windowText({ window }: { readonly window: string }): string {
  if (window === 'open') return 'open now';
  return window === 'never' ? 'does not open within 90 days' : `closed, opens ${window}`;
}

/** Plays the cases of a file; 1 if one comes out otherwise than it expects. */
export function testPolicy(file: string, options: TerminalOptions & { readonly policy?: string }): number {
  const policy = readOrThrow(options.policy);
  const results = readPolicyCases(file).map((each) => ({ given: each, result: runCase(policy, each) }));
  const failed = results.filter(({ result }) => !result.ok).length;
  if (options.json)
    printJson({ passed: results.length - failed, failed, results: results.map(({ result }) => result) });
  else {
    for (const { given, result } of results) print(caseText(given.expect, result));
    print(`${results.length - failed} passed, ${failed} failed`);
  }
  return failed === 0 ? 0 : 1;
}

function readOrThrow(file: string | undefined): Policy {
  const reading = readPolicyFile(policyFileOf(readEnvironment(), file), kqlProblems);
  if (!reading.ok) throw new ConfigurationError(reading.errors.map((error) => error.text).join('\n'));
  return reading.policy;
}

function caseText(
  expected: { readonly state: string; readonly refusal?: string },
  result: CaseResult,
): string {
  const said = (of: { readonly state: string; readonly refusal?: string }) =>
    `${of.state}${of.refusal === undefined ? '' : `, ${of.refusal}`}`;
  return result.ok
    ? `ok    ${result.name}`
    : `FAIL  ${result.name}: expected ${said(expected)}; is ${said(result)}. ${result.detail}`;
}
