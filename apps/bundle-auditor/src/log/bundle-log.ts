import { invalid, VaultError } from '@strongroom/protocol';
import { FormatError, parseBundle, parseNote, verifyNote, type Note, type TrustRoot } from '@strongroom/transparency';

/** A bundle that may be logged: signed by both roles. */
export type SignedBundle = { readonly epoch: number; readonly note: Note };

/** @throws REQUEST_INVALID unless it is a bundle with the signatures of both roles and of nobody else's liking */
export function openSigned(source: string, { operator, auditor }: TrustRoot): SignedBundle {
  try {
    const note = parseNote(source);
    const { epoch } = parseBundle(note.text);
    const signers = verifyNote(note, [operator, auditor]);
    if (!signers.includes(operator) || !signers.includes(auditor)) throw invalid('note', 'lacks a signature');
    return { epoch, note };
  } catch (error) {
    if (error instanceof FormatError) throw invalid('note', error.message);
    throw error;
  }
}

/**
 * Texts that must be in the log before that of `epoch`, from the auditor's own record: the log holds one text for each
 * epoch in their order, so a log whose disk was lost grows again to the same tree.
 * @throws CONFLICT when the record lacks one
 */
export function demandUnbroken(texts: readonly string[], size: number, epoch: number): readonly string[] {
  const missing = epoch - 1 - size;
  if (texts.length !== Math.max(0, missing)) {
    throw new VaultError('CONFLICT', `the log holds ${size} epochs and the record not all up to ${epoch - 1}`, { epoch });
  }
  return texts;
}
