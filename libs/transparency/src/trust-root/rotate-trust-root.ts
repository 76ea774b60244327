import { FormatError } from '../errors/format-error.js';
import type { Ed25519Signer } from '../keys/ed25519.js';
import { parseNote, type Note, type NoteSignature } from '../note/note.js';
import { signNoteText, verifyNote } from '../note/sign-note.js';
import { formatTrustRoot, parseTrustRoot } from './trust-root-document.js';
import type { RotationKeys, TrustRoot } from './trust-root.js';

/** One rotation key's signature for the next version. @throws FormatError when the root breaks a rule */
export function signTrustRoot(next: TrustRoot, name: string, signer: Ed25519Signer): NoteSignature {
  return signNoteText(formatTrustRoot(next), name, signer);
}

/**
 * Version N+1 in the place of N: a note whose text is the document, signed by the threshold of both versions, so that
 * neither the old keys alone nor the new ones alone replace anything. The namespace stays: another one is another
 * installation.
 * @throws FormatError; `current` stays in force then
 */
export function rotateTrustRoot(current: TrustRoot, signed: string): TrustRoot {
  const { rotation } = current;
  if (!rotation) throw new FormatError('rotation', 'is not provided for in the trust root in force');
  const note = parseNote(signed);
  // The keys in force first: a stranger's document is not even read.
  refuseBelowThreshold(note, rotation, 'in force');
  const next = parseTrustRoot(note.text);
  if (next.version !== current.version + 1) throw new FormatError('version', `is ${next.version}, not ${current.version + 1}`);
  if (next.namespace !== current.namespace) throw new FormatError('namespace', 'is that of another installation');
  if (!next.rotation) throw new FormatError('rotation', 'is missing, so that nobody could ever replace this version');
  refuseBelowThreshold(note, next.rotation, 'of the next version');
  return next;
}

/** All signed versions after `current`, one after the other, as they came: each is believed by the one before. @throws FormatError */
export function rotateTrustRoots(current: TrustRoot, signed: readonly string[]): TrustRoot {
  return signed.reduce(rotateTrustRoot, current);
}

/** No key stands twice in a trust root, so distinct keys are counted. */
function refuseBelowThreshold(note: Note, { threshold, keys }: RotationKeys, which: string): void {
  const signers = verifyNote(note, keys);
  if (signers.length < threshold)
    throw new FormatError('rotation', `has ${signers.length} of ${threshold} signatures by the keys ${which}`);
}
