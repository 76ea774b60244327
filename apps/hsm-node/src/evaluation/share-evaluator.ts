import { concat, parsePoint, proveDleq, sealSecret, type Bytes, type RandomSource } from '@strongroom/protocol';
import { nativeHpke } from '../keystore/native-hpke.js';
import type { ShareVault } from '../shares/share-vault.js';
import { Evaluator, type DecidedAttempt } from './evaluator.js';
import type { SodiumGroup } from './sodium-group.js';

/** Evaluator over the shares of the vault; each is unsealed for one call and wiped after it. */
export class ShareEvaluator extends Evaluator {
  constructor(
    private readonly vault: ShareVault,
    private readonly group: SodiumGroup,
    private readonly random: RandomSource,
  ) {
    super();
  }

  evaluate(attempt: DecidedAttempt, blinded: Bytes): Bytes {
    parsePoint(blinded, 'blinded', this.group.isPoint);
    return this.vault.withShare(attempt.uid, attempt.recordHash, (share) => {
      const evaluated = this.group.multiply(blinded, share);
      const publicShare = this.group.multiplyBase(share);
      const proof = proveDleq(this.group, { share, publicShare, blinded, evaluated, context: attempt }, this.random);
      return concat(evaluated, proof);
    });
  }

  async releaseSecret(attempt: DecidedAttempt, ephemeralKey: Bytes): Promise<Bytes> {
    // A copy, because sealing ends after the vault has wiped its own.
    const secret = this.vault.withShare(attempt.uid, attempt.recordHash, (_share, secretShare) => secretShare.slice());
    try {
      return await sealSecret(nativeHpke, ephemeralKey, secret, attempt, this.random);
    } finally {
      secret.fill(0);
    }
  }
}
