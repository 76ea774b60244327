import { fromBase64, toBase64 } from '../encoding/base64.js';
import { LineReader } from '../encoding/line-reader.js';
import { FormatError } from '../errors/format-error.js';

/** A note of 16 KiB in base64, 63 hashes, and a checkpoint with its cosignatures. */
export const MAX_PROOF_BYTES = 32_768;

/** A path in a tree of fewer than 2^63 leaves is no longer. */
export const MAX_PATH_HASHES = 63;

/** A C2SP tlog-proof: that an entry was logged, checkable offline. Nothing in it is trusted before it is verified. */
export type TlogProof = {
  /** What the application needs beside the proof; of a bundle, its whole note. Never empty. */
  readonly extra: Uint8Array | undefined;
  /** Of the entry, from 0. */
  readonly index: number;
  /** From the leaf's sibling up to the root's child. */
  readonly path: readonly Uint8Array[];
  /** The signed checkpoint with its cosignatures, verbatim. Its grammar is its own: `readCheckpoint`. */
  readonly checkpoint: string;
};

const FORMAT = 'c2sp.org/tlog-proof@v1';
const INDEX = /^(0|[1-9]\d{0,15})$/;

/** Whether the text claims to be a proof, of this version or another. */
export function isProof(text: string): boolean {
  return text.startsWith('c2sp.org/tlog-proof@');
}

/** Reads the one encoding of a proof, the checkpoint's own grammar apart. @throws FormatError */
export function parseProof(text: string): TlogProof {
  if (text.length > MAX_PROOF_BYTES) throw new FormatError('proof', 'is too long');
  // No line of the proof itself is empty, so the first empty line ends it.
  const end = text.indexOf('\n\n');
  if (end < 0) throw new FormatError('proof', 'has no checkpoint');
  const checkpoint = text.slice(end + 2);
  if (checkpoint === '') throw new FormatError('proof', 'has an empty checkpoint');
  const reader = new LineReader(text.slice(0, end + 1), 'proof');
  if (reader.line('proof') !== FORMAT) throw new FormatError('proof', `is not ${FORMAT}`);
  const extra = reader.isNext('extra') ? fromBase64(reader.value('extra', /^([A-Za-z0-9+/=]+)$/), 'extra') : undefined;
  const index = Number(reader.value('index', INDEX));
  if (!Number.isSafeInteger(index)) throw new FormatError('index', 'is not a number');
  return { extra, index, path: readPath(reader), checkpoint };
}

/** The proof's one encoding. @throws FormatError when a field is malformed */
export function formatProof(proof: TlogProof): string {
  const { extra, index, path, checkpoint } = proof;
  const lines = [FORMAT, ...(extra ? [`extra ${toBase64(extra)}`] : []), `index ${index}`, ...path.map(toBase64)];
  const text = `${lines.join('\n')}\n\n${checkpoint}`;
  parseProof(text);
  return text;
}

function readPath(reader: LineReader): Uint8Array[] {
  const path: Uint8Array[] = [];
  while (!reader.atEnd()) {
    const hash = fromBase64(reader.line('path'), 'path');
    if (hash.length !== 32) throw new FormatError('path', 'has a hash without 32 bytes');
    if (path.push(hash) > MAX_PATH_HASHES) throw new FormatError('path', 'is too long');
  }
  return path;
}
