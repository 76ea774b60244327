import { sign, type KeyObject } from 'node:crypto';
import type { Bytes, RandomSource } from '@strongroom/protocol';
import { AtRestCipher } from './at-rest-cipher.js';
import { privateKeyOf, publicBytesOf, type KeyMaterial } from './key-material.js';
import { Keystore, type KeystoreDescription } from './keystore.js';
import { openNow, type HpkeRecipient } from './native-hpke.js';

/**
 * Keys in the memory of this process, as node:crypto KeyObjects: outside the JavaScript heap, and nothing here exports
 * them. Alone it is what tests use; the sealed file adds where the keys come from.
 */
export class SoftwareKeystore extends Keystore {
  readonly identityPublicKey: Bytes;
  private readonly identity: KeyObject;
  private readonly atRest: AtRestCipher;
  private readonly recipient: HpkeRecipient;

  /** @param material copied into KeyObjects; the caller wipes its own */
  constructor(
    material: KeyMaterial,
    random: RandomSource,
    private readonly kind: KeystoreDescription['keystore'],
  ) {
    super();
    this.identity = privateKeyOf('ed25519', material.identitySeed);
    this.identityPublicKey = publicBytesOf(this.identity);
    this.atRest = new AtRestCipher(material.storageKey, random);
    const newest = material.hpke.at(-1);
    if (newest === undefined) throw new RangeError('key material without an HPKE key');
    const privateKey = privateKeyOf('x25519', newest.secret);
    this.recipient = { privateKey, publicKey: publicBytesOf(privateKey) };
  }

  get hpkePublicKey(): Bytes {
    return this.recipient.publicKey;
  }

  sign(message: Bytes): Bytes {
    return new Uint8Array(sign(null, message, this.identity));
  }

  openSealed(sealed: Bytes, info: Bytes, aad: Bytes): Promise<Bytes> {
    return Promise.resolve().then(() => openNow(this.recipient, sealed, info, aad));
  }

  sealAtRest(aad: Bytes, plaintext: Bytes): Bytes {
    return this.atRest.seal(aad, plaintext);
  }

  openAtRest(aad: Bytes, sealed: Bytes): Bytes {
    return this.atRest.open(aad, sealed);
  }

  nameAtRest(message: Bytes): Bytes {
    return this.atRest.name(message);
  }

  describe(): KeystoreDescription {
    return { environment: 'software', keystore: this.kind };
  }
}
