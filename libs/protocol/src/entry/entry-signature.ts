import { ByteWriter } from '../encoding/byte-writer.js';
import { equal, type Bytes } from '../encoding/bytes.js';
import { invalid } from '../errors/protocol-error.js';
import type { Signer, SignatureVerifier } from '../keys/signature.js';
import type { Entry } from './entry.js';
import { mayHaveOwner, type EntryCore } from './entry-core.js';
import { encodeEntryCore } from './entry-core-codec.js';

/**
 * Signs a core with the binding key and, when given, with the owner key. The token is attached by the caller.
 * @throws REQUEST_INVALID when `signer` is not the core's binding key, or an attempt is to be signed by the owner
 */
export function signEntry(core: EntryCore, signer: Signer, owner: Signer | null): Omit<Entry, 'token'> {
  if (!mayHaveOwner(core) && owner !== null) throw invalid('ownerSignature', 'does not belong to this kind');
  if (!equal(signer.publicKey, core.bindingKey)) throw invalid('bindingKey', 'is not the signer');
  const ownerSignature = owner === null ? null : owner.sign(ownerMessage(core));
  return { core, signature: signer.sign(bindingMessage(core, ownerSignature)), ownerSignature };
}

/** True when the holder of the binding key signed exactly this core with exactly this owner's signature, or with none. */
export function verifyEntrySignature(entry: Entry, verifier: SignatureVerifier): boolean {
  return verifier.verify(entry.core.bindingKey, bindingMessage(entry.core, entry.ownerSignature), entry.signature);
}

/** True when the holder of `ownerPk` signed exactly this core; false without an owner's signature. */
export function verifyOwnerSignature(entry: Entry, ownerPk: Bytes, verifier: SignatureVerifier): boolean {
  return entry.ownerSignature !== null && verifier.verify(ownerPk, ownerMessage(entry.core), entry.ownerSignature);
}

const NO_OWNER = new Uint8Array(0);

/** lv(label "entry") || lv(core) || lv(owner's signature, empty without one): whoever carries the entry cannot strip the owner's word from it. */
function bindingMessage(core: EntryCore, ownerSignature: Bytes | null): Bytes {
  return ByteWriter.labelled('entry')
    .lv(encodeEntryCore(core))
    .lv(ownerSignature ?? NO_OWNER)
    .bytes();
}

/** lv(label "owner") || core: a binding signature can never pass for an owner's, even if one key served for both. */
function ownerMessage(core: EntryCore): Bytes {
  return ByteWriter.labelled('owner').raw(encodeEntryCore(core)).bytes();
}
