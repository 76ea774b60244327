import {
  emptyRoot,
  FormatError,
  readCheckpoint,
  verifyConsistency,
  verifyNote,
  type Checkpoint,
  type Note,
  type OpenedCheckpoint,
  type Vkey,
} from '@strongroom/transparency';
import { sameBytes } from '../disk/same-bytes.js';
import type { Submission } from './submission.js';

/** A refusal by its HTTP status, as C2SP tlog-witness numbers them. */
export class Refused extends Error {
  override readonly name = 'Refused';

  constructor(
    readonly status: 400 | 403 | 404 | 409 | 422,
    reason: string,
    /** Of the checkpoint that was cosigned last, with 409. */
    readonly size?: number,
  ) {
    super(reason);
  }
}

/** The checks that come before the witness looks at what it remembers. @throws Refused with 400, 403 or 404 */
export function openSubmitted(checkpoint: string, logs: readonly Vkey[]): OpenedCheckpoint {
  const opened = readOrRefuse(checkpoint);
  const keys = logs.filter(({ name }) => name === opened.checkpoint.origin);
  if (keys.length === 0) throw new Refused(404, 'this log is not witnessed here');
  return { ...opened, note: ownSignatures(opened.note, keys) };
}

/**
 * Whether the checkpoint continues the one that was cosigned last, in the order of the specification.
 * @throws Refused with 400, 409 or 422
 */
export function demandContinues({ oldSize, proof }: Submission, { size, root }: Checkpoint, last: Checkpoint | undefined): void {
  const known = last?.size ?? 0;
  if (oldSize > size) throw new Refused(400, 'the old size is larger than the checkpoint');
  if (oldSize !== known) throw new Refused(409, 'another checkpoint was cosigned last', known);
  const oldRoot = last?.root ?? emptyRoot();
  // Says no also to an empty tree with another root than its own, and to a proof where none is needed.
  if (!verifyConsistency({ oldSize, oldRoot, newSize: size, newRoot: root, proof })) {
    throw new Refused(422, 'the proof does not lead from the old root to the new one');
  }
}

function readOrRefuse(checkpoint: string): OpenedCheckpoint {
  try {
    return readCheckpoint(checkpoint);
  } catch (error) {
    if (error instanceof FormatError) throw new Refused(400, error.message);
    throw error;
  }
}

/** The note with the log's own signatures alone: what others wrote below it is not the witness's to pass on. */
function ownSignatures(note: Note, keys: readonly Vkey[]): Note {
  let signers;
  try {
    signers = verifyNote(note, keys);
  } catch (error) {
    if (error instanceof FormatError) throw new Refused(403, error.message);
    throw error;
  }
  if (signers.length === 0) throw new Refused(403, 'the log has not signed it');
  const mine = note.signatures.filter(({ name, keyId }) => signers.some((key) => key.name === name && sameBytes(key.keyId, keyId)));
  return { ...note, signatures: mine };
}
