import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FormatError } from '../errors/format-error.js';
import { exampleFleet, exampleText } from '../example/example-bundle.js';
import { MAX_BUNDLE_TEXT_BYTES, type Bundle } from './bundle.js';
import { formatBundle } from './format-bundle.js';
import { parseBundle } from './parse-bundle.js';

const TEXT = exampleText();
const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });
const nonZero32 = bytes32.filter((bytes) => bytes.some((byte) => byte !== 0));
const small = fc.integer({ min: 1, max: 1_000_000 });

const anyFleet = fc
  .record({ fleetId: fc.stringMatching(/^[a-z0-9]{1,10}$/), epoch: small, state: fc.constantFrom('active', 'draining', 'revoked') })
  .chain((head) =>
    fc.array(fc.record({ identityKey: bytes32, hpkeKey: bytes32, evidence: bytes32 }), { minLength: 3, maxLength: 9 }).map((keys) => ({
      ...head,
      suite: 1,
      n: keys.length,
      t: Math.floor(keys.length / 2) + 1,
      q: Math.floor(keys.length / 2) + 1,
      attempts: 10,
      ksf: 'argon2id:65536:3:1',
      members: keys.map((member, i) => ({ index: i + 1, ...member })),
    })),
  );

const anyBundle: fc.Arbitrary<Bundle> = fc.record({
  namespace: fc.stringMatching(/^[a-z][a-z0-9]{0,8}\.example(\/[a-z0-9]{1,8})?$/),
  epoch: fc.integer({ min: 2, max: 1_000_000 }),
  previous: nonZero32,
  issuedAt: small,
  expiresAt: fc.integer({ min: 1_000_001, max: 2_000_000 }),
  minEpoch: fc.integer({ min: 1, max: 2 }),
  environment: fc.constantFrom('software', 'hsm'),
  fleets: fc
    .uniqueArray(anyFleet, { minLength: 1, maxLength: 3, selector: ({ fleetId }) => fleetId })
    .map((fleets) => fleets.sort((a, b) => (a.fleetId < b.fleetId ? -1 : 1))),
  deployment: fc.option(bytes32, { nil: undefined }),
  evidenceHead: fc.option(fc.record({ origin: fc.constant('a.example/evidence'), size: small, root: bytes32 }), { nil: undefined }),
  trustRoot: fc.record({ version: small, digest: bytes32 }),
});

