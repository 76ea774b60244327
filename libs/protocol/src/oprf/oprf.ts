import { ristretto255_hasher, ristretto255_oprf } from '@noble/curves/ed25519.js';
import { concat, utf8, type Bytes } from '../encoding/bytes.js';
import type { RandomSource } from '../encoding/random-source.js';
import { requirePoint, type GroupPoint } from '../group/point.js';
import { numberToScalar, parseScalar, scalarToNumber } from '../group/scalar.js';

/** RFC 9497 section 3.1: "HashToGroup-" || "OPRFV1-" || mode 0 || "-ristretto255-SHA512". */
const GROUP_DST = concat(utf8('HashToGroup-OPRFV1-'), Uint8Array.of(0), utf8('-ristretto255-SHA512'));
const ONE = numberToScalar(1n);

export interface Blinding {
  /** r, 32 bytes, secret: wipe it once the answer is finalized. */
  readonly blind: Bytes;
  /** B = r H1(x), 32 bytes, public. */
  readonly blindedElement: Bytes;
}

/** H1(input) of RFC 9497, mode 0, 32 bytes. */
export function hashToGroup(input: Bytes): Bytes {
  return inputElement(input).toBytes();
}

/** Blind of RFC 9497 section 3.3.1. Takes 48 random bytes. `input` at most 65535 bytes. */
export function blind(input: Bytes, random: RandomSource): Blinding {
  const out = ristretto255_oprf.oprf.blind(input, (length = 48) => Uint8Array.from(random.bytes(length)));
  return { blind: out.blind, blindedElement: out.blinded };
}

/**
 * Finalize of RFC 9497 section 3.3.1: y, 64 bytes, secret.
 * @throws REQUEST_INVALID when the blind is not a scalar or the evaluation not a point
 */
export function finalize(input: Bytes, blindScalar: Bytes, evaluatedElement: Bytes): Bytes {
  requirePoint(evaluatedElement, 'evaluated');
  return ristretto255_oprf.oprf.finalize(input, parseScalar(blindScalar, 'blind'), evaluatedElement);
}

/** y for a key that the client knows: the registration needs no round trip (PROTOCOL 5). 64 bytes, secret. */
export function evaluateKnown(key: Bytes, input: Bytes): Bytes {
  const evaluated = inputElement(input).multiply(scalarToNumber(key, 'key')).toBytes();
  return finalize(input, ONE, evaluated);
}

function inputElement(input: Bytes): GroupPoint {
  const point = ristretto255_hasher.hashToCurve(input, { DST: GROUP_DST });
  return requirePoint(point.toBytes(), 'input');
}
