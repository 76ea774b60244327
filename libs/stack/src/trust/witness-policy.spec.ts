import { describe, expect, it } from '@jest/globals';
import { nodeSigner } from '@strongroom/platform';
import { FormatError, isQuorum, makeCosignerVkey, type CosignerVkey } from '@strongroom/transparency';
import { witnessPolicy } from './witness-policy.js';

const vkeys = (n: number): CosignerVkey[] =>
  Array.from({ length: n }, (_, i) => makeCosignerVkey(`w.example/${i}`, nodeSigner(new Uint8Array(32).fill(i + 1)).publicKey));

describe('the policy of a new trust root', () => {
  it.each([
    [1, undefined, 1],
    [2, undefined, 2],
    [3, undefined, 2],
    [3, 3, 3],
  ])('of %s witnesses, told %s, asks for %s', (n, quorum, needed) => {
    const policy = witnessPolicy(vkeys(n), quorum);
    expect([needed - 1, needed].map((count) => isQuorum(policy, vkeys(count)))).toEqual([false, true]);
  });

  it('asks for nobody without witnesses', () => {
    expect(isQuorum(witnessPolicy([]), [])).toBe(true);
  });

  it.each([
    [0, 1],
    [2, 3],
    [2, 0],
  ])('of %s witnesses cannot ask for %s', (n, quorum) => {
    expect(() => witnessPolicy(vkeys(n), quorum)).toThrow(FormatError);
  });
});
