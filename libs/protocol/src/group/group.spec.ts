import { describe, expect, it } from '@jest/globals';
import { ristretto255 } from '@noble/curves/ed25519.js';
import fc from 'fast-check';
import { fromHex, toHex } from '../encoding/bytes.js';
import { refusal } from '../vectors/refusal.js';
import { readVectors } from '../vectors/vectors.js';
import { nobleGroup } from './noble-group.js';
import { isGroupPoint, parsePoint, requirePoint } from './point.js';
import { isScalar, numberToScalar, parseScalar, scalarToNumber } from './scalar.js';

interface Cases {
  readonly cases: readonly { readonly name: string; readonly hex: string }[];
}

const { ORDER } = ristretto255.Point.Fn;
const scalars = fc.bigInt({ min: 1n, max: ORDER - 1n });

describe('points', () => {
  it.each(readVectors<Cases>('valid/points.json').cases)('accepts $name', ({ hex }) => {
    expect(toHex(parsePoint(fromHex(hex), 'B'))).toBe(hex);
    expect(requirePoint(fromHex(hex), 'B').toHex()).toBe(hex);
  });

  it.each(readVectors<Cases>('invalid/points.json').cases)('refuses $name: $hex', ({ hex }) => {
    expect(isGroupPoint(fromHex(hex))).toBe(false);
    expect(refusal(() => parsePoint(fromHex(hex), 'B'))).toBe('REQUEST_INVALID B');
    expect(refusal(() => requirePoint(fromHex(hex), 'B'))).toBe('REQUEST_INVALID B');
  });

  it('refuses the identity and wrong lengths whatever the plugged-in check says', () => {
    for (const length of [0, 31, 32, 33]) {
      expect(refusal(() => parsePoint(new Uint8Array(length), 'B', () => true))).toBe('REQUEST_INVALID B');
    }
  });
});

describe('scalars', () => {
  it.each(readVectors<Cases>('valid/scalars.json').cases)('accepts $name', ({ hex }) => {
    expect(toHex(parseScalar(fromHex(hex), 'k'))).toBe(hex);
  });

  it.each(readVectors<Cases>('invalid/scalars.json').cases)('refuses $name', ({ hex }) => {
    expect(refusal(() => parseScalar(fromHex(hex), 'k'))).toBe('REQUEST_INVALID k');
  });

  it('accepts exactly the numbers from 1 to L - 1', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
        const value = BigInt(`0x${toHex(Uint8Array.from(bytes).reverse())}`);
        expect(isScalar(bytes)).toBe(value > 0n && value < ORDER);
      }),
    );
    for (const near of [ORDER - 2n, ORDER - 1n]) expect(scalarToNumber(numberToScalar(near), 'k')).toBe(near);
  });
});

describe('nobleGroup', () => {
  it('computes a b + c, and multiplies as repeated addition', () => {
    fc.assert(
      fc.property(scalars, scalars, scalars, (a, b, c) => {
        const out = nobleGroup.multiplyAdd(numberToScalar(a), numberToScalar(b), numberToScalar(c));
        expect(out).toEqual(numberToScalar((a * b + c) % ORDER));
      }),
    );
    const five = numberToScalar(5n);
    expect(nobleGroup.multiply(nobleGroup.multiplyBase(five), five)).toEqual(nobleGroup.multiplyBase(numberToScalar(25n)));
  });

  it('reduces 64 little-endian bytes modulo L', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 64, maxLength: 64 }), (wide) => {
        const value = BigInt(`0x${toHex(Uint8Array.from(wide).reverse())}`);
        expect(nobleGroup.reduceWide(wide)).toEqual(numberToScalar(value % ORDER));
      }),
    );
  });
});
