import type { Bytes } from '../encoding/bytes.js';

/**
 * Work on SECRET scalars of ristretto255: everything a node does with a share goes through this port, so that the node
 * plugs in a constant-time implementation. Arguments are trusted to be parsed (`parsePoint`, `parseScalar`).
 */
export interface ScalarGroup {
  /** scalar * point, 32 bytes. */
  multiply(point: Bytes, scalar: Bytes): Bytes;
  /** scalar * G, 32 bytes. */
  multiplyBase(scalar: Bytes): Bytes;
  /** 64 bytes, little-endian, modulo L: 32 bytes. */
  reduceWide(wide: Bytes): Bytes;
  /** a * b + c modulo L, 32 bytes. */
  multiplyAdd(a: Bytes, b: Bytes, c: Bytes): Bytes;
  /** SHA-512 of an input that holds a secret, 64 bytes. */
  sha512(input: Bytes): Bytes;
}
