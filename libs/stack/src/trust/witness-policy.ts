import { FormatError, formatPolicy, NO_QUORUM, type CosignerVkey, type Policy } from '@strongroom/transparency';

/**
 * A policy that asks for `quorum` of these witnesses, more than half unless told; without witnesses for none.
 * @throws FormatError when so many cannot be met
 */
export function witnessPolicy(vkeys: readonly CosignerVkey[], quorum?: number): Policy {
  if (vkeys.length === 0) {
    if (quorum !== undefined) throw new FormatError('quorum', 'needs witnesses');
    return { logs: [], witnesses: [], groups: [], quorum: NO_QUORUM };
  }
  const witnesses = vkeys.map((vkey, i) => ({ name: `w${i + 1}`, vkey }));
  const threshold = quorum ?? Math.floor(vkeys.length / 2) + 1;
  const group = { name: 'witnesses', threshold, members: witnesses.map(({ name }) => name) };
  const policy: Policy = { logs: [], witnesses, groups: [group], quorum: group.name };
  formatPolicy(policy);
  return policy;
}
