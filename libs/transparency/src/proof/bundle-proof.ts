import { fromUtf8, utf8 } from '../encoding/octets.js';
import { FormatError } from '../errors/format-error.js';
import { formatProof, isProof, parseProof } from './proof.js';

/** How a bundle travels: its whole note, and the proof that its text was logged. */
export type BundleProof = {
  /** The signed note, not yet read. */
  readonly note: string;
  readonly index: number;
  readonly path: readonly Uint8Array[];
  /** The signed checkpoint with its cosignatures, not yet read. */
  readonly checkpoint: string;
};

/** A tlog-proof whose `extra` is the bundle's note. @throws FormatError */
export function openBundleProof(source: string): BundleProof {
  const { extra, index, path, checkpoint } = parseProof(source);
  if (!extra) throw new FormatError('extra', 'is missing: it holds the bundle');
  return { note: fromUtf8(extra, 'extra'), index, path, checkpoint };
}

/** The opposite of `openBundleProof`. @throws FormatError */
export function formatBundleProof({ note, index, path, checkpoint }: BundleProof): string {
  return formatProof({ extra: utf8(note), index, path, checkpoint });
}

/** The note inside a proof, or a bare note as it is: for whoever must read a bundle's text and has verified it, or will. @throws FormatError */
export function bundleNoteOf(source: string): string {
  return isProof(source) ? openBundleProof(source).note : source;
}
