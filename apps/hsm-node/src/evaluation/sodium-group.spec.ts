import { beforeAll, describe, expect, it } from '@jest/globals';
import { SystemRandom } from '@strongroom/platform';
import { fromHex, isGroupPoint, nobleGroup, type Bytes } from '@strongroom/protocol';
import { loadNativeSodium } from './native-sodium.js';
import { loadSodiumGroup, type SodiumGroup } from './sodium-group.js';

const random = new SystemRandom();
const scalar = (): Bytes => nobleGroup.reduceWide(random.bytes(64));
/** L, L - 1 and L + 1, little-endian. */
const ORDER = fromHex('edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010');
const LARGEST = fromHex('ecd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010');
const ABOVE = fromHex('eed3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010');
const ZERO = new Uint8Array(32);
const invalid: unknown = expect.objectContaining({ code: 'REQUEST_INVALID' });

let group: SodiumGroup;
beforeAll(async () => {
  group = await loadSodiumGroup();
});

describe('arithmetic by libsodium', () => {
  it('agrees with noble on random input and on the largest scalar', () => {
    for (const a of [LARGEST, ...Array.from({ length: 50 }, scalar)]) {
      const point = nobleGroup.multiplyBase(scalar());
      const [b, c, wide] = [scalar(), scalar(), random.bytes(64)];
      expect(group.multiply(point, a)).toEqual(nobleGroup.multiply(point, a));
      expect(group.multiplyBase(a)).toEqual(nobleGroup.multiplyBase(a));
      expect(group.multiplyAdd(a, b, c)).toEqual(nobleGroup.multiplyAdd(a, b, c));
      expect(group.reduceWide(wide)).toEqual(nobleGroup.reduceWide(wide));
      expect(group.sha512(wide)).toEqual(nobleGroup.sha512(wide));
    }
  });

  it.each([
    ['zero', ZERO],
    ['L', ORDER],
    ['L + 1', ABOVE],
    ['all ones', new Uint8Array(32).fill(0xff)],
    ['31 bytes', new Uint8Array(31).fill(1)],
    ['33 bytes', new Uint8Array(33)],
  ])('refuses %s as a scalar', (_name, bytes) => {
    const point = nobleGroup.multiplyBase(scalar());
    expect(() => group.multiply(point, bytes)).toThrow(invalid);
    expect(() => group.multiplyBase(bytes)).toThrow(invalid);
    for (const at of [0, 1, 2]) {
      const [a, b, c] = [scalar(), scalar(), scalar()].map((good, i) => (i === at ? bytes : good));
      expect(() => group.multiplyAdd(a ?? bytes, b ?? bytes, c ?? bytes)).toThrow(invalid);
    }
  });

  it.each([
    ['the identity', ZERO],
    ['a point that is not canonical', fromHex('edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f')],
    ['a negative field element', fromHex('0100000000000000000000000000000000000000000000000000000000000000')],
    ['a non-square', fromHex('26948d35ca62e643e26a83177332e6b6afeb9d08e4268b650f1f5bbd8d81d371')],
    ['31 bytes', new Uint8Array(31)],
    ['33 bytes', new Uint8Array(33).fill(1)],
  ])('refuses %s as a point', (_name, bytes) => {
    expect(group.isPoint(bytes)).toBe(false);
    expect(isGroupPoint(bytes)).toBe(false);
    expect(() => group.multiply(bytes, scalar())).toThrow(invalid);
  });

  it('judges random bytes and real points as noble does', () => {
    const candidates = [
      ...Array.from({ length: 200 }, () => random.bytes(32)),
      ...Array.from({ length: 20 }, () => nobleGroup.multiplyBase(scalar())),
    ];
    for (const bytes of candidates) expect(group.isPoint(bytes)).toBe(isGroupPoint(bytes));
  });

  it('leaves no scalar in the heap of the WASM memory', async () => {
    const native = await loadNativeSodium();
    const secret = scalar();
    const point = nobleGroup.multiplyBase(scalar());
    const before = count(native.HEAPU8, secret);
    group.multiply(point, secret);
    group.multiplyAdd(scalar(), secret, scalar());
    expect(() => group.multiply(ZERO, secret)).toThrow(invalid);
    expect(count(native.HEAPU8, secret) - before).toBe(0);
  });
});

function count(memory: Uint8Array, bytes: Bytes): number {
  const haystack = Buffer.from(memory.buffer);
  let found = 0;
  for (let at = haystack.indexOf(bytes); at >= 0; at = haystack.indexOf(bytes, at + 1)) found += 1;
  return found;
}
