import type { Checkpoint } from '../checkpoint/checkpoint.js';
import { openCheckpoint } from '../checkpoint/sign-checkpoint.js';
import { fromBase64, toBase64 } from '../encoding/base64.js';
import { fromUtf8, sameOctets } from '../encoding/octets.js';
import { FormatError } from '../errors/format-error.js';
import { verifyConsistency } from '../tree/consistency.js';
import { formatVkey, parseVkey, type Vkey } from '../vkey/vkey.js';

/** Two checkpoints with their cosignatures, a vkey, 63 hashes. */
export const MAX_FORK_BYTES = 64 * 1024;

const LABEL = 'strongroom/v1/fork-evidence';
const MAX_HASHES = 63;

/**
 * Two trees that one log signed and that exclude each other. Of one size they differ in their root. Else the larger one
 * begins with `prefixRoot`, as the consistency proof shows, and not with the root of the smaller one.
 */
export type ForkEvidence = {
  readonly log: Vkey;
  /** The signed notes verbatim, the smaller tree first. */
  readonly notes: readonly [string, string];
  readonly prefix?: { readonly root: Uint8Array; readonly proof: readonly Uint8Array[] } | undefined;
};

/** A text whose two notes any reader of C2SP checkpoints can check by themselves. @throws FormatError when it proves nothing */
export function formatForkEvidence(evidence: ForkEvidence): string {
  demandFork(evidence);
  const { log, notes, prefix } = evidence;
  const head = [LABEL, `log ${formatVkey(log)}`];
  if (prefix) head.push(`prefix-root ${toBase64(prefix.root)}`, ...prefix.proof.map((hash) => `consistency ${toBase64(hash)}`));
  return `${head.join('\n')}\n\n${notes[0]}\n${notes[1]}`;
}

/**
 * Reads the evidence and demands that it proves the fork: both notes are signed by the key that the text names, so the
 * reader only has to compare that key with the log's.
 * @throws FormatError
 */
export function openForkEvidence(source: Uint8Array): {
  readonly evidence: ForkEvidence;
  readonly trees: readonly [Checkpoint, Checkpoint];
} {
  if (source.length > MAX_FORK_BYTES) throw new FormatError('fork evidence', 'is too long');
  const [head = '', firstText, firstLines, secondText, secondLines, ...more] = fromUtf8(source, 'fork evidence').split('\n\n');
  if (secondLines === undefined || more.length > 0) throw new FormatError('fork evidence', 'does not hold two notes');
  const [label, log = '', ...rest] = head.split('\n');
  if (label !== LABEL || !log.startsWith('log ')) throw new FormatError('fork evidence', 'has another first line');
  const prefix = readPrefix(rest);
  const notes: ForkEvidence['notes'] = [`${firstText}\n\n${firstLines}\n`, `${secondText}\n\n${secondLines}`];
  const evidence: ForkEvidence = { log: parseVkey(log.slice(4)), notes, ...(prefix && { prefix }) };
  return { evidence, trees: demandFork(evidence) };
}

/** @throws FormatError unless both are signed by the log and cannot both be true */
export function demandFork({ log, notes, prefix }: ForkEvidence): readonly [Checkpoint, Checkpoint] {
  const [small, large] = [openCheckpoint(notes[0], log).checkpoint, openCheckpoint(notes[1], log).checkpoint];
  if (small.size === large.size) {
    if (prefix || sameOctets(small.root, large.root)) throw new FormatError('fork evidence', 'shows the same tree twice');
    return [small, large];
  }
  if (small.size > large.size || !prefix) throw new FormatError('fork evidence', 'does not lead from the smaller tree');
  const claim = { oldSize: small.size, oldRoot: prefix.root, newSize: large.size, newRoot: large.root, proof: prefix.proof };
  if (!verifyConsistency(claim)) throw new FormatError('fork evidence', 'has a proof that does not hold');
  if (sameOctets(prefix.root, small.root)) throw new FormatError('fork evidence', 'shows that the log only grew');
  return [small, large];
}

function readPrefix(lines: readonly string[]): ForkEvidence['prefix'] {
  const [first, ...hashes] = lines;
  if (first === undefined) return undefined;
  if (hashes.length > MAX_HASHES) throw new FormatError('consistency', 'is too long');
  return { root: hashOf(first, 'prefix-root'), proof: hashes.map((line) => hashOf(line, 'consistency')) };
}

function hashOf(line: string, field: string): Uint8Array {
  if (!line.startsWith(`${field} `)) throw new FormatError(field, 'is missing');
  const hash = fromBase64(line.slice(field.length + 1), field);
  if (hash.length !== 32) throw new FormatError(field, 'does not have 32 bytes');
  return hash;
}
