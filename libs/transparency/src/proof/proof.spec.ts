import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fromBase64 } from '../encoding/base64.js';
import { FormatError } from '../errors/format-error.js';
import { formatBundleProof, openBundleProof, bundleNoteOf } from './bundle-proof.js';
import { formatProof, isProof, MAX_PATH_HASHES, MAX_PROOF_BYTES, parseProof } from './proof.js';

const HASHES = [
  'gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=',
  'B95lDa8R83lS8n0eG+o0buTxRKQTYFi//1U8anccXmA=',
  'EKNzoDWG8LGC0Yp9o+sv3qllpMP9uHQ9B20KNL+Q1zs=',
  'RoopEkOdqkYqMB4MJXrbt/hMjOxsVn0IrWjpz1ZMMes=',
  'AHCioX9nLjsrse6YhjRRmk1WUEirVOLLRoOQ6vfO5vk=',
];
/** The example of c2sp.org/tlog-proof; its signatures are cut there, so another stands in their place. */
const C2SP = `c2sp.org/tlog-proof@v1
extra YWdlLXYxLjIuMS1kYXJ3aW4tYXJtNjQudGFyLmd6kYXJ3aW4tYXJ
index 73894
${HASHES.join('\n')}

example.com/fancylog
109482
sFodV/vSp5O8n9a8QpW6PRY97tfOSW5bsc2Xl/EQi08=

— example.com/fancylog hI2DJwAAAAA=
`;

describe('a proof', () => {
  it('is read as C2SP has it, with the checkpoint as it stands there', () => {
    const proof = parseProof(C2SP);
    expect(Buffer.from(proof.extra ?? []).toString('latin1')).toMatch(/^age-v1\.2\.1-darwin-arm64\.tar\.gz/);
    expect(proof).toMatchObject({ index: 73_894, path: HASHES.map((hash) => fromBase64(hash, 'x')) });
    expect(proof.checkpoint.startsWith('example.com/fancylog\n109482\n')).toBe(true);
    expect(formatProof(proof)).toBe(C2SP);
  });

  it('needs neither extra data nor hashes', () => {
    const bare = 'c2sp.org/tlog-proof@v1\nindex 0\n\ncheckpoint';
    expect(parseProof(bare)).toEqual({ extra: undefined, index: 0, path: [], checkpoint: 'checkpoint' });
    expect(formatProof(parseProof(bare))).toBe(bare);
  });

  it('is told from a note by its first line', () => {
    expect([isProof(C2SP), isProof('c2sp.org/tlog-proof@v9\n'), isProof('strongroom.example/dev/fleet-keys/v1\n')]).toEqual([
      true,
      true,
      false,
    ]);
  });

  it.each([
    ['an extra line without data', C2SP.replace(/extra .*/, 'extra ')],
    ['an extra line after the index', C2SP.replace(/(extra .*\n)(index .*\n)/, '$2$1')],
    ['two extra lines', C2SP.replace(/(extra .*\n)/, '$1$1')],
    ['a tab', C2SP.replace('index ', 'index\t')],
    ['two spaces', C2SP.replace('index ', 'index  ')],
    ['an index in hexadecimal', C2SP.replace('73894', '0x1f')],
    ['a hash in base64url', C2SP.replace('//1U8', '__1U8')],
    ['a space after a hash', C2SP.replace('PlQ=', 'PlQ= ')],
    ['more hashes than a tree can have', C2SP.replace('index 73894\n', `index 73894\n${`${HASHES[0]}\n`.repeat(MAX_PATH_HASHES)}`)],
    ['more than 32 KiB', `${C2SP}${'x'.repeat(MAX_PROOF_BYTES)}`],
    ['a byte order mark', `\ufeff${C2SP}`],
  ])('is refused with %s', (_, text) => {
    expect(() => parseProof(text)).toThrow(FormatError);
  });

  it('is written again as it was read, whatever was accepted', () => {
    const hashes = fc.array(fc.uint8Array({ minLength: 32, maxLength: 32 }), { maxLength: 5 });
    const proofs = fc.record({
      extra: fc.option(fc.uint8Array({ minLength: 1, maxLength: 40 }), { nil: undefined }),
      index: fc.maxSafeNat(),
      path: hashes,
      checkpoint: fc.stringMatching(/^[ -~\n]{1,60}$/),
    });
    fc.assert(fc.property(proofs, (proof) => expect(parseProof(formatProof(proof))).toEqual(proof)));
    const edits = fc.record({ at: fc.nat(C2SP.length), cut: fc.nat(3), put: fc.stringMatching(/^[A-Za-z0-9+/=\n —]{0,3}$/) });
    fc.assert(
      fc.property(edits, ({ at, cut, put }) => {
        const text = C2SP.slice(0, at) + put + C2SP.slice(at + cut);
        const proof = accepted(() => parseProof(text));
        if (proof) expect(formatProof(proof)).toBe(text);
      }),
      { numRuns: 300 },
    );
  });

  it('is not written with an index or a hash that could not be read', () => {
    const proof = parseProof(C2SP);
    for (const bad of [
      { ...proof, index: -1 },
      { ...proof, index: 2 ** 53 },
      { ...proof, path: [new Uint8Array(31)] },
      { ...proof, checkpoint: '' },
    ]) {
      expect(() => formatProof(bad)).toThrow(FormatError);
    }
    expect(() => formatProof({ ...proof, extra: new Uint8Array(0) })).toThrow(FormatError);
  });

  it('of a bundle holds the whole note', () => {
    const proof = { note: 'text\n\n— a AAAAAAA=\n', index: 1, path: [new Uint8Array(32)], checkpoint: 'checkpoint\n' };
    expect(openBundleProof(formatBundleProof(proof))).toEqual(proof);
    expect(bundleNoteOf(formatBundleProof(proof))).toBe(proof.note);
    expect(bundleNoteOf(proof.note)).toBe(proof.note);
    expect(() => openBundleProof(C2SP.replace(/extra .*\n/, ''))).toThrow(expect.objectContaining({ field: 'extra' }));
  });
});

/** What was accepted, or `undefined`; anything but a FormatError is a failure. */
function accepted<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}
