import { ristretto255 } from '@noble/curves/ed25519.js';
import { bytesToNumberLE } from '@noble/curves/utils.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { requirePoint } from './point.js';
import type { ScalarGroup } from './scalar-group.js';

const { BASE, Fn } = ristretto255.Point;

/**
 * Reference implementation on BigInts, for clients and tests. It is NOT constant time and leaves copies of its scalars
 * in memory that nobody can wipe: it must not touch a share inside a node.
 */
export const nobleGroup: ScalarGroup = {
  multiply: (point, scalar) => requirePoint(point, 'point').multiply(Fn.fromBytes(scalar)).toBytes(),
  multiplyBase: (scalar) => BASE.multiply(Fn.fromBytes(scalar)).toBytes(),
  reduceWide: (wide) => Fn.toBytes(Fn.create(bytesToNumberLE(wide))),
  multiplyAdd: (a, b, c) => Fn.toBytes(Fn.add(Fn.mul(Fn.fromBytes(a), Fn.fromBytes(b)), Fn.fromBytes(c))),
  sha512: (input) => sha512(input),
};
