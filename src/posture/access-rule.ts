// TEN-01 and TEN-02 are one question asked of two lists: who can do it, and who should.
import { type Holder, holdersOf, type Strangers } from './access.ts';
import type { RegistryFacts } from './facts.ts';
import type { EvidenceItem, Outcome } from './outcome.ts';
import { type ExpectedRegistry, type JudgeContext, type Rule, seen } from './rule.ts';
import { limited, listText, unreadText } from './shapes.ts';
import type { Truth } from './truth.ts';

interface AccessRule extends Omit<Rule, 'judge' | 'explain'> {
  readonly verb: 'write' | 'read';
  can(holder: Holder): Truth;
  expected(registry: ExpectedRegistry): readonly string[];
  strangers(facts: RegistryFacts, registry: ExpectedRegistry): Strangers;
  /** What makes it fail whoever is assigned: in words. */
  open?(facts: RegistryFacts): string | undefined;
  /** What else must be read before anybody can pass. */
  unread?(facts: RegistryFacts): string | undefined;
}

/** A registry that the policy does not list has nobody who should, but for this product where it was not told apart. */
const unlisted: ExpectedRegistry = {
  key: '',
  stage: '',
  writers: [],
  readers: [],
  unresolved: [],
  isSelfKnown: false,
  clusters: [],
  own: [],
  teamPrincipals: [],
  feedsMirror: false,
};

const expectedOf = (facts: RegistryFacts, { expected }: JudgeContext): ExpectedRegistry | undefined =>
  expected && (expected.registries.get(facts.id) ?? unlisted);

/** Asked of the last stage. */
export function accessRule(rule: AccessRule): Rule {
  const core = {
    judge: (facts: RegistryFacts, context: JudgeContext): Outcome => {
      if (rule.open?.(facts) !== undefined) return 'fail';
      const registry = expectedOf(facts, context);
      if (!registry || !facts.grants?.read) return 'unknown';
      const { sure, possible } = rule.strangers(facts, registry);
      if (sure.length > 0) return 'fail';
      return possible.length > 0 || rule.unread?.(facts) !== undefined ? 'unknown' : 'pass';
    },
    explain: (facts: RegistryFacts, context: JudgeContext) => {
      const registry = expectedOf(facts, context);
      const open = rule.open?.(facts);
      // Strangers are named beside an open door as well: a waiver of the door must not cover them.
      const opened = open === undefined ? [] : [seen(facts, 'the registry', `open to ${rule.verb}`, open)];
      if (!registry || !facts.grants?.read)
        return {
          reason:
            open ??
            (registry
              ? unreadText('the role assignments', facts.grants)
              : 'There is no policy that says who is expected.'),
          evidence: opened,
        };
      const found = rule.strangers(facts, registry);
      const others =
        open === undefined || found.sure.length > 0 ? reasonOf(rule, facts, registry, found) : '';
      return {
        reason: [...(open === undefined ? [] : [open]), ...(others ? [others] : [])].join(' '),
        evidence: [
          ...opened,
          ...[...found.sure, ...found.possible].map((holder) => evidence(rule, facts, holder)),
        ],
      };
    },
  };
  const { id, title, impact, source, references, guidance, remedy } = rule;
  return limited({ id, title, impact, source, references, guidance, remedy }, { stages: 'last' }, core);
}

function reasonOf(
  rule: AccessRule,
  facts: RegistryFacts,
  registry: ExpectedRegistry,
  { sure, possible }: Strangers,
): string {
  const note = registry === unlisted ? ' The policy does not list the registry.' : '';
  if (sure.length > 0)
    return `${sure.length} can ${rule.verb} without being expected: ${listText(sure.map(nameOf))}.${note}`;
  if (possible.length > 0) {
    const unresolved =
      registry.unresolved.length > 0
        ? ` Identities of the policy that could not be looked up: ${registry.unresolved.length}.`
        : '';
    return `It cannot be told of ${listText(possible.map(nameOf))} who they are or what they reach.${unresolved}${note}`;
  }
  const unread = rule.unread?.(facts);
  if (unread !== undefined) return unread;
  const idle = rule
    .expected(registry)
    .filter(
      (id) => !holdersOf(facts)?.some((holder) => holder.principal === id && rule.can(holder) !== false),
    );
  const missing = idle.length > 0 ? ` ${idle.length} of those who may cannot.` : '';
  return `Nobody can ${rule.verb} who is not expected.${missing}`;
}

/** A short name that a person can look up: the kind, the id's beginning, the roles. */
const nameOf = (holder: Holder): string =>
  `${holder.type || 'principal'} ${holder.principal.slice(0, 8)} (${holder.roles.join(', ')})`;

const evidence = (rule: AccessRule, facts: RegistryFacts, holder: Holder): EvidenceItem =>
  seen(
    facts,
    'Resource Graph, authorizationresources',
    `${holder.type || 'principal'} ${holder.principal}`,
    `${rule.can(holder) === true && !holder.isGroup ? 'can' : 'might'} ${rule.verb}: ${holder.roles.join(', ')} (${holder.powers.join(', ')})`,
  );
