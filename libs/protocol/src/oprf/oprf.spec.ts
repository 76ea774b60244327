import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fromHex, toHex, type Bytes } from '../encoding/bytes.js';
import { nobleGroup } from '../group/noble-group.js';
import { numberToScalar, scalarToNumber } from '../group/scalar.js';
import { randomScalar } from '../sharing/deal.js';
import { refusal } from '../vectors/refusal.js';
import { seededRandom } from '../vectors/seeded-random.js';
import { readVectors } from '../vectors/vectors.js';
import { blind, evaluateKnown, finalize, hashToGroup } from './oprf.js';

interface OprfVectors {
  readonly key: string;
  readonly cases: readonly {
    readonly input: string;
    readonly blind: string;
    readonly blindedElement: string;
    readonly evaluatedElement: string;
    readonly output: string;
  }[];
}

/** noble maps 48 little-endian bytes to (value mod (L - 1)) + 1, so these bytes give exactly the vector's blind. */
function bytesFor(scalar: Bytes): Bytes {
  const out = new Uint8Array(48);
  out.set(numberToScalar(scalarToNumber(scalar, 'blind') - 1n));
  return out;
}

const vectors = readVectors<OprfVectors>('valid/oprf.json');

describe('RFC 9497 appendix A.1.1', () => {
  it.each(vectors.cases)('input $input', (vector) => {
    const input = fromHex(vector.input);
    const blinding = blind(input, { bytes: () => bytesFor(fromHex(vector.blind)) });
    expect(toHex(blinding.blind)).toBe(vector.blind);
    expect(toHex(blinding.blindedElement)).toBe(vector.blindedElement);
    expect(toHex(nobleGroup.multiply(hashToGroup(input), blinding.blind))).toBe(vector.blindedElement);
    expect(toHex(nobleGroup.multiply(blinding.blindedElement, fromHex(vectors.key)))).toBe(vector.evaluatedElement);
    expect(toHex(finalize(input, blinding.blind, fromHex(vector.evaluatedElement)))).toBe(vector.output);
    expect(toHex(evaluateKnown(fromHex(vectors.key), input))).toBe(vector.output);
  });
});

describe('the OPRF', () => {
  it('gives the same output with a round trip and without', () => {
    const random = seededRandom('oprf');
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (input) => {
        const key = randomScalar(random);
        const { blind: r, blindedElement } = blind(input, random);
        expect(finalize(input, r, nobleGroup.multiply(blindedElement, key))).toEqual(evaluateKnown(key, input));
      }),
      { numRuns: 10 },
    );
  });

  it('refuses a bad evaluation, blind or key before it computes', () => {
    const [zero, one] = [new Uint8Array(32), numberToScalar(1n)];
    const point = nobleGroup.multiplyBase(one);
    expect(refusal(() => finalize(zero, one, zero))).toBe('REQUEST_INVALID evaluated');
    expect(refusal(() => finalize(zero, zero, point))).toBe('REQUEST_INVALID blind');
    expect(refusal(() => evaluateKnown(new Uint8Array(32).fill(255), zero))).toBe('REQUEST_INVALID key');
  });
});
