import { mulAddUnsafe } from '@noble/curves/abstract/curve.js';
import { ristretto255 } from '@noble/curves/ed25519.js';
import { ByteWriter } from '../encoding/byte-writer.js';
import { concat, equal, type Bytes } from '../encoding/bytes.js';
import type { RandomSource } from '../encoding/random-source.js';
import { decodePoint } from '../group/point.js';
import { nobleGroup } from '../group/noble-group.js';
import { isScalar, scalarToNumber } from '../group/scalar.js';
import type { ScalarGroup } from '../group/scalar-group.js';
import { evaluationStatement, type EvaluationContext } from './evaluation-context.js';

export const PROOF_LENGTH = 64;

const { Point } = ristretto255;
const GENERATOR = Point.BASE.toBytes();

/** What is proved: log_G(publicShare) = log_blinded(evaluated), for this context alone. Points of 32 bytes. */
export interface DleqStatement {
  /** pk_i = k_i G. */
  readonly publicShare: Bytes;
  /** B. */
  readonly blinded: Bytes;
  /** Z_i = k_i B. */
  readonly evaluated: Bytes;
  readonly context: EvaluationContext;
}

/**
 * Chaum-Pedersen proof of PROTOCOL 6.3: challenge 32 || response 32. Takes 32 random bytes.
 * The nonce hashes the share too, so that neither a broken random source nor a repeated one gives the share away.
 * Points and share are trusted to be parsed. Nonce and its hash are wiped before return; what `group` copies is its own duty.
 */
export function proveDleq(group: ScalarGroup, witness: DleqStatement & { readonly share: Bytes }, random: RandomSource): Bytes {
  const statement = encodeStatement(witness);
  const secret = ByteWriter.labelled('dleq-nonce').raw(witness.share).raw(random.bytes(32)).raw(statement).bytes();
  const wide = group.sha512(secret);
  const nonce = group.reduceWide(wide);
  const challenge = challengeOf(group, statement, group.multiplyBase(nonce), group.multiply(witness.blinded, nonce));
  const response = group.multiplyAdd(challenge, witness.share, nonce);
  for (const bytes of [secret, wide, nonce]) bytes.fill(0);
  return concat(challenge, response);
}

/** True when the node used the share behind `publicShare` for exactly this statement. Malformed input is false; never throws. */
export function verifyDleq(statement: DleqStatement, proof: Bytes): boolean {
  const publicShare = decodePoint(statement.publicShare);
  const blinded = decodePoint(statement.blinded);
  const evaluated = decodePoint(statement.evaluated);
  if (proof.length !== PROOF_LENGTH || !publicShare || !blinded || !evaluated) return false;
  const challenge = proof.subarray(0, 32);
  const response = proof.subarray(32);
  if (!isScalar(challenge) || !isScalar(response)) return false;
  const weights = [scalarToNumber(response, 'response'), scalarToNumber(challenge, 'challenge')];
  const a1 = mulAddUnsafe(Point, [Point.BASE, publicShare.negate()], weights);
  const a2 = mulAddUnsafe(Point, [blinded, evaluated.negate()], weights);
  return equal(challengeOf(nobleGroup, encodeStatement(statement), a1.toBytes(), a2.toBytes()), challenge);
}

function encodeStatement({ publicShare, blinded, evaluated, context }: DleqStatement): Bytes {
  return evaluationStatement('dleq', context).raw(GENERATOR).raw(publicShare).raw(blinded).raw(evaluated).bytes();
}

function challengeOf(group: ScalarGroup, statement: Bytes, a1: Bytes, a2: Bytes): Bytes {
  return group.reduceWide(group.sha512(concat(statement, a1, a2)));
}
