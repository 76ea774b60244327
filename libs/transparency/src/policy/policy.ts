import type { Cosignature } from '../cosignature/cosignature.js';
import { sameOctets } from '../encoding/octets.js';
import { FormatError } from '../errors/format-error.js';
import type { CosignerVkey, Vkey } from '../vkey/vkey.js';

export type PolicyLog = { readonly vkey: Vkey; readonly url?: string };

/** The name counts inside the policy alone. */
export type PolicyWitness = { readonly name: string; readonly vkey: CosignerVkey; readonly url?: string };

/** Has witnessed what at least `threshold` of its members have, each a witness or an earlier group. */
export type PolicyGroup = { readonly name: string; readonly threshold: number; readonly members: readonly string[] };

/** A C2SP tlog-policy: which logs and witnesses count, and how many of them are enough. */
export type Policy = {
  readonly logs: readonly PolicyLog[];
  readonly witnesses: readonly PolicyWitness[];
  /** A group names only groups before it. */
  readonly groups: readonly PolicyGroup[];
  /** The name of a witness or group, or `none`: no cosignature is needed. */
  readonly quorum: string;
};

/** Of each, logs and witnesses and groups; C2SP asks for at least 32. */
export const MAX_POLICY_ITEMS = 64;

/** `none` in a quorum line; no witness or group may be called so. */
export const NO_QUORUM = 'none';

/** Whether these cosigners are a quorum. Each counts once however often it signed, and strangers count for nothing. */
export function isQuorum({ witnesses, groups, quorum }: Policy, cosigners: readonly CosignerVkey[]): boolean {
  if (quorum === NO_QUORUM) return true;
  const witnessed = new Set(
    witnesses.filter(({ vkey }) => cosigners.some((cosigner) => isSameKey(cosigner, vkey))).map(({ name }) => name),
  );
  // A group comes after its members, so one pass in order settles all of them.
  for (const { name, threshold, members } of groups) {
    if (members.filter((member) => witnessed.has(member)).length >= threshold) witnessed.add(name);
  }
  return witnessed.has(quorum);
}

/**
 * How old the word of the quorum is: the latest time since which its members have all cosigned, the quorum's oldest
 * cosignature. `undefined` when they are no quorum, or none is asked for.
 */
export function quorumTime(policy: Policy, cosignatures: readonly Cosignature[]): number | undefined {
  if (policy.quorum === NO_QUORUM) return undefined;
  const times = cosignatures.map(({ time }) => time).sort((a, b) => b - a);
  return times.find((since) =>
    isQuorum(
      policy,
      cosignatures.filter(({ time }) => time >= since).map(({ vkey }) => vkey),
    ),
  );
}

/** The rules of C2SP tlog-policy that one line alone does not show. @throws FormatError */
export function refusePolicy({ logs, witnesses, groups, quorum }: Policy): void {
  if ([logs, witnesses, groups].some((items) => items.length > MAX_POLICY_ITEMS)) throw new FormatError('policy', 'is too large');
  refuseTwice(
    logs.map(({ vkey }) => vkey),
    'log',
  );
  refuseTwice(
    witnesses.map(({ vkey }) => vkey),
    'witness',
  );
  const defined = new Set<string>();
  for (const { name } of witnesses) define(name, defined);
  const members = new Set<string>();
  for (const group of groups) {
    refuseGroup(group, defined, members);
    define(group.name, defined);
  }
  if (quorum !== NO_QUORUM && !defined.has(quorum)) throw new FormatError('quorum', `${quorum} is not defined`);
}

function define(name: string, defined: Set<string>): void {
  if (name === NO_QUORUM) throw new FormatError('policy', 'none is no name');
  if (defined.has(name)) throw new FormatError('policy', `${name} is defined twice`);
  defined.add(name);
}

/** Every witness counts in one way only, so a name is a member once in the whole policy. */
function refuseGroup({ threshold, members }: PolicyGroup, defined: ReadonlySet<string>, taken: Set<string>): void {
  if (!Number.isSafeInteger(threshold) || threshold < 1 || threshold > members.length) {
    throw new FormatError('group', 'has a threshold that its members cannot meet');
  }
  for (const member of members) {
    if (!defined.has(member)) throw new FormatError('group', `${member} is not defined before it`);
    if (taken.has(member)) throw new FormatError('group', `${member} is a member twice`);
    taken.add(member);
  }
}

function refuseTwice(vkeys: readonly (Vkey | CosignerVkey)[], line: string): void {
  const twice = vkeys.find((vkey, i) => vkeys.slice(0, i).some((before) => sameOctets(before.publicKey, vkey.publicKey)));
  if (twice) throw new FormatError(line, `${twice.name} has the key of another`);
}

function isSameKey(a: CosignerVkey, b: CosignerVkey): boolean {
  return a.name === b.name && sameOctets(a.publicKey, b.publicKey);
}
