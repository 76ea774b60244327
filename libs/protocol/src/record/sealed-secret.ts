import { evaluationStatement, type EvaluationContext } from '../dleq/evaluation-context.js';
import type { Bytes } from '../encoding/bytes.js';
import type { RandomSource } from '../encoding/random-source.js';
import { invalid } from '../errors/protocol-error.js';
import { parseScalar } from '../group/scalar.js';
import { SEAL_OVERHEAD, type Hpke, type HpkeKeyPair } from '../hpke/hpke.js';

export const SEALED_SECRET_LENGTH = 32 + SEAL_OVERHEAD;

const NO_AAD = new Uint8Array(0);

/** HPKE info of s_i sealed to E: label "secret" and the whole decided attempt, so that it opens for nothing else (PROTOCOL 6). */
export function sealedSecretInfo(context: EvaluationContext): Bytes {
  return evaluationStatement('secret', context).bytes();
}

/** s_i sealed to the attempt's one-time key E, 80 bytes. */
export function sealSecret(
  hpke: Hpke,
  ephemeralKey: Bytes,
  secretShare: Bytes,
  context: EvaluationContext,
  random: RandomSource,
): Promise<Bytes> {
  return hpke.seal(ephemeralKey, secretShare, sealedSecretInfo(context), NO_AAD, random);
}

/** Client side of `sealSecret`: s_i, secret. Check it against S_i next. @throws REQUEST_INVALID naming `sealed` or `secretShare` */
export async function openSecret(hpke: Hpke, ephemeral: HpkeKeyPair, sealed: Bytes, context: EvaluationContext): Promise<Bytes> {
  if (sealed.length !== SEALED_SECRET_LENGTH) throw invalid('sealed', 'is not 80 bytes');
  return parseScalar(await hpke.open(ephemeral, sealed, sealedSecretInfo(context), NO_AAD), 'secretShare');
}
