import { describe, expect, it } from '@jest/globals';
import { concat, type Bytes } from '../encoding/bytes.js';
import { nobleGroup } from '../group/noble-group.js';
import { refusal } from '../vectors/refusal.js';
import { seededRandom } from '../vectors/seeded-random.js';
import { combineScalars } from './combine.js';
import { deal, randomScalar } from './deal.js';
import { repairCoefficient, splitForRepair, sumScalars } from './repair.js';
import { verifyShare } from './verify-share.js';

function subsets(of: readonly number[], size: number): readonly (readonly number[])[] {
  if (size === 0) return [[]];
  return of.flatMap((first, i) => subsets(of.slice(i + 1), size - 1).map((rest) => [first, ...rest]));
}

const random = seededRandom('repair');

/** What each helper hands on, in the order of the helpers. */
function sumsOf(shares: readonly Bytes[], helpers: readonly number[], target: number): readonly Bytes[] {
  const dealt = helpers.map((helper) => {
    const share = shares[helper - 1] ?? new Uint8Array(0);
    return splitForRepair(nobleGroup, share, repairCoefficient(helpers, helper, target), helpers.length, random);
  });
  return helpers.map((_, to) =>
    sumScalars(
      nobleGroup,
      dealt.map((summands) => summands[to] ?? new Uint8Array(0)),
    ),
  );
}

describe.each([
  [2, 3],
  [3, 5],
  [4, 7],
])('the repair of a share, %i of %i', (t, n) => {
  const nodes = Array.from({ length: n }, (_, i) => i + 1);
  const { shares, commitments } = deal(randomScalar(random), t, n, random);

  it.each(nodes)('gives node %i its own share from any t others', (target) => {
    const others = nodes.filter((node) => node !== target);
    for (const helpers of subsets(others, t)) {
      const repaired = sumScalars(nobleGroup, sumsOf(shares, helpers, target));
      expect(repaired).toEqual(shares[target - 1]);
      expect(verifyShare(nobleGroup, repaired, target, commitments)).toBe(true);
    }
  });

  it('gives something else when one helper lies, and the commitments tell', () => {
    const helpers = nodes.slice(1, t + 1);
    const lying = shares.map((share, i) => (i + 1 === helpers[0] ? randomScalar(random) : share));
    const repaired = sumScalars(nobleGroup, sumsOf(lying, helpers, 1));
    expect(verifyShare(nobleGroup, repaired, 1, commitments)).toBe(false);
  });
});

describe('the summands of a helper', () => {
  const share = randomScalar(random);
  const coefficient = repairCoefficient([1, 2, 3], 1, 4);

  it('add up to its share times its coefficient', () => {
    const summands = splitForRepair(nobleGroup, share, coefficient, 3, random);
    const product = nobleGroup.multiplyBase(sumScalars(nobleGroup, summands));
    expect(summands).toHaveLength(3);
    expect(product).toEqual(nobleGroup.multiply(nobleGroup.multiplyBase(share), coefficient));
  });

  it('all but one are what was drawn, whatever the share is', () => {
    const drawn = (of: Bytes): Bytes => concat(...splitForRepair(nobleGroup, of, coefficient, 3, seededRandom('the same')).slice(0, 2));
    expect(drawn(share)).toEqual(drawn(randomScalar(random)));
  });

  it('differ each time', () => {
    const [first, second] = [1, 2].map(() => splitForRepair(nobleGroup, share, coefficient, 2, random));
    expect(first?.[0]).not.toEqual(second?.[0]);
    expect(first?.[1]).not.toEqual(second?.[1]);
  });

  it('leave the share as it is', () => {
    const before = share.slice();
    splitForRepair(nobleGroup, share, coefficient, 3, random);
    expect(share).toEqual(before);
  });
});

describe('the coefficients', () => {
  it('are refused for index 0, which would give the secret itself', () => {
    expect(refusal(() => repairCoefficient([1, 2], 1, 0))).toBe('REQUEST_INVALID target');
  });

  it('are refused for a helper twice, a stranger and a target among its helpers', () => {
    expect(refusal(() => repairCoefficient([1, 1], 1, 3))).toBe('REQUEST_INVALID index');
    expect(refusal(() => repairCoefficient([1, 2], 3, 4))).toBe('REQUEST_INVALID helper');
    expect(refusal(() => repairCoefficient([1, 2], 1, 2))).toBe('REQUEST_INVALID target');
  });

  it('interpolate at the target what combining interpolates at zero', () => {
    const { shares } = deal(randomScalar(random), 2, 3, random);
    const [first, second] = shares.map((scalar, i) => ({ index: i + 1, scalar }));
    if (first === undefined || second === undefined) throw new Error('no shares');
    const third = { index: 3, scalar: sumScalars(nobleGroup, sumsOf(shares, [1, 2], 3)) };
    expect(combineScalars([first, third])).toEqual(combineScalars([first, second]));
  });
});
