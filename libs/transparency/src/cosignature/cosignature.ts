import { sameOctets, utf8 } from '../encoding/octets.js';
import { FormatError } from '../errors/format-error.js';
import { verifyEd25519, type Ed25519Signer } from '../keys/ed25519.js';
import type { Note, NoteSignature } from '../note/note.js';
import { makeCosignerVkey, type CosignerVkey } from '../vkey/vkey.js';

/** u64 time, then an Ed25519 signature: C2SP tlog-cosignature. */
const COSIGNATURE_BYTES = 72;

/** A witness's word that at `time` it knew no larger tree of that log, and that all it ever saw was consistent. */
export type Cosignature = {
  readonly vkey: CosignerVkey;
  /** Seconds since 1970, never 0. */
  readonly time: number;
};

/** What a cosigner signs: the header, its time and the whole checkpoint text. */
export function cosignedMessage(text: string, time: number): Uint8Array {
  return utf8(`cosignature/v1\ntime ${time}\n${text}`);
}

/**
 * A cosignature/v1 of type 0x04 over a checkpoint's text at `time`, in seconds since 1970.
 * @throws FormatError when name or key are unusable; RangeError for a time that is none
 */
export function signCosignature(text: string, name: string, signer: Ed25519Signer, time: number): NoteSignature {
  if (!Number.isSafeInteger(time) || time < 1) throw new RangeError('a cosignature has a time');
  const { keyId } = makeCosignerVkey(name, signer.publicKey);
  const signature = new Uint8Array(COSIGNATURE_BYTES);
  new DataView(signature.buffer).setBigUint64(0, BigInt(time));
  signature.set(signer.sign(cosignedMessage(text, time)), 8);
  return { name, keyId, signature };
}

/**
 * The cosignatures by `known` keys under a checkpoint, the newest of each key, in the order of `known`. Lines by others
 * are ignored, also under a known name; one bad line by a known key rejects the whole note.
 * @throws FormatError
 */
export function verifyCosignatures(note: Note, known: readonly CosignerVkey[]): readonly Cosignature[] {
  const times = new Map<CosignerVkey, number>();
  for (const line of note.signatures) {
    const [vkey, ...others] = known.filter(({ name, keyId }) => name === line.name && sameOctets(keyId, line.keyId));
    if (others.length > 0) throw new FormatError('note', 'matches two known cosigners');
    if (!vkey) continue;
    const time = verifiedTime(note.text, line.signature, vkey);
    if (time === undefined) throw new FormatError('note', `has a bad cosignature by ${vkey.name}`);
    times.set(vkey, Math.max(time, times.get(vkey) ?? 0));
  }
  return known.flatMap((vkey) => {
    const time = times.get(vkey);
    return time === undefined ? [] : [{ vkey, time }];
  });
}

/** The time that the key vouches for, or `undefined` when it does not. Times beyond 2^53 - 1 are nobody's clock. */
function verifiedTime(text: string, blob: Uint8Array, vkey: CosignerVkey): number | undefined {
  if (blob.length !== COSIGNATURE_BYTES) return undefined;
  const time = Number(new DataView(blob.buffer, blob.byteOffset, 8).getBigUint64(0));
  if (!Number.isSafeInteger(time) || time < 1) return undefined;
  return verifyEd25519(blob.subarray(8), cosignedMessage(text, time), vkey.publicKey) ? time : undefined;
}
