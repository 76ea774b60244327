import { describe, expect, it } from '@jest/globals';
import { exampleNote, exampleTrustRoot } from '../example/example-bundle.js';
import { exampleCheckpoint, exampleTrustedLog, evidenceLogSigner, logSigner, type ProofChanges } from '../example/example-log.js';
import { signCheckpoint } from '../checkpoint/sign-checkpoint.js';
import { toBase64, fromBase64 } from '../encoding/base64.js';
import { parseNote } from '../note/note.js';
import { signNoteText } from '../note/sign-note.js';
import { openBundleProof } from '../proof/bundle-proof.js';
import { formatProof, parseProof } from '../proof/proof.js';
import { notesOf, proofOf, textAfter } from '../vectors/vector-log.js';
import { isVerified } from './check.js';
import { failure, outcomes, verify } from './logged-bundle.fixture.js';
import { gossipCode } from './verify-bundle.js';

const [FIRST, SECOND] = [proofOf(1), proofOf(2)];

describe('a bundle with its proof', () => {
  it('passes every step, and only the saving of the memory is left', () => {
    const verified = verify(FIRST);
    expect(verified.checks.map(({ number }) => number)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
    expect(outcomes(verified)).toEqual({ 'memory-saved': 'skipped' });
    expect(isVerified(verified.checks)).toBe(false);
    expect(isVerified(verified.checks.map((report) => ({ ...report, outcome: 'ok' })))).toBe(true);
    expect(isVerified(verified.checks.slice(1).map((report) => ({ ...report, outcome: 'ok' })))).toBe(false);
    expect(verified.memory.checkpoint).toEqual(exampleCheckpoint(notesOf(1)));
    expect(gossipCode(verified.memory)).toMatch(/^1\.1\.[0-9a-f]{12}$/);
  });

  it('is refused bare where the trust root names a log, and in a proof where it names none', () => {
    expect(failure(notesOf(1)[0] ?? '')).toEqual(['proof-grammar', 'invalid']);
    expect(failure(FIRST, { trustRoot: exampleTrustRoot })).toEqual(['proof-grammar', 'invalid']);
    const proof = parseProof(FIRST);
    expect(failure(formatProof({ ...proof, extra: undefined }))).toEqual(['proof-grammar', 'invalid']);
    expect(failure(formatProof({ ...proof, extra: Uint8Array.of(0xff) }))).toEqual(['proof-grammar', 'invalid']);
    expect(failure(`${FIRST}${'x'.repeat(40_000)}`)).toEqual(['size-limits', 'invalid']);
    expect(failure(formatProof({ ...proof, extra: new TextEncoder().encode('no note') }))).toEqual(['note-grammar', 'invalid']);
  });

  it('stops at the checkpoint of another log and at one that is none', () => {
    expect(failure(proofOf(1, { checkpoint: { origin: 'log.example/other' } }))).toEqual(['checkpoint-grammar', 'invalid']);
    expect(failure(proofOf(1, { checkpoint: { origin: 'log.example/evidence' } }))).toEqual(['checkpoint-grammar', 'invalid']);
    const extended = FIRST.replace(/(\n[A-Za-z0-9+/]{43}=\n)\n—/, '$1extension\n\n—');
    expect(extended).not.toBe(FIRST);
    expect(failure(extended)).toEqual(['checkpoint-grammar', 'invalid']);
  });

  it('stops at log-signature without the log itself, whoever else signed', () => {
    expect(failure(proofOf(1, { logLines: () => [] }))).toEqual(['log-signature', 'invalid']);
    const byAnother = (signer: typeof logSigner): ProofChanges => ({ logLines: (made) => [signCheckpoint(made, signer)] });
    expect(failure(proofOf(1, byAnother(evidenceLogSigner)))).toEqual(['log-signature', 'invalid']);
    expect(failure(proofOf(1, { logLines: () => [signNoteText('other\n', exampleTrustedLog.vkey.name, logSigner)] }))).toEqual([
      'log-signature',
      'invalid',
    ]);
  });

  it('stops at cosignatures for one bad line by a known witness, though the quorum is there without it', () => {
    const lines = FIRST.split('\n');
    const line = lines.findIndex((each) => each.includes('w3 '));
    const blob = fromBase64(lines[line]?.split(' ')[2] ?? '', 'x');
    const changed = blob.map((byte, i) => (i === 11 ? byte ^ 1 : byte));
    expect(failure(lines.with(line, `— witness.example/w3 ${toBase64(changed)}`).join('\n'))).toEqual(['cosignatures', 'invalid']);
    const stranger = `— witness.example/w9 ${toBase64(changed)}`;
    expect(failure(lines.with(line, stranger).join('\n'))).toBe('accepted');
  });

  it('stops at inclusion when the log holds another text there', () => {
    const other = exampleNote(textAfter(undefined, { attempts: 9 }));
    const swapped = { ...parseProof(FIRST), extra: new TextEncoder().encode(other) };
    expect(failure(formatProof(swapped))).toEqual(['inclusion', 'invalid']);
    const short = parseProof(proofOf(3));
    expect(failure(formatProof({ ...short, path: short.path.slice(1) }))).toEqual(['inclusion', 'invalid']);
    expect(failure(formatProof({ ...short, path: [...short.path, new Uint8Array(32)] }))).toEqual(['inclusion', 'invalid']);
    expect(failure(formatProof({ ...short, index: 3 }))).toEqual(['inclusion', 'invalid']);
    expect(failure(proofOf(1, { checkpoint: { size: 0 } }))).toEqual(['inclusion', 'invalid']);
  });

  it('stops at head when a newer bundle was logged', () => {
    expect(failure(proofOf(2, { index: 0 }))).toEqual(['head', 'stale']);
    expect(failure(proofOf(8, { index: 6 }))).toEqual(['head', 'stale']);
  });
});

describe('a proof', () => {
  it('is accepted in no other form: no byte changed, taken away or doubled', () => {
    const { note } = openBundleProof(SECOND);
    expect(parseNote(note).signatures).toHaveLength(2);
    for (let at = 0; at < SECOND.length; at += 61) {
      const code = SECOND.charCodeAt(at);
      for (const changed of [String.fromCharCode(code ^ 1), '', SECOND.charAt(at).repeat(2)]) {
        const source = SECOND.slice(0, at) + changed + SECOND.slice(at + 1);
        // A changed name of a stranger or of a witness turns its line into one that is ignored: two of three still suffice.
        const result = failure(source);
        if (result === 'accepted') expect(verify(source).memory).toEqual(verify(SECOND).memory);
      }
    }
  });
});
