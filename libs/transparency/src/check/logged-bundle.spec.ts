import { describe, expect, it } from '@jest/globals';
import { exampleFleet, exampleNote, exampleText, exampleTrustRoot, NOW_MS, NOW_SECONDS } from '../example/example-bundle.js';
import {
  exampleCheckpoint,
  exampleProof,
  exampleTrustedLog,
  evidenceLogSigner,
  logSigner,
  loggedTrustRoot,
  type ProofChanges,
} from '../example/example-log.js';
import { bundleDigest } from '../bundle/format-bundle.js';
import { signCheckpoint } from '../checkpoint/sign-checkpoint.js';
import { toBase64, fromBase64 } from '../encoding/base64.js';
import { parseNote } from '../note/note.js';
import { signNoteText } from '../note/sign-note.js';
import { openBundleProof } from '../proof/bundle-proof.js';
import { formatProof, parseProof } from '../proof/proof.js';
import { consistencyProof } from '../tree/consistency.js';
import { BundleError, CHECKS, isVerified, type CheckName } from './check.js';
import { missingConsistency } from './consistency-check.js';
import { CLOCK_SKEW_MS } from './state-checks.js';
import { gossipCode, verifyBundle, type VerifiedBundle, type VerifyInput } from './verify-bundle.js';

const textAfter = (previous?: string, attempts = 10): string => exampleText(previous, [exampleFleet({ attempts })], loggedTrustRoot);
const TEXTS = [textAfter()];
for (let i = 1; i < 8; i++) TEXTS.push(textAfter(TEXTS[i - 1]));
const NOTES = TEXTS.map(exampleNote);
const proofOf = (count: number, changes: ProofChanges = {}): string => exampleProof(NOTES.slice(0, count), changes);
const [FIRST, SECOND] = [proofOf(1), proofOf(2)];
const DAY_S = 86_400;

const input = (source: string, changes: Partial<VerifyInput> = {}): VerifyInput => ({
  source,
  trustRoot: loggedTrustRoot,
  memory: undefined,
  purpose: 'register',
  nowMs: NOW_MS,
  ...changes,
});
const verify = (source: string, changes: Partial<VerifyInput> = {}): VerifiedBundle => verifyBundle(input(source, changes));
const remembered = (count: number) => verify(proofOf(count)).memory;

function failure(source: string, changes: Partial<VerifyInput> = {}): readonly [CheckName, string] | 'accepted' {
  try {
    verify(source, changes);
    return 'accepted';
  } catch (error) {
    if (!(error instanceof BundleError)) throw error;
    expect(error.number).toBe(CHECKS[error.check]);
    return [error.check, error.kind];
  }
}

const outcomes = ({ checks }: VerifiedBundle): Record<string, string> =>
  Object.fromEntries(checks.filter(({ outcome }) => outcome !== 'ok').map(({ check, outcome }) => [check, outcome]));

