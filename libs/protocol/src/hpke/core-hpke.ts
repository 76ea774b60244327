import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256, HpkeError } from '@hpke/core';
import { concat, type Bytes } from '../encoding/bytes.js';
import type { RandomSource } from '../encoding/random-source.js';
import { invalid } from '../errors/protocol-error.js';
import { parseAgreementKey } from '../keys/agreement-key.js';
import { ENCAPSULATED_LENGTH, SEAL_OVERHEAD, type Hpke, type HpkeKeyPair } from './hpke.js';

const suite = new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });

/** HPKE over WebCrypto, for browsers and Node. */
export const coreHpke: Hpke = { seal: sealTo, open: openWith };

/** See `Hpke.seal`. The ephemeral key is derived from the random source (RFC 9180 DeriveKeyPair), so runs replay. */
export async function sealTo(recipientPublicKey: Bytes, plaintext: Bytes, info: Bytes, aad: Bytes, random: RandomSource): Promise<Bytes> {
  parseAgreementKey(recipientPublicKey, 'recipientKey');
  const recipient = await suite.kem.deserializePublicKey(recipientPublicKey);
  const ikm = random.bytes(32);
  const { enc, ct } = await suite.seal({ recipientPublicKey: recipient, info, ekm: ikm }, plaintext, aad);
  ikm.fill(0);
  return concat(new Uint8Array(enc), new Uint8Array(ct));
}

/** See `Hpke.open`. */
export async function openWith(recipient: HpkeKeyPair, sealed: Bytes, info: Bytes, aad: Bytes): Promise<Bytes> {
  if (sealed.length < SEAL_OVERHEAD) throw invalid('sealed', 'is cut short');
  const enc = parseAgreementKey(sealed.subarray(0, ENCAPSULATED_LENGTH), 'sealed');
  const [privateKey, publicKey] = await Promise.all([
    suite.kem.deserializePrivateKey(recipient.privateKey),
    suite.kem.deserializePublicKey(recipient.publicKey),
  ]);
  try {
    return new Uint8Array(
      await suite.open({ recipientKey: { privateKey, publicKey }, enc, info }, sealed.subarray(ENCAPSULATED_LENGTH), aad),
    );
  } catch (cause) {
    if (cause instanceof HpkeError) throw invalid('sealed', 'does not open');
    throw cause;
  }
}

/** A fresh key pair by RFC 9180 DeriveKeyPair from 32 random bytes. */
export async function generateHpkeKeyPair(random: RandomSource): Promise<HpkeKeyPair> {
  const ikm = random.bytes(32);
  const pair = await suite.kem.deriveKeyPair(ikm);
  ikm.fill(0);
  const [publicKey, privateKey] = await Promise.all([
    suite.kem.serializePublicKey(pair.publicKey),
    suite.kem.serializePrivateKey(pair.privateKey),
  ]);
  return { publicKey: new Uint8Array(publicKey), privateKey: new Uint8Array(privateKey) };
}
