// Who can write to a registry and who can read it, in effect: every assignment that reaches it, added up by principal,
// read as the registry's mode reads it. What cannot be told (a group, a condition, an unread mode) is not known.
import type { Grant, RegistryFacts } from './facts.ts';
import { bit, type PowerName, powerNames, powersOf } from './powers.ts';
import { all, type Truth } from './truth.ts';

export interface Holder {
  /** Entra object id, lower-cased. */
  readonly principal: string;
  readonly type: string;
  /** Nobody can tell from here who is in it. */
  readonly isGroup: boolean;
  readonly writes: Truth;
  readonly reads: Truth;
  /** By which roles, and what they permit: for the evidence. */
  readonly roles: readonly string[];
  readonly powers: readonly PowerName[];
  readonly sure: number;
}

const writing =
  bit.import |
  bit.contentWrite |
  bit.settings |
  bit.run |
  bit.tasks |
  bit.importPipelines |
  bit.roleAssignments;
const reading = bit.contentRead | bit.exportPipelines;

const known = new WeakMap<RegistryFacts, readonly Holder[]>();

/** Everybody with an assignment that reaches the registry; `undefined` where the assignments were not read. */
export function holdersOf(facts: RegistryFacts): readonly Holder[] | undefined {
  if (!facts.grants?.read) return undefined;
  const before = known.get(facts);
  if (before) return before;
  const byPrincipal = new Map<string, Grant[]>();
  for (const grant of facts.grants.value) {
    if (!reaches(grant.scope, facts.id)) continue;
    const principal = grant.principal.toLowerCase();
    const list = byPrincipal.get(principal);
    if (list) list.push(grant);
    else byPrincipal.set(principal, [grant]);
  }
  const holders = [...byPrincipal].map(([principal, grants]) => holder(facts, principal, grants));
  known.set(facts, holders);
  return holders;
}

/** The root, any management group (the scan keeps those above the registry only), or an id that the registry is under. */
export function reaches(scope: string, id: string): boolean {
  const above = scope.toLowerCase();
  if (above === '/' || above.startsWith('/providers/microsoft.management/managementgroups/')) return true;
  return id === above || id.startsWith(above.endsWith('/') ? above : `${above}/`);
}

function holder(facts: RegistryFacts, principal: string, grants: readonly Grant[]): Holder {
  let sure = 0;
  let maybe = 0;
  for (const grant of grants) {
    const powers = powersOf(grant);
    sure |= powers.sure;
    maybe |= powers.maybe;
  }
  const type = grants[0]?.principalType ?? '';
  const writes = canWrite(facts, sure, sure | maybe);
  return {
    principal,
    type,
    isGroup: /group/i.test(type),
    writes,
    reads: canRead(facts, sure, sure | maybe, writes),
    roles: [...new Set(grants.map((grant) => grant.role))],
    powers: powerNames(sure | maybe),
    sure,
  };
}

/** `possible` are the powers with those that a condition narrows. */
function canWrite(facts: RegistryFacts, sure: number, possible: number): Truth {
  return either(writesBy(facts, sure), writesBy(facts, possible));
}

function canRead(facts: RegistryFacts, sure: number, possible: number, writes: Truth): Truth {
  if (writes === true) return true;
  const reads = either(readsBy(facts, sure), readsBy(facts, possible));
  return reads === true ? true : reads === undefined || writes === undefined ? undefined : false;
}

/** Certain if it is so without the conditions' powers; possible if only with them. */
const either = (certain: Truth, possible: Truth): Truth =>
  certain === true ? true : possible === false ? false : undefined;

function writesBy(facts: RegistryFacts, bits: number): Truth {
  if ((bits & writing) !== 0) return true;
  if ((bits & bit.tokens) !== 0 && (bits & bit.tokenPasswords) !== 0) return true;
  const push = (bits & bit.push) !== 0 ? isLegacy(facts) : false;
  const credentials = (bits & bit.listCredentials) !== 0 ? facts.adminUserEnabled : false;
  return any(push, credentials);
}

function readsBy(facts: RegistryFacts, bits: number): Truth {
  if ((bits & reading) !== 0) return true;
  return (bits & bit.pull) !== 0 ? isLegacy(facts) : false;
}

/** True if one is true, else unknown if one is. */
const any = (...truths: readonly Truth[]): Truth => {
  const neither = all(...truths.map((truth) => (truth === undefined ? undefined : !truth)));
  return neither === undefined ? undefined : !neither;
};

/** In the ABAC mode push/write and pull/read have no effect: only data actions reach repositories. */
function isLegacy(facts: RegistryFacts): Truth {
  const mode = facts.settings?.roleAssignmentMode?.toLowerCase();
  if (mode === undefined) return undefined;
  return mode === 'legacyregistrypermissions'
    ? true
    : mode === 'abacrepositorypermissions'
      ? false
      : undefined;
}

export interface Strangers {
  /** Surely can, and surely is not expected. */
  readonly sure: readonly Holder[];
  /** Can or might, and might be somebody expected: groups, conditions, principals that an unresolved id may name. */
  readonly possible: readonly Holder[];
}

/**
 * Who can do it without being expected. `unresolved` ids each may be one service principal; more strange service
 * principals than that are surely strangers. Infinity: any of them may be expected.
 */
export function strangers(
  holders: readonly Holder[],
  can: (holder: Holder) => Truth,
  expected: readonly string[],
  unresolved: number,
): Strangers {
  const others = holders.filter((each) => can(each) !== false && !expected.includes(each.principal));
  const isSure = (each: Holder) => can(each) === true && !each.isGroup;
  const people = others.filter((each) => isSure(each) && /^user$/i.test(each.type));
  const services = others.filter((each) => isSure(each) && /^serviceprincipal$/i.test(each.type));
  const sure = services.length > unresolved ? [...people, ...services] : people;
  return { sure, possible: others.filter((each) => !sure.includes(each)) };
}

/** Whether somebody is named by an object id that surely (or perhaps) can. */
export function principalCan(
  holders: readonly Holder[],
  principal: string,
  can: (holder: Holder) => Truth,
): Truth {
  const found = holders.find((each) => each.principal === principal);
  if (found && can(found) === true) return true;
  // A group may hold it: then it cannot be told from here.
  if (holders.some((each) => each.isGroup && can(each) !== false)) return undefined;
  return found ? can(found) : false;
}
