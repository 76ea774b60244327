import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { exampleSigner } from '../example/example-bundle.js';
import { FormatError } from '../errors/format-error.js';
import { formatVkey, makeVkey, parseVkey } from './vkey.js';

const PUBLISHED = [
  ['golang.org/x/mod/sumdb/note, documentation', 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'],
  ['golang.org/x/mod/sumdb/note, TestVerifierList', 'EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop'],
  ['cmd/go, the checksum database', 'sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8'],
] as const;

describe('vkey', () => {
  it.each(PUBLISHED)('reads the one of %s, plus signs in its base64 included', (_, text) => {
    expect(formatVkey(parseVkey(text))).toBe(text);
  });

  it('refuses every part of one and every changed character, as sumdb/note demands', () => {
    const text = PUBLISHED[0][1];
    for (let from = 0; from < text.length; from++) {
      for (let to = from + 1; to <= text.length; to++) {
        if (from > 0 || to < text.length) expect(() => parseVkey(text.slice(from, to))).toThrow(FormatError);
      }
      const next = String.fromCharCode(text.charCodeAt(from) + 1);
      expect(() => parseVkey(text.slice(0, from) + next + text.slice(from + 1))).toThrow(FormatError);
    }
  });

  it('refuses the keys of sumdb/note with a wrong length or an unknown algorithm and a matching id', () => {
    expect(() => parseVkey('PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==')).toThrow(FormatError);
    expect(() => parseVkey('PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW')).toThrow(FormatError);
  });

  it('refuses a key of small order and a name with a space, a plus or nothing', () => {
    expect(() => makeVkey('name', Uint8Array.of(1, ...new Uint8Array(31)))).toThrow(FormatError);
    for (const name of ['', 'a b', 'a+b', 'a\u00a0b', 'a\u2028b', 'a\nb', 'a\u0000', '\ud800', 'x'.repeat(254)]) {
      expect(() => makeVkey(name, exampleSigner(1).publicKey)).toThrow(FormatError);
    }
  });

  it('gives back any name and key', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9./_-]{1,60}$/), fc.integer({ min: 1, max: 255 }), (name, seed) => {
        const vkey = makeVkey(name, exampleSigner(seed).publicKey);
        expect(parseVkey(formatVkey(vkey))).toEqual(vkey);
      }),
      { numRuns: 30 },
    );
  });
});
