import {
  attemptId,
  blind,
  generateHpkeKeyPair,
  oprfInput,
  signEntry,
  type AttemptCore,
  type Bytes,
  type Entry,
  type HpkeKeyPair,
} from '@strongroom/protocol';
import type { CallContext } from '../call/call-context.js';

/**
 * One attempt, made once and sent as often as it takes: same entry, same count (PROTOCOL 6.4). It lives in memory only.
 * Kept on the device, the blind would let a thief of the device test recovery codes against B.
 */
export interface BlindedAttempt {
  readonly core: AttemptCore;
  readonly id: Bytes;
  readonly entry: Omit<Entry, 'token'>;
  /** x, holds the code. */
  readonly input: Bytes;
  /** r. */
  readonly blind: Bytes;
  /** E with its private key. */
  readonly ephemeral: HpkeKeyPair;
  /** Overwrites code, blind and private key. BigInts inside the arithmetic are out of reach. */
  wipe(): void;
}

export async function blindAttempt(context: CallContext, fleetId: string, ver: number, code: string): Promise<BlindedAttempt> {
  const { uid, random, bindingKey } = context;
  const input = oprfInput(code, uid, fleetId);
  const blinding = blind(input, random);
  const ephemeral = await generateHpkeKeyPair(random);
  const core: AttemptCore = {
    kind: 'attempt',
    fleetId,
    uid,
    ver,
    blinded: blinding.blindedElement,
    ephemeralKey: ephemeral.publicKey,
    bindingKey: bindingKey.publicKey,
    nonce: random.bytes(16),
  };
  return {
    core,
    id: attemptId(core),
    entry: signEntry(core, bindingKey, null),
    input,
    blind: blinding.blind,
    ephemeral,
    wipe: () => [input, blinding.blind, ephemeral.privateKey].forEach((bytes) => bytes.fill(0)),
  };
}
