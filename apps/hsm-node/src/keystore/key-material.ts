import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { ByteReader, ByteWriter, concat, fromBase64url, fromHex, type Bytes, type RandomSource } from '@strongroom/protocol';

/** One generation of the HPKE key: it rotates with the epoch (PROTOCOL 5.2). */
export interface HpkeSecret {
  /** The first epoch that it serves. */
  readonly fromEpoch: number;
  /** X25519 private key, 32 bytes. */
  readonly secret: Bytes;
}

/** The private parts of a software keystore. Whoever holds one calls `wipeKeyMaterial` when done. */
export interface KeyMaterial {
  /** Ed25519 seed, 32 bytes (RFC 8032). */
  readonly identitySeed: Bytes;
  /** 32 bytes. */
  readonly storageKey: Bytes;
  /** 1 to 16, newest last. */
  readonly hpke: readonly HpkeSecret[];
}

const HPKE_MAX = 16;

export function newKeyMaterial(random: RandomSource): KeyMaterial {
  return {
    identitySeed: random.bytes(32),
    storageKey: random.bytes(32),
    hpke: [{ fromEpoch: 1, secret: random.bytes(32) }],
  };
}

/** identity seed 32 || storage key 32 || u8 count || count * (u32 fromEpoch || X25519 private key 32). */
export function encodeKeyMaterial({ identitySeed, storageKey, hpke }: KeyMaterial): Bytes {
  const writer = new ByteWriter().raw(identitySeed).raw(storageKey).u8(hpke.length);
  for (const { fromEpoch, secret } of hpke) writer.u32(fromEpoch).raw(secret);
  return writer.bytes();
}

/** @throws REQUEST_INVALID naming the field */
export function parseKeyMaterial(bytes: Bytes): KeyMaterial {
  const reader = new ByteReader(bytes);
  const identitySeed = reader.raw('identitySeed', 32);
  const storageKey = reader.raw('storageKey', 32);
  const count = Math.min(reader.u8('count'), HPKE_MAX);
  const hpke = Array.from({ length: count }, () => ({ fromEpoch: reader.u32('fromEpoch'), secret: reader.raw('secret', 32) }));
  reader.end('key material');
  return { identitySeed, storageKey, hpke };
}

export function wipeKeyMaterial({ identitySeed, storageKey, hpke }: KeyMaterial): void {
  for (const secret of [identitySeed, storageKey, ...hpke.map((key) => key.secret)]) secret.fill(0);
}

/** PKCS#8 of RFC 8410 up to the 32 raw bytes. */
const PREFIX = {
  ed25519: fromHex('302e020100300506032b657004220420'),
  x25519: fromHex('302e020100300506032b656e04220420'),
} as const;

/** A private key as node:crypto takes it; the encoding made on the way is wiped. */
export function privateKeyOf(kind: keyof typeof PREFIX, raw: Bytes): KeyObject {
  const der = concat(PREFIX[kind], raw);
  try {
    return createPrivateKey({ key: Buffer.from(der.buffer), format: 'der', type: 'pkcs8' });
  } finally {
    der.fill(0);
  }
}

/** The 32 raw bytes of the public half. */
export function publicBytesOf(privateKey: KeyObject): Bytes {
  return fromBase64url(createPublicKey(privateKey).export({ format: 'jwk' }).x ?? '', 'x');
}

/** The 32 raw bytes of a private key that was made for one session and is shown on purpose. */
export function secretBytesOf(privateKey: KeyObject): Bytes {
  return fromBase64url(privateKey.export({ format: 'jwk' }).d ?? '', 'd');
}
