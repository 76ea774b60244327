import { describe, expect, it } from '@jest/globals';
import { ed25519 } from '@noble/curves/ed25519.js';
import { bundleDigest } from '../bundle/format-bundle.js';
import { toBase64 } from '../encoding/base64.js';
import {
  auditorSigner,
  exampleFleet,
  exampleNote,
  exampleSigner,
  exampleText,
  exampleTrustRoot,
  NOW_MS,
  operatorSigner,
} from '../example/example-bundle.js';
import { assembleNote, signNoteText } from '../note/sign-note.js';
import { BundleError, CHECKS, type CheckName } from './check.js';
import type { BundleMemory } from './bundle-memory.js';
import { CLOCK_SKEW_MS } from './state-checks.js';
import { verifyBundle, type VerifyInput } from './verify-bundle.js';

const TEXT = exampleText();
const SECOND = exampleText(TEXT);
const fresh = (source: string, changes: Partial<VerifyInput> = {}): VerifyInput => ({
  source,
  purpose: 'register',
  trustRoot: exampleTrustRoot,
  memory: undefined,
  nowMs: NOW_MS,
  ...changes,
});
const rewritten = (from: string | RegExp, to: string): string => exampleNote(TEXT.replace(from, to));
const byAuditor = (text: string) => signNoteText(text, exampleTrustRoot.auditor.name, auditorSigner);
const byOperator = (text: string) => signNoteText(text, exampleTrustRoot.operator.name, operatorSigner);
const remember = (text: string, changes: Partial<BundleMemory> = {}): BundleMemory => ({
  ...verifyBundle(fresh(exampleNote(text))).memory,
  ...changes,
});

function failure(input: VerifyInput): Pick<BundleError, 'check' | 'number' | 'kind'> {
  try {
    verifyBundle(input);
  } catch (error) {
    if (error instanceof BundleError) return { check: error.check, number: error.number, kind: error.kind };
    throw error;
  }
  throw new Error('accepted');
}

const fails = (check: CheckName, kind: 'invalid' | 'stale' = 'invalid') => ({ check, number: CHECKS[check], kind });

