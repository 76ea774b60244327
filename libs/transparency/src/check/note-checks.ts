import { MAX_NOTE_BYTES, type Bundle } from '../bundle/bundle.js';
import { isOneEncoding, readBundle } from '../bundle/parse-bundle.js';
import { utf8 } from '../encoding/octets.js';
import { FormatError } from '../errors/format-error.js';
import { parseNote, type Note } from '../note/note.js';
import { verifyNote } from '../note/sign-note.js';
import type { TrustRoot } from '../trust-root/trust-root.js';
import { formatVkey } from '../vkey/vkey.js';
import { invalidBundle, passed, skipped, type CheckName, type CheckReport } from './check.js';

/** Step 1: before anything is parsed. */
export function checkSizeLimits(note: string): CheckReport {
  // A UTF-16 unit is at least one byte, so a huge text is refused before it is encoded.
  const size = note.length > MAX_NOTE_BYTES ? note.length : utf8(note).length;
  if (size === 0 || size > MAX_NOTE_BYTES) throw invalidBundle('size-limits', `the note has ${size} bytes`);
  return passed('size-limits', `a note of ${size} bytes, ${MAX_NOTE_BYTES} allowed`);
}

/** Step 2: this trust root names no log, so the bundle is a bare note; a proof would be one that nobody could check. */
export function checkProofGrammar(note: string): CheckReport {
  if (note.startsWith('c2sp.org/tlog-proof@')) throw invalidBundle('proof-grammar', 'a proof, but the trust root names no log');
  return skipped('proof-grammar', 'a bare note: the trust root names no log');
}

/** Step 3: the note, and the bundle in it. */
export function checkNoteGrammar(source: string): { report: CheckReport; note: Note; bundle: Bundle } {
  const note = refusing('note-grammar', () => parseNote(source));
  const bundle = refusing('note-grammar', () => readBundle(note.text));
  const report = passed('note-grammar', `epoch ${bundle.epoch}, ${bundle.fleets.length} fleets, ${note.signatures.length} signatures`);
  return { report, note, bundle };
}

/** Step 4: no second text means the same bundle. */
export function checkRoundTrip(note: Note, bundle: Bundle): CheckReport {
  if (!isOneEncoding(bundle, note.text)) throw invalidBundle('round-trip', 'written again, the text differs');
  return passed('round-trip', `${note.text.length} bytes written again, the same`);
}

/** Step 5: a bundle of another installation is none of ours, whoever signed it. */
export function checkNamespace(bundle: Bundle, trustRoot: TrustRoot): CheckReport {
  if (bundle.namespace !== trustRoot.namespace) throw invalidBundle('namespace', `${bundle.namespace} is not ${trustRoot.namespace}`);
  return passed('namespace', bundle.namespace);
}

/** Step 6: both roles signed the same text, and nothing that a known key signed is bad. */
export function checkBothSignatures(note: Note, trustRoot: TrustRoot): CheckReport {
  const roles = { operator: trustRoot.operator, auditor: trustRoot.auditor };
  const signers = refusing('both-signatures', () => verifyNote(note, Object.values(roles)));
  for (const [role, vkey] of Object.entries(roles)) {
    if (!signers.includes(vkey)) throw invalidBundle('both-signatures', `the ${role} ${vkey.name} has not signed`);
  }
  return passed('both-signatures', signers.map(formatVkey).join(' and '));
}

function refusing<T>(check: CheckName, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof FormatError) throw invalidBundle(check, cause.message, cause);
    throw cause;
  }
}