describe('bundle', () => {
  it('looks as TRANSPARENCY 2 says', () => {
    expect(
      TEXT.replace(/[A-Za-z0-9+/]{43}=/g, '<key>')
        .replace(/[0-9a-f]{64}/g, '<hash>')
        .split('\n'),
    ).toEqual([
      'strongroom.example/dev/fleet-keys/v1',
      'epoch 1',
      'previous <hash>',
      'issued 1799999990',
      'expires 1800086390',
      'min-epoch 1',
      'environment software',
      'fleet eu-1 epoch 1 state active suite 1 n 5 t 3 q 3 attempts 10 ksf argon2id:65536:3:1',
      ...[1, 2, 3, 4, 5].map((i) => `member ${i} <key> <key> sha256:<hash>`),
      'deployment none',
      'evidence-head none',
      'trust-root 1 sha256:<hash>',
      '',
    ]);
  });

  it('gives back any bundle', () => {
    fc.assert(
      fc.property(anyBundle, (bundle) => expect(parseBundle(formatBundle(bundle))).toEqual(bundle)),
      { numRuns: 50 },
    );
  });

  it('reads nothing but the one encoding of what it reads, whatever character changes', () => {
    fc.assert(
      fc.property(fc.nat(TEXT.length - 1), fc.constantFrom('0', '1', 'a', ' ', '\n', '=', 'é', '', '00'), (at, character) => {
        const changed = TEXT.slice(0, at) + character + TEXT.slice(at + 1);
        try {
          expect(formatBundle(parseBundle(changed))).toBe(changed);
        } catch (error) {
          if (!(error instanceof FormatError)) throw error;
        }
      }),
      { numRuns: 500 },
    );
  });

  it('refuses every cut and every addition', () => {
    for (let length = 0; length < TEXT.length; length++) expect(() => parseBundle(TEXT.slice(0, length))).toThrow(FormatError);
    for (const more of ['\n', ' ', 'x', 'x\n', 'deployment none\n']) expect(() => parseBundle(TEXT + more)).toThrow(FormatError);
  });

  it.each([
    ['leading zero', 'epoch 1\n', 'epoch 01\n', 'bundle'],
    ['plus sign', 'epoch 1\n', 'epoch +1\n', 'epoch'],
    ['epoch 0', 'epoch 1\n', 'epoch 0\n', 'epoch'],
    ['number above 2^53', 'epoch 1\n', 'epoch 9007199254740993\n', 'epoch'],
    ['carriage return', 'epoch 1\n', 'epoch 1\r\n', 'bundle'],
    ['two spaces', 'epoch 1\n', 'epoch  1\n', 'epoch'],
    ['upper case', 'previous 00', 'previous 0A', 'previous'],
    ['previous in epoch 1', 'previous 00', 'previous 01', 'previous'],
    ['order of lines', 'issued 1799999990\nexpires 1800086390\n', 'expires 1800086390\nissued 1799999990\n', 'issued'],
    ['expiry before issue', 'expires 1800086390', 'expires 1799999990', 'expires'],
    ['min-epoch above epoch', 'min-epoch 1', 'min-epoch 2', 'min-epoch'],
    ['environment', 'environment software', 'environment cloud', 'environment'],
    ['state', 'state active', 'state forming', 'fleet'],
    ['suite', 'suite 1', 'suite 2', 'fleet eu-1'],
    ['fleet id', 'fleet eu-1', 'fleet EU-1', 'fleet'],
    ['quorum without majority', 'q 3', 'q 2', 'fleet eu-1'],
    ['more members announced', 'n 5', 'n 6', 'fleet eu-1'],
    ['member number', 'member 2 ', 'member 3 ', 'fleet eu-1'],
    ['digest of another kind', 'deployment none', 'deployment md5:00', 'deployment'],
    ['evidence head', 'evidence-head none', 'evidence-head x 1', 'evidence-head'],
    ['trust root version', 'trust-root 1 ', 'trust-root 0 ', 'trust-root'],
    ['another format', '/fleet-keys/v1', '/fleet-keys/v2', 'namespace'],
    ['empty namespace segment', 'strongroom.example/dev/', 'strongroom.example//dev/', 'namespace'],
  ])('refuses a wrong %s', (_, from, to, field) => {
    expect(TEXT).toContain(from);
    expect(() => parseBundle(TEXT.replace(from, to))).toThrow(expect.objectContaining({ name: 'FormatError', field }));
  });

  it('refuses a key under two indices, in one fleet or two', () => {
    const key = /^member 1 (\S+)/m.exec(TEXT)?.[1] ?? '';
    expect(() => parseBundle(TEXT.replace(/^member 2 \S+/m, `member 2 ${key}`))).toThrow(expect.objectContaining({ field: 'member' }));
    expect(() => exampleText(undefined, [exampleFleet(), exampleFleet({ fleetId: 'eu-2' })])).toThrow(
      expect.objectContaining({ field: 'member' }),
    );
  });

  it('refuses fleets twice or out of order', () => {
    const bundle = parseBundle(TEXT);
    expect(() => formatBundle({ ...bundle, fleets: [...bundle.fleets, ...bundle.fleets] })).toThrow(
      expect.objectContaining({ field: 'fleet' }),
    );
    expect(() => formatBundle({ ...bundle, fleets: [] })).toThrow(expect.objectContaining({ field: 'fleet' }));
  });

  it('refuses a text that leaves no room for signatures', () => {
    const line = TEXT.split('\n').find((each) => each.startsWith('member 5')) ?? '';
    expect(() => parseBundle(TEXT.replace(line, `${line}\n`.repeat(100).trimEnd()))).toThrow(expect.objectContaining({ field: 'bundle' }));
    expect(MAX_BUNDLE_TEXT_BYTES).toBeLessThan(16_384);
  });
});
