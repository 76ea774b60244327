import { formatPolicy, NO_QUORUM, type CosignerVkey, type Policy } from '@strongroom/transparency';

/**
 * A policy that asks for `quorum` of these witnesses, more than half unless told; without witnesses for none.
 * @throws FormatError when so many cannot be met
 */
export function witnessPolicy(vkeys: readonly CosignerVkey[], quorum: number = Math.floor(vkeys.length / 2) + 1): Policy {
  const witnesses = vkeys.map((vkey, i) => ({ name: `w${i + 1}`, vkey }));
  const members = witnesses.map(({ name }) => name);
  const policy: Policy =
    vkeys.length === 0
      ? { logs: [], witnesses: [], groups: [], quorum: NO_QUORUM }
      : { logs: [], witnesses, groups: [{ name: 'witnesses', threshold: quorum, members }], quorum: 'witnesses' };
  formatPolicy(policy);
  return policy;
}
