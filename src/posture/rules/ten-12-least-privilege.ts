// TEN-12: this product can do what the policy needs of it, and no more: an identity that could also change settings or
// roles would be worth stealing.
import { holdersOf } from '../access.ts';
import { indexOf } from '../estate-index.ts';
import type { RegistryFacts } from '../facts.ts';
import { bit, powerNames } from '../powers.ts';
import { type JudgeContext, type OwnIdentity, seen } from '../rule.ts';
import { limited, listText, unreadText } from '../shapes.ts';
import { outcomeOf, type Truth } from '../truth.ts';

/** Enough for each need. Locking is metadata/write, which AcrPush does not have. */
const enough = {
  read: 0,
  import: bit.import,
  'import-and-lock': bit.import | bit.lock,
} as const satisfies Record<OwnIdentity['needs'], number>;

/** More than any of them needs. */
const tooMuch =
  bit.settings |
  bit.listCredentials |
  bit.tokens |
  bit.tokenPasswords |
  bit.run |
  bit.tasks |
  bit.importPipelines |
  bit.exportPipelines |
  bit.roleAssignments |
  bit.push |
  bit.contentWrite;

/** What one identity of several edges needs here together. */
function needsOf(own: readonly OwnIdentity[], clientId: string): number {
  let bits = 0;
  for (const each of own) if (each.clientId === clientId) bits |= enough[each.needs];
  return bits;
}

interface View {
  readonly missing: number;
  readonly extra: number;
  readonly reads: Truth;
}

function view(identity: OwnIdentity, own: readonly OwnIdentity[], facts: RegistryFacts): View | undefined {
  const holders = holdersOf(facts);
  if (!holders || identity.objectId === undefined) return undefined;
  const holder = holders.find((each) => each.principal === identity.objectId);
  const sure = holder?.sure ?? 0;
  return {
    missing: needsOf(own, identity.clientId) & ~sure,
    extra: sure & tooMuch,
    reads: holder?.reads ?? false,
  };
}

/**
 * An identity that only reads here needs to where its images are: of several registries of a stage, one it has nothing to
 * do with may keep it out.
 */
function isLean(
  identity: OwnIdentity,
  own: readonly OwnIdentity[],
  facts: RegistryFacts,
  context: JudgeContext,
): Truth {
  const found = view(identity, own, facts);
  if (!found) return undefined;
  if (found.missing !== 0 || found.extra !== 0) return false;
  return found.reads === false && identity.needs === 'read' && hasSiblings(facts, context)
    ? true
    : found.reads;
}

const hasSiblings = (facts: RegistryFacts, { expected }: JudgeContext): boolean =>
  expected !== undefined && (indexOf(expected).byStage.get(facts.stage ?? '')?.registries.length ?? 0) > 1;

function text(identity: OwnIdentity, own: readonly OwnIdentity[], facts: RegistryFacts): string {
  const found = view(identity, own, facts);
  if (!found) return 'could not be looked up';
  const parts = [
    ...(found.missing ? [`cannot ${powerNames(found.missing).join(', ')}`] : []),
    ...(found.reads === false ? ['cannot read'] : []),
    ...(found.extra ? [`can too much: ${powerNames(found.extra).join(', ')}`] : []),
  ];
  return parts.join('; ') || 'as needed';
}

const ownOf = (facts: RegistryFacts, { expected }: JudgeContext): readonly OwnIdentity[] | undefined =>
  expected?.registries.get(facts.id)?.own;

export const leastPrivilege = limited(
  {
    id: 'TEN-12',
    title: 'Least privilege of this product',
    impact: 'Medium',
    source: 'TEN',
    references: ['tenancy seed TEN-12; no scanner checks it'],
    guidance:
      'The identities of edges and mirrors can read, import and lock where the policy needs it, and cannot push, change settings, list passwords, run tasks or give roles.',
    remedy: (facts) => `az role assignment list --scope ${facts.id} --include-inherited --output table`,
  },
  {},
  {
    judge: (facts, context) => {
      if (!context.expected) return 'unknown';
      const own = ownOf(facts, context);
      if (!own || own.length === 0) return 'notApplicable';
      if (!facts.grants?.read) return 'unknown';
      let known = true;
      for (const identity of own) {
        const lean = isLean(identity, own, facts, context);
        if (lean === false) return 'fail';
        if (lean === undefined) known = false;
      }
      return outcomeOf(known ? true : undefined);
    },
    explain: (facts, context, outcome) => {
      const own = ownOf(facts, context) ?? [];
      const odd = own.filter((identity) => isLean(identity, own, facts, context) !== true);
      const reasons = {
        pass: 'Each identity can do what it needs and no more.',
        notApplicable: 'No edge or mirror of the policy comes here.',
        fail: `${listText(odd.map((identity) => `${identity.name} ${text(identity, own, facts)}`))}.`,
        unknown: !context.expected
          ? 'There is no policy to compare with.'
          : facts.grants?.read
            ? `Could not be looked up: ${listText(odd.map((identity) => identity.name))}.`
            : unreadText('the role assignments', facts.grants),
      } as const;
      return {
        reason: reasons[outcome as keyof typeof reasons],
        evidence: odd.map((identity) =>
          seen(facts, 'Resource Graph, authorizationresources', identity.name, text(identity, own, facts)),
        ),
      };
    },
  },
);
