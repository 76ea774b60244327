import { describe, expect, it } from '@jest/globals';
import { ed25519 } from '@noble/curves/ed25519.js';
import fc from 'fast-check';
import { FormatError } from '../errors/format-error.js';
import { exampleSigner } from '../example/example-bundle.js';
import { makeVkey, parseVkey } from '../vkey/vkey.js';
import { formatNote, MAX_SIGNATURES, parseNote } from './note.js';
import { assembleNote, openNote, signNoteText, verifyNote } from './sign-note.js';

/** golang.org/x/mod/sumdb/note: documentation and note_test.go. */
const TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const PETER = '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';
const ENOCH = '— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n';
const peter = parseVkey('PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW');
const enoch = parseVkey('EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop');
/** From PRIVATE+KEY+PeterNeumann+c74f20a3+..., published there; an example, no secret. */
const peterSeed = new Uint8Array(Buffer.from('AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz', 'base64').subarray(1));

/** The example of c2sp.org/signed-note; its key is not published, so its grammar alone is tested. */
const C2SP = `Ognuno sta solo sul cuor della terra
trafitto da un raggio di sole:

ed è subito sera.

— quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=
`;

const names = (source: string, known: Parameters<typeof openNote>[1]): string[] => openNote(source, known).signers.map(({ name }) => name);

describe('note', () => {
  it('verifies the published note by one or both of its signers', () => {
    expect(names(`${TEXT}\n${PETER}${ENOCH}`, [peter])).toEqual(['PeterNeumann']);
    expect(names(`${TEXT}\n${PETER}${ENOCH}`, [enoch, peter])).toEqual(['PeterNeumann', 'EnochRoot']);
    expect(names(`${TEXT}\n${PETER}${PETER}`, [peter])).toEqual(['PeterNeumann']);
  });

  it('verifies the example of C2SP signed-note by its published key', () => {
    const foo = parseVkey('example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k');
    const line = '— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=';
    expect(names(`This is an example message.\n\n${line}\n`, [foo])).toEqual(['example.com/foo']);
    expect(() => openNote(`This is an example message!\n\n${line}\n`, [foo])).toThrow(FormatError);
  });

  it('signs the published text to the published signature', () => {
    const signer = { publicKey: peter.publicKey, sign: (message: Uint8Array) => ed25519.sign(message, peterSeed) };
    expect(assembleNote(TEXT, [signNoteText(TEXT, 'PeterNeumann', signer)])).toBe(`${TEXT}\n${PETER}`);
  });

  it('splits the C2SP example at its last empty line', () => {
    const note = parseNote(new TextEncoder().encode(C2SP));
    expect(note.text.endsWith('ed è subito sera.\n')).toBe(true);
    expect(note.signatures.map(({ name }) => name)).toEqual(['quasimodo.example/salvatore']);
    expect(formatNote(note)).toBe(C2SP);
  });

  it('ignores unknown signers, even under a known name', () => {
    const impostor = signNoteText(TEXT, 'PeterNeumann', exampleSigner(9));
    const signed = parseNote(`${TEXT}\n${PETER}`).signatures;
    expect(names(assembleNote(TEXT, [impostor, ...signed]), [peter])).toEqual(['PeterNeumann']);
    expect(verifyNote(parseNote(assembleNote(TEXT, [impostor])), [peter])).toEqual([]);
    expect(() => openNote(`${TEXT}\n${ENOCH}`, [peter])).toThrow(FormatError);
  });

  it('rejects the whole note for one bad signature by a known key, wherever it stands', () => {
    const bad = PETER.replace('x08go/ZJ', 'x08go/ZK');
    for (const lines of [bad, bad + PETER, PETER + bad, ENOCH + bad]) {
      expect(() => openNote(`${TEXT}\n${lines}`, [peter, enoch])).toThrow(FormatError);
    }
    expect(() => openNote(`${TEXT}\n${PETER.slice(0, 60)}ABCD${PETER.slice(60)}`, [peter])).toThrow(FormatError);
    expect(() => openNote(`x${TEXT}\n${PETER}`, [peter])).toThrow(FormatError);
  });

  it('refuses two known keys that one line could mean', () => {
    expect(() => openNote(`${TEXT}\n${ENOCH}`, [enoch, peter, { ...enoch }])).toThrow(FormatError);
  });

  it.each([
    ['no signatures', TEXT],
    ['an empty signature block', `${TEXT}\n`],
    ['no final newline', `${TEXT}\n${PETER.slice(0, -1)}`],
    ['a control character', `\u0001${TEXT}\n${PETER}`],
    ['a carriage return', `${TEXT.replace('\n', '\r\n')}\n${PETER}`],
    ['a lone surrogate', `\ud800${TEXT}\n${PETER}`],
    ['a name with a space', `${TEXT}\n${PETER.replace('PeterNeumann', 'Bad Name')}`],
    ['a name with a plus', `${TEXT}\n${PETER.replace('PeterNeumann', 'a+b')}`],
    ['an unexpected line', `${TEXT}\n${PETER}Unexpected line.\n`],
    ['a hyphen for the dash', `${TEXT}\n${PETER.replace('—', '-')}`],
    ['junk in the base64', `${TEXT}\n${PETER.replace('x08go/', 'x08go_')}`],
    ['a signature of the key id alone', `${TEXT}\n— a AAAAAA==\n`],
    ['too many signatures', `${TEXT}\n${PETER.repeat(MAX_SIGNATURES + 1)}`],
  ])('refuses %s', (_, source) => {
    expect(() => openNote(source, [peter])).toThrow(FormatError);
    expect(() => openNote(source, [])).toThrow(FormatError);
  });

  it('refuses bytes that are not UTF-8', () => {
    expect(() => parseNote(Uint8Array.of(0xff, ...new TextEncoder().encode(`${TEXT}\n${PETER}`)))).toThrow(FormatError);
  });

  it('never verifies a cut note', () => {
    const whole = `${TEXT}\n${PETER}`;
    for (let length = 0; length < whole.length; length++) {
      expect(() => openNote(whole.slice(0, length), [peter])).toThrow(FormatError);
    }
  });

  it('accepts set trailing bits in a signature line and writes them clear', () => {
    const set = PETER.replace('JnAM=', 'JnAN=');
    expect(set).not.toBe(PETER);
    expect(names(`${TEXT}\n${set}`, [peter])).toEqual(['PeterNeumann']);
    expect(formatNote(parseNote(`${TEXT}\n${set}`))).toBe(`${TEXT}\n${PETER}`);
  });

  it('gives back any text and signers, and refuses to write what it could not read', () => {
    const signer = exampleSigner(3);
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[ -~]{0,20}$/), { minLength: 1, maxLength: 5 }), (lines) => {
        const text = `${lines.join('\n')}\n`;
        const source = assembleNote(text, [signNoteText(text, 'a', signer)]);
        expect(openNote(source, [makeVkey('a', signer.publicKey)]).note.text).toBe(text);
      }),
      { numRuns: 30 },
    );
    for (const text of ['', 'abc', 'a\u0007\n']) {
      expect(() => assembleNote(text, [signNoteText(text, 'a', signer)])).toThrow(FormatError);
    }
    expect(() => assembleNote('abc\n', [])).toThrow(FormatError);
  });
});