describe('verifying a bundle', () => {
  it('stops at epoch for a rollback, a second text, a broken chain and a lowered min-epoch', () => {
    const memory = remember(SECOND);
    expect(failure(fresh(exampleNote(TEXT), { memory }))).toEqual(fails('epoch', 'stale'));
    const other = exampleText(undefined, [exampleFleet({ attempts: 9 })]);
    expect(failure(fresh(exampleNote(other), { memory: remember(TEXT) }))).toEqual(fails('epoch'));
    expect(failure(fresh(exampleNote(SECOND), { memory: remember(other) }))).toEqual(fails('epoch'));
    expect(failure(fresh(exampleNote(SECOND), { memory: remember(TEXT, { minEpoch: 2 }) }))).toEqual(fails('epoch'));
    expect(failure(fresh(exampleNote(TEXT), { memory: remember(TEXT, { minEpoch: 2 }) }))).toEqual(fails('epoch', 'stale'));
  });

  it('accepts one that both roles signed and reports every step by number', () => {
    const { bundle, checks, digest, memory } = verifyBundle(fresh(exampleNote(TEXT)));
    expect(bundle.fleets[0]?.members).toHaveLength(5);
    expect(checks.map(({ number }) => number)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
    expect(checks.filter(({ outcome }) => outcome === 'ok').map(({ number }) => number)).toEqual([1, 3, 4, 5, 6, 7, 15, 17, 18, 19]);
    expect(digest).toEqual(bundleDigest(TEXT));
    expect(memory).toEqual({ epoch: 1, digest, minEpoch: 1 });
  });

  it('accepts it with the lines in the other order and with a stranger beside them', () => {
    const stranger = signNoteText(TEXT, 'stranger.example', exampleSigner(77));
    expect(() => verifyBundle(fresh(assembleNote(TEXT, [byOperator(TEXT), stranger, byAuditor(TEXT)])))).not.toThrow();
  });

  it.each([
    ['size-limits', `${exampleNote(TEXT)}${' '.repeat(16_384)}`],
    ['size-limits', ''],
    ['proof-grammar', `c2sp.org/tlog-proof@v1\n${exampleNote(TEXT)}`],
    ['note-grammar', TEXT],
    ['note-grammar', rewritten('epoch 1', 'epoch x')],
    ['note-grammar', rewritten('q 3', 'q 2')],
    ['round-trip', rewritten('epoch 1\n', 'epoch 01\n')],
    ['round-trip', rewritten('n 5', 'n 05')],
    ['namespace', rewritten('strongroom.example/dev', 'strongroom.example/prod')],
    ['both-signatures', assembleNote(TEXT, [byOperator(TEXT)])],
    ['both-signatures', assembleNote(TEXT, [byAuditor(TEXT)])],
    ['both-signatures', assembleNote(TEXT, [byOperator(TEXT), byOperator(TEXT)])],
    ['both-signatures', assembleNote(TEXT, [byOperator(TEXT), byAuditor(SECOND)])],
    ['both-signatures', assembleNote(TEXT, [byOperator(TEXT), byAuditor(TEXT), byAuditor(SECOND)])],
    ['both-signatures', assembleNote(TEXT, [byOperator(TEXT), signNoteText(TEXT, exampleTrustRoot.auditor.name, operatorSigner)])],
    ['trust-root', rewritten('trust-root 1 ', 'trust-root 2 ')],
    ['trust-root', rewritten(/trust-root 1 sha256:.{8}/, 'trust-root 1 sha256:00000000')],
  ] as const)('stops at %s', (check, note) => {
    expect(failure(fresh(note))).toEqual(fails(check));
  });

  it.each([
    ['an identity key of small order', 1, toBase64(Uint8Array.of(1, ...new Uint8Array(31)))],
    ['an identity key with a small-order part', 1, toBase64(torsioned(exampleSigner(1).publicKey))],
    ['an identity key that is not canonical', 1, toBase64(Uint8Array.of(0xee, ...new Uint8Array(30).fill(0xff), 0x7f))],
    ['an HPKE key of small order', 2, toBase64(Uint8Array.of(1, ...new Uint8Array(31)))],
  ])('stops at member-keys for %s', (_, place, key) => {
    const line = /^member 1 (\S+) (\S+)/m.exec(TEXT);
    expect(failure(fresh(rewritten(line?.[place] ?? '', key)))).toEqual(fails('member-keys'));
  });

  it('accepts the same bundle again, the next one, and one after a gap', () => {
    for (const text of [TEXT, SECOND, exampleText(SECOND)]) {
      expect(() => verifyBundle(fresh(exampleNote(text), { memory: remember(TEXT) }))).not.toThrow();
    }
  });

  it('stops at validity-window from the second of expiry on, and before the issue time', () => {
    const at = (nowMs: number): VerifyInput => fresh(exampleNote(TEXT), { nowMs });
    const issuedMs = NOW_MS - 10_000;
    expect(() => verifyBundle(at(issuedMs + 86_399_999))).not.toThrow();
    expect(failure(at(issuedMs + 86_400_000))).toEqual(fails('validity-window', 'stale'));
    expect(() => verifyBundle(at(issuedMs - CLOCK_SKEW_MS))).not.toThrow();
    expect(failure(at(issuedMs - CLOCK_SKEW_MS - 1))).toEqual(fails('validity-window'));
  });

  it('never accepts a note with one character changed, taken away or doubled', () => {
    const note = exampleNote(TEXT);
    for (let at = 0; at < note.length; at += 13) {
      const code = note.charCodeAt(at);
      for (const changed of [String.fromCharCode(code ^ 1), '', note.charAt(at).repeat(2)]) {
        expect(() => verifyBundle(fresh(note.slice(0, at) + changed + note.slice(at + 1)))).toThrow(BundleError);
      }
    }
  });
});

function torsioned(publicKey: Uint8Array): Uint8Array {
  const { Point } = ed25519;
  const torsion = Point.fromHex('26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05');
  return Point.fromBytes(publicKey).add(torsion).toBytes();
}
