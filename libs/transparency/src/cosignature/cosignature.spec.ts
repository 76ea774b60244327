import { describe, expect, it } from '@jest/globals';
import { FormatError } from '../errors/format-error.js';
import { exampleSigner } from '../example/example-bundle.js';
import { parseNote, type NoteSignature } from '../note/note.js';
import { assembleNote } from '../note/sign-note.js';
import { formatVkey, makeCosignerVkey, makeVkey, parseCosignerVkey, parseVkey } from '../vkey/vkey.js';
import { cosignedMessage, signCosignature, verifyCosignatures } from './cosignature.js';

/** The example of c2sp.org/tlog-cosignature; its keys are not published, so bytes and message alone are tested. */
const TEXT = 'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n';
const C2SP = `${TEXT}
— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==
`;
const NAME = 'witness.example/w1';
const witness = exampleSigner(221);
const vkey = makeCosignerVkey(NAME, witness.publicKey);
const other = makeCosignerVkey('witness.example/w2', exampleSigner(222).publicKey);
const at = (time: number): NoteSignature => signCosignature(TEXT, NAME, witness, time);
const verified = (...lines: NoteSignature[]): (readonly [string, number])[] =>
  verifyCosignatures(parseNote(assembleNote(TEXT, lines)), [other, vkey]).map((each) => [each.vkey.name, each.time]);

describe('cosignature', () => {
  it('has the message and the length of the C2SP example', () => {
    expect(Buffer.from(cosignedMessage(TEXT, 1_679_315_147)).toString()).toBe(`cosignature/v1\ntime 1679315147\n${TEXT}`);
    const example = parseNote(C2SP).signatures[1];
    expect(example?.signature).toHaveLength(at(1).signature.length);
    expect(example?.signature.slice(0, 8)).toEqual(at(1_679_315_147).signature.slice(0, 8));
  });

  it('has a key of its own type, which is none of type 0x01 and of another id', () => {
    expect(parseCosignerVkey(formatVkey(vkey))).toEqual(vkey);
    expect(vkey.keyId).not.toEqual(makeVkey(NAME, witness.publicKey).keyId);
    expect(() => parseVkey(formatVkey(vkey))).toThrow(FormatError);
    expect(() => parseCosignerVkey(formatVkey(makeVkey(NAME, witness.publicKey)))).toThrow(FormatError);
  });

  it('is verified with its time, the newest of each key', () => {
    expect(verified(at(5))).toEqual([[NAME, 5]]);
    expect(verified(at(7), at(9), at(8))).toEqual([[NAME, 9]]);
    const second = signCosignature(TEXT, other.name, exampleSigner(222), 6);
    expect(verified(at(5), second)).toEqual([
      [other.name, 6],
      [NAME, 5],
    ]);
    expect(verified(at(Number.MAX_SAFE_INTEGER))).toEqual([[NAME, Number.MAX_SAFE_INTEGER]]);
  });

  it('of strangers is ignored, under a known name too', () => {
    expect(verified(signCosignature(TEXT, NAME, exampleSigner(99), 5), signCosignature(TEXT, 'stranger', witness, 5))).toEqual([]);
    const plain = { name: NAME, keyId: makeVkey(NAME, witness.publicKey).keyId, signature: witness.sign(new TextEncoder().encode(TEXT)) };
    expect(verified(plain, at(5))).toEqual([[NAME, 5]]);
  });

  it('rejects the whole note when one of a known key is bad', () => {
    const good = at(5);
    const changed = (change: (blob: Uint8Array) => void): NoteSignature => {
      const signature = good.signature.slice();
      change(signature);
      return { ...good, signature };
    };
    const bad: NoteSignature[] = [
      changed((blob) => blob.set([6], 7)),
      changed((blob) => blob.set([0xff], 0)),
      changed((blob) => blob.set([0, 0, 0, 0, 0, 0, 0, 0], 0)),
      changed((blob) => blob.set([(blob[40] ?? 0) ^ 1], 40)),
      { ...good, signature: good.signature.slice(0, 71) },
      { ...good, signature: Uint8Array.of(...good.signature, 0) },
      { ...good, signature: good.signature.slice(8) },
      signCosignature('another\n1\nx\n', NAME, witness, 5),
    ];
    for (const line of bad) {
      expect(() => verified(line)).toThrow(FormatError);
      expect(() => verified(good, line)).toThrow(FormatError);
    }
    expect(() => verifyCosignatures(parseNote(assembleNote(TEXT, [good])), [vkey, { ...vkey }])).toThrow(FormatError);
  });

  it('is not made without a time', () => {
    for (const time of [0, -1, 1.5, Number.NaN, 2 ** 60]) expect(() => at(time)).toThrow(RangeError);
  });
});
