import { describe, expect, it } from '@jest/globals';
import { sha256 } from '@noble/hashes/sha2.js';
import { FormatError } from '../errors/format-error.js';
import { exampleTrustRoot, operatorSigner } from '../example/example-bundle.js';
import { makeVkey } from '../vkey/vkey.js';
import { formatTrustRoot, parseTrustRoot, trustRootDigest } from './trust-root-document.js';

const text = formatTrustRoot(exampleTrustRoot);

describe('trust root', () => {
  it('reads what it wrote and names it by its digest', () => {
    expect(parseTrustRoot(text)).toEqual(exampleTrustRoot);
    expect(trustRootDigest(exampleTrustRoot)).toEqual(sha256(new TextEncoder().encode(text)));
  });

  it.each([
    ['an unknown key', '"version": 1,', '"version": 1,\n  "extra": 1,'],
    ['a repeated key', '"version": 1,', '"version": 1,\n  "version": 1,'],
    ['other white space', '"version": 1,', '"version":1,'],
    ['a fraction', '"version": 1,', '"version": 1.5,'],
    ['a text for a number', '"version": 1,', '"version": "1",'],
    ['version 0', '"version": 1,', '"version": 0,'],
    ['another format', 'trust-root/v1', 'trust-root/v2'],
    ['a namespace in capitals', '"strongroom.example/dev"', '"Strongroom.example/dev"'],
    ['a changed key', 'strongroom.example/operator+', 'strongroom.example/operatos+'],
    ['windows the wrong way round', '"recoverMaxAgeDays": 30', '"recoverMaxAgeDays": 3'],
    ['no windows', '"windows": {', '"window": {'],
    ['no final newline', '}\n}\n', '}\n}'],
  ])('refuses %s', (_, from, to) => {
    expect(text).toContain(from);
    expect(() => parseTrustRoot(text.replace(from, to))).toThrow(FormatError);
  });

  it('refuses every cut', () => {
    for (let length = 0; length < text.length; length++) expect(() => parseTrustRoot(text.slice(0, length))).toThrow(FormatError);
  });

  it('refuses one key or one name in both roles', () => {
    const sameKey = { ...exampleTrustRoot, auditor: makeVkey('other.example', operatorSigner.publicKey) };
    const sameName = { ...exampleTrustRoot, auditor: makeVkey(exampleTrustRoot.operator.name, exampleTrustRoot.auditor.publicKey) };
    for (const root of [sameKey, sameName]) expect(() => formatTrustRoot(root)).toThrow(expect.objectContaining({ field: 'auditor' }));
  });
});
