import { MAX_NOTE_BYTES, type Bundle } from '../bundle/bundle.js';
import { bundleDigest } from '../bundle/format-bundle.js';
import { isOneEncoding, readBundle } from '../bundle/parse-bundle.js';
import { toHex, utf8 } from '../encoding/octets.js';
import { parseNote, type Note } from '../note/note.js';
import { verifyNote } from '../note/sign-note.js';
import { openBundleProof, type BundleProof } from '../proof/bundle-proof.js';
import { isProof, MAX_PROOF_BYTES } from '../proof/proof.js';
import type { TrustRoot } from '../trust-root/trust-root.js';
import { formatVkey } from '../vkey/vkey.js';
import { invalidBundle, passed, refusing, skipped, type CheckReport } from './check.js';

/** Step 1: before anything is parsed. A proof carries the note in base64, with hashes and cosignatures. */
export function checkSizeLimits(source: string, trustRoot: TrustRoot): CheckReport {
  const allowed = trustRoot.log ? MAX_PROOF_BYTES : MAX_NOTE_BYTES;
  // A UTF-16 unit is at least one byte, so a huge text is refused before it is encoded.
  const size = source.length > allowed ? source.length : utf8(source).length;
  if (size === 0 || size > allowed) throw invalidBundle('size-limits', `${size} bytes`);
  return passed('size-limits', `${size} bytes, ${allowed} allowed`);
}

/** Step 2: what was logged, or a bare note where the trust root names no log and nobody could check a proof. */
export function checkProofGrammar(source: string, trustRoot: TrustRoot): { report: CheckReport; proof: BundleProof | undefined } {
  if (!trustRoot.log) {
    if (isProof(source)) throw invalidBundle('proof-grammar', 'a proof, but the trust root names no log');
    return { report: skipped('proof-grammar', 'a bare note: the trust root names no log'), proof: undefined };
  }
  if (!isProof(source)) throw invalidBundle('proof-grammar', 'a bare note, but the trust root names a log');
  const proof = refusing('proof-grammar', () => openBundleProof(source));
  return { report: passed('proof-grammar', `index ${proof.index}, ${proof.path.length} hashes, a note inside`), proof };
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

/** Step 7: what the log holds for this bundle, and what the next one names as `previous`. */
export function checkLeafHash(note: Note): { report: CheckReport; digest: Uint8Array } {
  const digest = bundleDigest(note.text);
  return { report: passed('leaf-hash', toHex(digest)), digest };
}
