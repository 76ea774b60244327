import { fromBase64, toBase64 } from '../encoding/base64.js';
import { FormatError } from '../errors/format-error.js';

/** A log's statement of its whole content: C2SP tlog-checkpoint without extension lines, which nobody could audit. */
export type Checkpoint = {
  /** Which log: also the name of the log's key. */
  readonly origin: string;
  /** Number of leaves. */
  readonly size: number;
  /** 32 bytes: the RFC 6962 tree head over that many leaves. */
  readonly root: Uint8Array;
};

const SIZE = /^(?:0|[1-9]\d{0,15})$/;

/**
 * Three lines and nothing else. That a tree of size 0 has the empty root is left to whoever judges the tree: a witness
 * answers that with another code than a text that it cannot read (C2SP tlog-witness).
 * @throws FormatError
 */
export function parseCheckpoint(text: string): Checkpoint {
  const [origin = '', size = '', root = '', end, ...more] = text.split('\n');
  if (end !== '' || more.length > 0) throw new FormatError('checkpoint', 'does not have three lines');
  if (!isOrigin(origin)) throw new FormatError('origin', 'is empty, too long or has control characters');
  if (!SIZE.test(size) || !Number.isSafeInteger(Number(size))) throw new FormatError('size', 'is not a decimal number of leaves');
  const hash = fromBase64(root, 'root');
  if (hash.length !== 32) throw new FormatError('root', 'does not have 32 bytes');
  return { origin, size: Number(size), root: hash };
}

/** The checkpoint's one text. @throws FormatError when a field is malformed */
export function formatCheckpoint({ origin, size, root }: Checkpoint): string {
  const text = `${origin}\n${size}\n${toBase64(root)}\n`;
  parseCheckpoint(text);
  return text;
}

/** C2SP only recommends the form of a key name, so any line is an origin here; a log's key has a stricter name anyway. */
function isOrigin(origin: string): boolean {
  return origin.length > 0 && origin.length <= 253 && !/[\p{Cc}\p{Cs}]/u.test(origin);
}
