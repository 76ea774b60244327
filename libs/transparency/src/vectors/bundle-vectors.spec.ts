import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { bundleDigest, formatBundle } from '../bundle/format-bundle.js';
import { parseBundle } from '../bundle/parse-bundle.js';
import { BundleError } from '../check/check.js';
import { verifyBundle, type VerifyInput } from '../check/verify-bundle.js';
import { fromHex, toHex, utf8 } from '../encoding/octets.js';
import { enrolmentDigest, verifyEnrolment } from '../enrolment/enrolment.js';
import { refuseEd25519Key, verifyEd25519 } from '../keys/ed25519.js';
import { refuseX25519Key } from '../keys/x25519.js';
import { formatTrustRoot, parseTrustRoot, trustRootDigest } from '../trust-root/trust-root-document.js';

interface Case {
  readonly name: string;
  readonly note: string;
  readonly memory: { readonly epoch: number; readonly digest: string; readonly minEpoch: number } | null;
}
interface Valid {
  readonly trustRoot: string;
  readonly trustRootDigest: string;
  readonly enrolments: readonly { readonly statement: string; readonly digest: string }[];
  readonly text: string;
  readonly digest: string;
  readonly nowMs: number;
  readonly cases: readonly Case[];
}
interface Invalid {
  readonly cases: readonly (Case & { readonly number: number; readonly check: string; readonly nowMs: number })[];
}
interface Hexes {
  readonly cases: readonly { readonly name: string; readonly hex: string }[];
}
interface Signatures extends Hexes {
  readonly publicKey: string;
  readonly message: string;
  readonly validSignature: string;
}

/** T is what that file of `test-vectors/` holds. */
function read<T>(path: string): T {
  const parsed: T = JSON.parse(readFileSync(new URL(`../../../../test-vectors/${path}`, import.meta.url), 'utf8'));
  return parsed;
}

const bytes = (hex: string): Uint8Array => fromHex(hex, hex.length / 2, 'vector');
const valid = read<Valid>('valid/bundle.json');
const trustRoot = parseTrustRoot(valid.trustRoot);
const remembered = ({ memory }: Case) => memory ?? undefined;
const inputOf = (each: Case, nowMs: number): VerifyInput => {
  const memory = remembered(each);
  return { source: each.note, purpose: 'register', trustRoot, nowMs, memory: memory && { ...memory, digest: bytes(memory.digest) } };
};

describe('the vectors of a bundle', () => {
  it('fix the trust root, the statements and the text', () => {
    expect(formatTrustRoot(trustRoot)).toBe(valid.trustRoot);
    expect(toHex(trustRootDigest(trustRoot))).toBe(valid.trustRootDigest);
    expect(formatBundle(parseBundle(valid.text))).toBe(valid.text);
    expect(toHex(bundleDigest(valid.text))).toBe(valid.digest);
    for (const [i, { statement, digest }] of valid.enrolments.entries()) {
      expect(toHex(enrolmentDigest(utf8(statement)))).toBe(digest);
      const member = parseBundle(valid.text).fleets[0]?.members[i];
      expect(member).toMatchObject({ identityKey: verifyEnrolment(utf8(statement)).identityKey, evidence: bytes(digest) });
    }
  });

  it.each(valid.cases)('are accepted: $name', (each) => {
    expect(() => verifyBundle(inputOf(each, valid.nowMs))).not.toThrow();
  });

  it.each(read<Invalid>('invalid/bundle.json').cases)('are refused by step $number: $name', ({ number, check, nowMs, ...each }) => {
    const verify = (): unknown => verifyBundle(inputOf(each, nowMs));
    expect(verify).toThrow(BundleError);
    expect(verify).toThrow(expect.objectContaining({ number, check }));
  });
});

describe('the vectors that libs/protocol is held to as well', () => {
  it.each(read<Hexes>('invalid/ed25519-keys.json').cases)('no identity key: $name $hex', ({ hex }) => {
    expect(refuseEd25519Key(bytes(hex))).toBeDefined();
  });

  it.each(read<Hexes>('invalid/x25519-keys.json').cases)('no HPKE key: $name $hex', ({ hex }) => {
    expect(refuseX25519Key(bytes(hex))).toBeDefined();
  });

  it('signatures', () => {
    const { publicKey, message, validSignature, cases } = read<Signatures>('invalid/signatures.json');
    const verify = (signature: string): boolean => verifyEd25519(bytes(signature), bytes(message), bytes(publicKey));
    expect(verify(validSignature)).toBe(true);
    for (const { hex } of cases) expect(verify(hex)).toBe(false);
  });
});
