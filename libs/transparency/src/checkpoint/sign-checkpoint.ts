import { FormatError } from '../errors/format-error.js';
import type { Ed25519Signer } from '../keys/ed25519.js';
import { parseNote, type Note, type NoteSignature } from '../note/note.js';
import { signNoteText, verifyNote } from '../note/sign-note.js';
import type { Vkey } from '../vkey/vkey.js';
import { formatCheckpoint, parseCheckpoint, type Checkpoint } from './checkpoint.js';

export type OpenedCheckpoint = { readonly checkpoint: Checkpoint; readonly note: Note };

/**
 * The log's own signature, under the origin as its name. Whoever calls this has the tree durably on disk and has never
 * signed a checkpoint that is inconsistent with this one: C2SP tlog-checkpoint.
 * @throws FormatError when a field is malformed or the origin cannot be a key's name
 */
export function signCheckpoint(checkpoint: Checkpoint, log: Ed25519Signer): NoteSignature {
  return signNoteText(formatCheckpoint(checkpoint), checkpoint.origin, log);
}

/** Grammar alone: nothing of it is trusted. @throws FormatError */
export function readCheckpoint(source: Uint8Array | string): OpenedCheckpoint {
  const note = parseNote(source);
  return { note, checkpoint: parseCheckpoint(note.text) };
}

/** A checkpoint of this log with its signature; cosignatures are not looked at. @throws FormatError */
export function openCheckpoint(source: Uint8Array | string, log: Vkey): OpenedCheckpoint {
  const opened = readCheckpoint(source);
  if (opened.checkpoint.origin !== log.name) throw new FormatError('origin', 'is another log');
  if (verifyNote(opened.note, [log]).length === 0) throw new FormatError('checkpoint', 'is not signed by its log');
  return opened;
}
