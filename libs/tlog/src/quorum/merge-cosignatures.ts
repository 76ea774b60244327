import { assembleNote, MAX_SIGNATURES, type Note, type NoteSignature } from '@strongroom/transparency';
import { sameBytes } from '../disk/same-bytes.js';

/**
 * A signed checkpoint with fresh cosignatures: the log's own line stays first, and those of witnesses who did not answer
 * stay until they are replaced. More than a note may have are left out, the last ones first.
 */
export function mergeCosignatures(note: Note, fresh: readonly NoteSignature[]): string {
  const isReplaced = (old: NoteSignature): boolean => fresh.some((line) => line.name === old.name && sameBytes(line.keyId, old.keyId));
  const kept = note.signatures.filter((line) => !isReplaced(line));
  return assembleNote(note.text, [...kept, ...fresh].slice(0, MAX_SIGNATURES));
}
