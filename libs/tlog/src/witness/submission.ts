import { FormatError, fromBase64, toBase64 } from '@strongroom/transparency';

/** The body of `add-checkpoint` (C2SP tlog-witness). */
export type Submission = {
  /** Size of the checkpoint that the witness cosigned last, as the log believes. */
  readonly oldSize: number;
  readonly proof: readonly Uint8Array[];
  /** The signed checkpoint, not yet read. */
  readonly checkpoint: string;
};

/** A consistency proof of trees with fewer than 2^63 leaves is no longer. */
const MAX_PROOF_LINES = 63;
const OLD = /^old (0|[1-9]\d{0,15})$/;

/** @throws FormatError */
export function parseSubmission(body: string): Submission {
  // No line before the checkpoint is empty, so the first empty line ends them.
  const end = body.indexOf('\n\n');
  if (end < 0) throw new FormatError('submission', 'has no checkpoint');
  const [first = '', ...lines] = body.slice(0, end).split('\n');
  const oldSize = Number(OLD.exec(first)?.[1] ?? Number.NaN);
  if (!Number.isSafeInteger(oldSize)) throw new FormatError('old', 'is not a tree size');
  if (lines.length > MAX_PROOF_LINES) throw new FormatError('proof', 'is too long');
  const proof = lines.map((line) => fromBase64(line, 'proof'));
  if (proof.some((hash) => hash.length !== 32)) throw new FormatError('proof', 'has a hash without 32 bytes');
  return { oldSize, proof, checkpoint: body.slice(end + 2) };
}

export function formatSubmission({ oldSize, proof, checkpoint }: Submission): string {
  return `${[`old ${oldSize}`, ...proof.map(toBase64)].join('\n')}\n\n${checkpoint}`;
}
