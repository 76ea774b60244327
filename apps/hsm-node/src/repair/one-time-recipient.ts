import type { Bytes, RandomSource } from '@strongroom/protocol';
import { privateKeyOf, publicBytesOf } from '../keystore/key-material.js';
import type { HpkeRecipient } from '../keystore/native-hpke.js';

/** An X25519 key for one session: who records the session and takes this node's keys later cannot open it (I6). */
export function oneTimeRecipient(random: RandomSource): HpkeRecipient {
  const secret: Bytes = random.bytes(32);
  try {
    const privateKey = privateKeyOf('x25519', secret);
    return { privateKey, publicKey: publicBytesOf(privateKey) };
  } finally {
    secret.fill(0);
  }
}
