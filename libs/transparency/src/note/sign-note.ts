import { sameOctets, utf8 } from '../encoding/octets.js';
import { FormatError } from '../errors/format-error.js';
import { verifyEd25519, type Ed25519Signer } from '../keys/ed25519.js';
import { makeVkey, type Vkey } from '../vkey/vkey.js';
import { formatNote, parseNote, type Note, type NoteSignature } from './note.js';

/** One type 0x01 signature over the UTF-8 bytes of `text`. @throws FormatError when the name or key is unusable */
export function signNoteText(text: string, name: string, signer: Ed25519Signer): NoteSignature {
  const { keyId } = makeVkey(name, signer.publicKey);
  return { name, keyId, signature: signer.sign(utf8(text)) };
}

/** The note of `text` with these signatures, in this order. @throws FormatError when they make no note */
export function assembleNote(text: string, signatures: readonly NoteSignature[]): string {
  return formatNote({ text, signatures });
}

/**
 * The keys of `known` that signed the note's text. Signatures by others are ignored, even when they share a name or an
 * id with a known key; one bad signature by a known key rejects the whole note, repeated lines included.
 * An empty answer means that nobody known signed: the caller must then ignore the text.
 * @throws FormatError
 */
export function verifyNote(note: Note, known: readonly Vkey[]): readonly Vkey[] {
  const text = utf8(note.text);
  const signed = new Set<Vkey>();
  for (const line of note.signatures) {
    const [vkey, ...others] = known.filter(({ name, keyId }) => name === line.name && sameOctets(keyId, line.keyId));
    if (others.length > 0) throw new FormatError('note', 'matches two known keys');
    if (!vkey) continue;
    if (!verifyEd25519(line.signature, text, vkey.publicKey)) {
      throw new FormatError('note', `has a bad signature by ${vkey.name}`);
    }
    signed.add(vkey);
  }
  return [...signed];
}

/** Parses and verifies. @throws FormatError also when no known key signed it */
export function openNote(source: Uint8Array | string, known: readonly Vkey[]): { note: Note; signers: readonly Vkey[] } {
  const note = parseNote(source);
  const signers = verifyNote(note, known);
  if (signers.length === 0) throw new FormatError('note', 'has no signature by a known key');
  return { note, signers };
}