describe('a bundle with its proof', () => {
  it('passes every step, and only the saving of the memory is left', () => {
    const verified = verify(FIRST);
    expect(verified.checks.map(({ number }) => number)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
    expect(outcomes(verified)).toEqual({ 'memory-saved': 'skipped' });
    expect(isVerified(verified.checks)).toBe(false);
    expect(isVerified(verified.checks.map((report) => ({ ...report, outcome: 'ok' })))).toBe(true);
    expect(isVerified(verified.checks.slice(1).map((report) => ({ ...report, outcome: 'ok' })))).toBe(false);
    expect(verified.memory.checkpoint).toEqual(exampleCheckpoint(NOTES.slice(0, 1)));
    expect(gossipCode(verified.memory)).toMatch(/^1\.1\.[0-9a-f]{12}$/);
  });

  it('is refused bare where the trust root names a log, and in a proof where it names none', () => {
    expect(failure(NOTES[0] ?? '')).toEqual(['proof-grammar', 'invalid']);
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
    const other = exampleNote(textAfter(undefined, 9));
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

describe('the witnesses', () => {
  const cosigned = (...times: readonly (readonly [witness: number, time: number])[]): string =>
    proofOf(1, { cosigned: times.map(([witness, time]) => ({ witness, time })) });
  const young = NOW_SECONDS - 60;

  it('are a quorum when two of three cosigned, whichever', () => {
    for (const pair of [
      [1, 2],
      [1, 3],
      [3, 2],
    ] as const)
      expect(failure(cosigned([pair[0], young], [pair[1], young]))).toBe('accepted');
    for (const too of [
      [],
      [[2, young]],
      [
        [2, young],
        [2, young + 1],
      ],
    ] as const) {
      expect(failure(cosigned(...too))).toEqual(['witness-quorum', 'stale']);
    }
  });

  it('must have cosigned within seven days to register and thirty to recover', () => {
    const at = (ageS: number): string => cosigned([1, young], [2, NOW_SECONDS - ageS]);
    for (const [purpose, days] of [
      ['register', 7],
      ['recover', 30],
    ] as const) {
      expect(failure(at(days * DAY_S), { purpose, nowMs: NOW_MS })).toBe('accepted');
      expect(failure(at(days * DAY_S + 1), { purpose, nowMs: NOW_MS })).toEqual(['freshness', 'stale']);
    }
    expect(failure(cosigned([1, young], [2, NOW_SECONDS - 8 * DAY_S], [3, young]))).toBe('accepted');
  });

  it('count for nothing with a time that is still to come', () => {
    const skewS = CLOCK_SKEW_MS / 1000;
    expect(failure(cosigned([1, young], [2, NOW_SECONDS + skewS]))).toBe('accepted');
    expect(failure(cosigned([1, young], [2, NOW_SECONDS + skewS + 1]))).toEqual(['freshness', 'stale']);
  });

  it('missing or silent for long end no recovery in a pinned epoch, which is never called verified', () => {
    const memory = remembered(1);
    const old = cosigned([1, NOW_SECONDS - 31 * DAY_S], [2, NOW_SECONDS - 31 * DAY_S]);
    const recovered = verify(cosigned(), { memory, purpose: 'recover' });
    expect(outcomes(recovered)).toMatchObject({ 'witness-quorum': 'unwitnessed', freshness: 'unwitnessed' });
    expect(isVerified(recovered.checks.map((each) => (each.check === 'memory-saved' ? { ...each, outcome: 'ok' } : each)))).toBe(false);
    expect(outcomes(verify(old, { memory, purpose: 'recover' }))).toEqual({ freshness: 'unwitnessed', 'memory-saved': 'skipped' });
    expect(failure(old, { purpose: 'recover' })).toEqual(['freshness', 'stale']);
    expect(failure(old, { memory, purpose: 'register' })).toEqual(['freshness', 'stale']);
    const next = exampleProof(NOTES.slice(0, 2), { cosigned: [] });
    expect(failure(next, { memory, purpose: 'recover' })).toEqual(['witness-quorum', 'stale']);
    const other = exampleProof([exampleNote(textAfter(undefined, 9))], { cosigned: [] });
    expect(failure(other, { memory, purpose: 'recover' })).toEqual(['witness-quorum', 'stale']);
  });

  it('let nothing be remembered of a checkpoint that they have not seen', () => {
    const memory = remembered(1);
    const again = NOTES.slice(0, 1).concat(NOTES.slice(0, 1));
    const forked = verify(exampleProof(again, { cosigned: [] }), { memory, purpose: 'recover' });
    expect(forked.memory).toEqual(memory);
    expect(failure(SECOND, { memory: forked.memory })).toBe('accepted');
  });

  it('are not asked of whoever carries the bundle, and their time not of one from the past', () => {
    expect(outcomes(verify(cosigned(), { purpose: 'carry' }))).toMatchObject({ 'witness-quorum': 'unwitnessed' });
    const later = { nowMs: NOW_MS - 9_000 };
    const old = cosigned([1, NOW_SECONDS + 60 * DAY_S], [2, young]);
    expect(outcomes(verify(old, { purpose: 'history', ...later }))).toEqual({ freshness: 'skipped', 'memory-saved': 'skipped' });
    expect(failure(cosigned([1, young]), { purpose: 'history', ...later })).toEqual(['witness-quorum', 'stale']);
  });

  it('are skipped, and nothing called verified, when the trust root asks for none', () => {
    const log = { ...exampleTrustedLog, witnesses: { logs: [], witnesses: [], groups: [], quorum: 'none' } };
    const trustRoot = { ...loggedTrustRoot, log };
    const source = exampleProof([exampleNote(exampleText(undefined, [exampleFleet()], trustRoot))], { cosigned: [] });
    expect(outcomes(verify(source, { trustRoot }))).toMatchObject({ 'witness-quorum': 'skipped', freshness: 'skipped' });
  });
});

describe('the checkpoint that the client remembers', () => {
  const leaves = TEXTS.map(bundleDigest);
  const between = (oldSize: number, newSize: number) => consistencyProof(leaves.slice(0, newSize), oldSize);

  it('allows the same view again and one entry more, which the path itself proves', () => {
    for (let size = 1; size < 8; size++) {
      expect(failure(proofOf(size), { memory: remembered(size) })).toBe('accepted');
      expect(failure(proofOf(size + 1), { memory: remembered(size) })).toBe('accepted');
      expect(missingConsistency(proofOf(size + 1), remembered(size))).toBeUndefined();
    }
  });

  it('allows a longer gap with its consistency proof and without none', () => {
    for (const [oldSize, newSize] of [
      [1, 3],
      [2, 5],
      [3, 8],
      [4, 8],
    ] as const) {
      const [source, memory] = [proofOf(newSize), remembered(oldSize)];
      expect(missingConsistency(source, memory)).toEqual({ oldSize, newSize });
      expect(failure(source, { memory })).toEqual(['consistency', 'invalid']);
      expect(failure(source, { memory, consistency: between(oldSize, newSize) })).toBe('accepted');
      expect(failure(source, { memory, consistency: between(oldSize, newSize).slice(1) })).toEqual(['consistency', 'invalid']);
    }
  });

  it('refuses a shorter log, another one of the same size, and one that grew from another', () => {
    const fork = [exampleNote(textAfter(undefined, 9)), ...NOTES.slice(1)];
    expect(failure(FIRST, { memory: { ...remembered(2), epoch: 1, digest: remembered(1).digest } })).toEqual(['consistency', 'stale']);
    const memory = { ...remembered(2), checkpoint: exampleCheckpoint(fork.slice(0, 2)) };
    expect(failure(SECOND, { memory })).toEqual(['consistency', 'invalid']);
    expect(failure(proofOf(3), { memory })).toEqual(['consistency', 'invalid']);
    expect(failure(proofOf(5), { memory, consistency: between(2, 5) })).toEqual(['consistency', 'invalid']);
  });

  it('of another log, under the trust root before, is skipped', () => {
    const memory = { ...remembered(1), checkpoint: { ...exampleCheckpoint(NOTES), origin: 'log.example/before' } };
    expect(outcomes(verify(FIRST, { memory }))).toMatchObject({ consistency: 'skipped' });
    expect(missingConsistency(FIRST, memory)).toBeUndefined();
  });

  it('asks nothing of what is no proof', () => {
    expect([
      missingConsistency('junk', remembered(1)),
      missingConsistency(NOTES[0] ?? '', remembered(1)),
      missingConsistency(SECOND, undefined),
    ]).toEqual([undefined, undefined, undefined]);
  });

  it('makes two codes of one size differ when the log shows two views', () => {
    const other = [exampleNote(textAfter(undefined, 9))];
    const [one, two] = [verify(FIRST), verify(exampleProof(other))].map(({ memory }) => gossipCode(memory));
    expect(one).not.toBe(two);
    expect(gossipCode({ epoch: 1, digest: new Uint8Array(32), minEpoch: 1 })).toBeUndefined();
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
