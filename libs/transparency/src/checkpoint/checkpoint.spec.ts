import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FormatError } from '../errors/format-error.js';
import { exampleSigner } from '../example/example-bundle.js';
import { assembleNote } from '../note/sign-note.js';
import { leafHash } from '../tree/tree-hash.js';
import { makeVkey } from '../vkey/vkey.js';
import { formatCheckpoint, parseCheckpoint } from './checkpoint.js';
import { openCheckpoint, readCheckpoint, signCheckpoint } from './sign-checkpoint.js';

/** The example of c2sp.org/tlog-checkpoint; its key is not published, so its grammar alone is tested. */
const C2SP = `example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
`;
const TEXT = C2SP.slice(0, C2SP.indexOf('\n\n') + 1);
const log = exampleSigner(211);
const vkey = makeVkey('log.example/strongroom', log.publicKey);
const checkpoint = { origin: vkey.name, size: 7, root: new Uint8Array(32).fill(9) };

describe('checkpoint', () => {
  it('reads the C2SP example and writes it again', () => {
    const { checkpoint: example } = readCheckpoint(C2SP);
    expect(example).toMatchObject({ origin: 'example.com/behind-the-sofa', size: 20_852_163 });
    expect(formatCheckpoint(example)).toBe(TEXT);
  });

  it('reads and writes the tree of golang.org/x/mod/sumdb/tlog (note_test.go), whose root is the leaf "hello world"', () => {
    const golden = 'go.sum database tree\n123456789012\nTszzRgjTG6xce+z2AG31kAXYKBgQVtCSCE40HmuwBb0=\n';
    const tree = { origin: 'go.sum database tree', size: 123_456_789_012, root: leafHash(new TextEncoder().encode('hello world')) };
    expect(parseCheckpoint(golden)).toEqual(tree);
    expect(formatCheckpoint(tree)).toBe(golden);
    for (const bad of [
      `not-${golden}`.replace('not-go.sum database tree\n', ''),
      golden.replace('123456789012', '0xabcdef'),
      `${golden}JOE\n`,
    ]) {
      expect(() => parseCheckpoint(bad)).toThrow(FormatError);
    }
  });

  it.each([
    ['no line', ''],
    ['two lines', 'a\n1\n'],
    ['no final newline', TEXT.slice(0, -1)],
    ['an extension line', `${TEXT}extension\n`],
    ['an empty extension line', `${TEXT}\n`],
    ['an empty origin', TEXT.replace('example.com/behind-the-sofa', '')],
    ['a control character in the origin', TEXT.replace('example', 'ex\u007fample')],
    ['a leading zero', TEXT.replace('20852163', '020852163')],
    ['a sign', TEXT.replace('20852163', '+20852163')],
    ['a space', TEXT.replace('20852163', '20852163 ')],
    ['a size beyond 2^53 - 1', TEXT.replace('20852163', '9007199254740992')],
    ['digits of another alphabet', TEXT.replace('20852163', '٣')],
    ['a short root', TEXT.replace('CsUYapGG', '')],
    ['trailing bits in the root', TEXT.replace('q2I=', 'q2J=')],
    ['no padding', TEXT.replace('q2I=', 'q2I')],
    ['a carriage return', TEXT.replaceAll('\n', '\r\n')],
  ])('refuses %s', (_, text) => {
    expect(() => parseCheckpoint(text)).toThrow(FormatError);
  });

  it('gives back any checkpoint', () => {
    const any = fc.record({
      origin: fc.stringMatching(/^[!-~]{1,40}$/),
      size: fc.maxSafeNat(),
      root: fc.uint8Array({ minLength: 32, maxLength: 32 }),
    });
    fc.assert(fc.property(any, (each) => expect(parseCheckpoint(formatCheckpoint(each))).toEqual(each)));
    for (const bad of [
      { ...checkpoint, size: -1 },
      { ...checkpoint, size: 1.5 },
      { ...checkpoint, root: new Uint8Array(31) },
    ]) {
      expect(() => formatCheckpoint(bad)).toThrow(FormatError);
    }
    expect(() => formatCheckpoint({ ...checkpoint, origin: 'a\nb' })).toThrow(FormatError);
  });

  it('opens what its log signed and nothing else', () => {
    const text = formatCheckpoint(checkpoint);
    const signed = assembleNote(text, [signCheckpoint(checkpoint, log)]);
    expect(openCheckpoint(signed, vkey).checkpoint).toEqual(checkpoint);
    expect(() => openCheckpoint(signed, makeVkey(vkey.name, exampleSigner(212).publicKey))).toThrow(
      expect.objectContaining({ field: 'checkpoint' }),
    );
    const other = { ...checkpoint, origin: 'log.example/other' };
    const elsewhere = assembleNote(formatCheckpoint(other), [signCheckpoint(other, log)]);
    expect(() => openCheckpoint(elsewhere, vkey)).toThrow(expect.objectContaining({ field: 'origin' }));
    const moved = assembleNote(formatCheckpoint({ ...checkpoint, size: 8 }), [signCheckpoint(checkpoint, log)]);
    expect(() => openCheckpoint(moved, vkey)).toThrow(expect.objectContaining({ field: 'note' }));
    expect(() => signCheckpoint({ ...checkpoint, origin: 'go.sum database tree' }, log)).toThrow(FormatError);
  });
});
