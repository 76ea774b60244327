import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson } from './canonical-json.js';
import { appendStep, checkTranscript, outputDigest, readTranscript, transcriptHead, type Transcript } from './transcript.js';

const step = (name: string, at: number) => ({ at, exception: '', output: 'none', step: name, who: 'olga' });
const three = ['one', 'two', 'three'].reduce<Transcript>((all, name, i) => appendStep(all, step(name, 100 + i)), []);

describe('a transcript', () => {
  it('begins with zeros, and each step names the one before', () => {
    expect(three[0]?.previous).toBe('0'.repeat(64));
    expect(three[2]?.previous).toBe(transcriptHead(three.slice(0, 2)));
    expect(() => checkTranscript(three)).not.toThrow();
  });

  it.each<[string, Transcript]>([
    ['the first step taken out', three.slice(1)],
    ['a step taken out of the middle', three.filter((_, i) => i !== 1)],
    ['two steps exchanged', [three[1], three[0], three[2]].flatMap((each) => each ?? [])],
    ['a step said twice', three.flatMap((each, i) => (i === 1 ? [each, each] : [each]))],
    ['a word changed', three.map((each, i) => (i === 1 ? { ...each, who: 'otto' } : each))],
    [
      'an exception hidden',
      appendStep(appendStep([], { ...step('a', 1), exception: 'late' }), step('b', 2)).map((each) => ({ ...each, exception: '' })),
    ],
    ['a clock that goes back', appendStep(appendStep([], step('a', 2)), step('b', 1))],
  ])('does not hold with %s', (_what, broken) => {
    expect(() => checkTranscript(broken)).toThrow(expect.objectContaining({ name: 'FormatError' }));
  });

  it.each([
    ['a word in another alphabet', { ...three[0], who: 'olgá' }],
    ['a line feed', { ...three[0], who: 'ol\nga' }],
    ['a member too many', { ...three[0], more: 1 }],
    ['a member too few', { at: 1 }],
    ['an output that is no digest', { ...three[0], output: 'secret' }],
  ])('is not read with %s', (_what, broken) => {
    expect(() => readTranscript([broken], 'transcript')).toThrow(expect.objectContaining({ name: 'FormatError' }));
  });
});

describe('the one encoding', () => {
  const json = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.stringMatching(/^[\n -~]*$/),
      fc.nat(),
      fc.boolean(),
      fc.array(tie('value')),
      fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), tie('value')),
    ),
  })).value;

  it('does not depend on the order of the members', () => {
    expect(canonicalJson({ b: [1, true], a: { d: 'x\n"\\', c: 0 } })).toBe('{"a":{"c":0,"d":"x\\n\\"\\\\"},"b":[1,true]}');
    expect(outputDigest({ a: 1, b: 2 })).toBe(outputDigest({ b: 2, a: 1 }));
  });

  it('is read back and written the same', () => {
    fc.assert(
      fc.property(json, (value) => {
        // What JSON.parse gives back is the very document, whatever its type says.
        const written = canonicalJson(JSON.parse(JSON.stringify(value)));
        expect(canonicalJson(JSON.parse(written))).toBe(written);
      }),
    );
  });

  it.each([1.5, -1, -0, Number.NaN, 2 ** 53, 'é', '\t', '\u007f'])('refuses %j', (value) => {
    expect(() => canonicalJson({ value })).toThrow(expect.objectContaining({ name: 'FormatError' }));
  });
});
