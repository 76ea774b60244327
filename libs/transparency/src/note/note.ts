import { fromBase64Lenient, toBase64 } from '../encoding/base64.js';
import { fromUtf8, sameOctets } from '../encoding/octets.js';
import { FormatError } from '../errors/format-error.js';
import { isKeyName } from '../vkey/vkey.js';

/** C2SP asks readers for at least 16; more would only buy a forger verification time. */
export const MAX_SIGNATURES = 32;

/** One signature line. Nothing in it is trusted before `verifyNote`. */
export type NoteSignature = {
  readonly name: string;
  /** 4 bytes. */
  readonly keyId: Uint8Array;
  /** The bytes after the key id; 64 for Ed25519. */
  readonly signature: Uint8Array;
};

/** A C2SP signed note: a text that ends with a newline, and one to 32 signature lines. */
export type Note = {
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
};

/** Reads the grammar of a note; verifies nothing. Bytes are UTF-8. @throws FormatError */
export function parseNote(source: Uint8Array | string): Note {
  const whole = typeof source === 'string' ? source : fromUtf8(source, 'note');
  // C2SP: UTF-8 (so no lone surrogates) and no ASCII control character but the newline.
  if (/\p{Cs}/u.test(whole) || /[^\n -\uffff]/.test(whole)) {
    throw new FormatError('note', 'has control characters or broken text');
  }
  // The text may hold empty lines, so the last one separates.
  const separator = whole.lastIndexOf('\n\n');
  if (separator < 0 || !whole.endsWith('\n')) throw new FormatError('note', 'has no text and signatures');
  const lines = whole.slice(separator + 2, -1).split('\n');
  if (lines.length > MAX_SIGNATURES) throw new FormatError('note', 'has too many signatures');
  return { text: whole.slice(0, separator + 1), signatures: lines.map(parseSignatureLine) };
}

/** The note's one encoding. @throws FormatError when text or signatures make no note */
export function formatNote(note: Note): string {
  const lines = note.signatures.map((signature) => `${formatSignatureLine(signature)}\n`);
  const whole = `${note.text}\n${lines.join('')}`;
  const back = parseNote(whole);
  const same = back.text === note.text && back.signatures.every((line, i) => isSameLine(line, note.signatures[i]));
  if (!same || back.signatures.length !== note.signatures.length) throw new FormatError('note', 'cannot be written');
  return whole;
}

/** One signature line without its line feed, as roles hand them to each other. */
export function formatSignatureLine({ name, keyId, signature }: NoteSignature): string {
  return `\u2014 ${name} ${toBase64(Uint8Array.of(...keyId, ...signature))}`;
}

/** The opposite of `formatSignatureLine`. @throws FormatError */
export function parseSignatureLine(line: string): NoteSignature {
  const [dash, name, base64, ...rest] = line.split(' ');
  if (dash !== '\u2014' || name === undefined || base64 === undefined || rest.length > 0 || !isKeyName(name)) {
    throw new FormatError('note', 'has a malformed signature line');
  }
  const bytes = fromBase64Lenient(base64, 'note signature');
  if (bytes.length < 5) throw new FormatError('note signature', 'is cut short');
  return { name, keyId: bytes.slice(0, 4), signature: bytes.slice(4) };
}

function isSameLine(a: NoteSignature, b: NoteSignature | undefined): boolean {
  return b !== undefined && a.name === b.name && sameOctets(a.keyId, b.keyId) && sameOctets(a.signature, b.signature);
}
