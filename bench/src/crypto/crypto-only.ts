import { createHash } from 'node:crypto';
import { nodeVerifier, nodeSigner } from '@strongroom/platform';
import {
  batchMessage,
  evaluationMessage,
  parsePoint,
  proveDleq,
  verifyConfirmation,
  verifyEntrySignature,
  verifySignedStatement,
} from '@strongroom/protocol';
import { costOf } from './cost-of.js';
import { cryptoSample, type CryptoSample } from './crypto-sample.js';

/** One kind of cryptographic work of a recovery. */
export interface CryptoPart {
  readonly work: string;
  /** How often the protocol asks for it in one recovery, all nodes together, if nothing is batched. */
  readonly times: number;
  readonly microseconds: number;
}

export interface CryptoOnly {
  readonly parts: readonly CryptoPart[];
  readonly msPerRecovery: number;
}

interface Work {
  readonly work: string;
  readonly times: number;
  readonly run: () => unknown;
}

/**
 * What the cryptography of one recovery costs the fleet at the least: q nodes vote, t evaluate, q release, each doing
 * what PROTOCOL 4.5, 6.2, 6.3 and 6.5 ask of it, by the functions that the nodes run, in this process, without bus,
 * disk, HTTP or encodings.
 */
export async function measureCryptoOnly(fleet: { readonly n: number; readonly t: number; readonly q: number }): Promise<CryptoOnly> {
  const parts: CryptoPart[] = [];
  for (const { work, times, run } of workOf(await cryptoSample(fleet), fleet)) parts.push({ work, times, microseconds: await costOf(run) });
  return { parts, msPerRecovery: parts.reduce((sum, { times, microseconds }) => sum + times * microseconds, 0) / 1000 };
}

function workOf(sample: CryptoSample, { t, q }: { readonly t: number; readonly q: number }): readonly Work[] {
  const { group, random, roster, entry, signer, share, statement, head, vote, signedVote, confirmPk, confirmation, seal } = sample;
  const { context, blinded } = statement;
  const root = random.bytes(32);
  const token = tokenOf(random.bytes(32));
  const evaluation = random.bytes(96);
  return [
    { work: 'entry signature verified', times: q, run: () => verifyEntrySignature(entry, nodeVerifier) },
    { work: 'account token verified', times: q, run: () => nodeVerifier.verify(token.key, token.message, token.signature) },
    { work: 'B checked to be a point', times: q, run: () => parsePoint(blinded, 'blinded', group.isPoint) },
    { work: 'value hashed', times: q, run: () => createHash('sha256').update(vote).digest() },
    { work: 'vote signed', times: q, run: () => signer.sign(batchMessage(roster, head, root)) },
    { work: "another node's vote verified", times: q * (q - 1), run: () => verifySignedStatement(signedVote, roster, nodeVerifier) },
    {
      work: 'B evaluated, with proof',
      times: t,
      run: () => {
        const evaluated = group.multiply(blinded, share);
        const publicShare = group.multiplyBase(share);
        return proveDleq(group, { share, publicShare, blinded, evaluated, context }, random);
      },
    },
    { work: 'evaluation signed', times: t, run: () => signer.sign(evaluationMessage(context, root, evaluation)) },
    { work: 'confirmation verified', times: q, run: () => verifyConfirmation(nodeVerifier, confirmPk, context, confirmation) },
    { work: 'secret share sealed to E', times: q, run: seal },
  ];
}

/** As long as a JWT of the development issuer. */
function tokenOf(seed: Uint8Array): { readonly key: Uint8Array; readonly message: Uint8Array; readonly signature: Uint8Array } {
  const issuer = nodeSigner(seed);
  const message = new Uint8Array(360).fill(0x61);
  return { key: issuer.publicKey, message, signature: issuer.sign(message) };
}
