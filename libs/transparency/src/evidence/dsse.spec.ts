import { p256 } from '@noble/curves/nist.js';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fromBase64, toBase64 } from '../encoding/base64.js';
import { utf8 } from '../encoding/octets.js';
import { exampleSigner } from '../example/example-bundle.js';
import { makeVkey } from '../vkey/vkey.js';
import { formatEnvelope, mergeEnvelopes, parseEnvelope, preAuthEncoding, signEnvelope, verifyEnvelope, type Envelope } from './dsse.js';

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

describe('the published DSSE example', () => {
  // secure-systems-lab/dsse, protocol.md and implementation/signing_spec.py, version 1.0.0.
  const payloadType = 'http://example.com/HelloWorld';
  const source =
    '{"payload":"aGVsbG8gd29ybGQ=","payloadType":"http://example.com/HelloWorld","signatures":[{"keyid":"66301bbf",' +
    '"sig":"A3JqsQGtVsJ2O2xqrI5IcnXip5GToJ3F+FnZ+O88SjtR6rDAajabZKciJTfUiHqJPcIAriEGAHTVeCUjW2JIZA=="}]}\n';
  const key = p256.Point.fromAffine({
    x: 46950820868899156662930047687818585632848591499744589407958293238635476079160n,
    y: 5640078356564379163099075877009565129882514886557779369047442380624545832820n,
  }).toBytes(false);

  it('has the encoding that is signed', () => {
    expect(text(preAuthEncoding(payloadType, utf8('hello world')))).toBe('DSSEv1 29 http://example.com/HelloWorld 11 hello world');
  });

  it('is read, and its ECDSA signature holds over what we would sign', () => {
    const { payload, signatures } = parseEnvelope(source);
    const signature = fromBase64(signatures[0]?.sig ?? '', 'sig');
    expect(p256.verify(signature, preAuthEncoding(payloadType, payload), key, { lowS: false })).toBe(true);
    expect(p256.verify(signature, preAuthEncoding(payloadType, utf8('hello worlt')), key, { lowS: false })).toBe(false);
  });

  it('counts bytes, not characters', () => {
    expect(text(preAuthEncoding('é', new Uint8Array(0)))).toBe('DSSEv1 2 é 0 ');
  });
});

describe('an envelope', () => {
  const draft: Envelope = { payloadType: 'application/vnd.in-toto+json', payload: utf8('{}'), signatures: [] };
  const [anna, bert] = [1, 2].map((seed) => ({ signer: exampleSigner(seed), name: `custodian.example/${seed}` }));
  if (!anna || !bert) throw new Error('no signers');
  const keyOf = ({ signer, name }: typeof anna) => makeVkey(name, signer.publicKey);
  const signedBy = (...people: readonly (typeof anna)[]) =>
    people.reduce((envelope, { name, signer }) => signEnvelope(envelope, name, signer), draft);

  it('has one encoding, which every accepted text is written in', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 200 }),
        fc.array(fc.uint8Array({ minLength: 3, maxLength: 64 }), { maxLength: 4 }),
        (payload, sigs) => {
          const envelope = { ...draft, payload, signatures: sigs.map((sig, i) => ({ keyid: `k${i}`, sig: toBase64(sig) })) };
          const source = formatEnvelope(envelope);
          expect(parseEnvelope(source)).toEqual(envelope);
          expect(formatEnvelope(parseEnvelope(source))).toBe(source);
        },
      ),
    );
  });

  it('is refused with any byte changed, unless it still is in its one encoding', () => {
    const source = formatEnvelope(signedBy(anna));
    fc.assert(
      fc.property(fc.nat({ max: source.length - 1 }), fc.integer({ min: 32, max: 126 }), (at, code) => {
        const changed = source.slice(0, at) + String.fromCharCode(code) + source.slice(at + 1);
        let read: string;
        try {
          read = formatEnvelope(parseEnvelope(changed));
        } catch (error) {
          expect(error).toMatchObject({ name: 'FormatError' });
          return;
        }
        expect(read).toBe(changed);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['a member twice', (s: string) => s.replace('{"payload"', '{"payload":"e30=","payload"')],
    ['an unknown member', (s: string) => s.replace('{"payload"', '{"extra":1,"payload"')],
    ['white space', (s: string) => s.replace(',', ', ')],
    ['no line feed', (s: string) => s.trimEnd()],
    ['URL-safe base64', (s: string) => s.replace('"e30="', '"_-8="')],
    ['spare bits in base64', (s: string) => s.replace('"e30="', '"e31="')],
    ['no keyid', (s: string) => s.replace(/"keyid":"[^"]*",/, '')],
    ['text that is no JSON', () => 'x'],
    ['a list', () => '[]\n'],
    ['a very long text', () => ' '.repeat(400_000)],
  ])('is refused with %s', (_what, change) => {
    expect(() => parseEnvelope(change(formatEnvelope(signedBy(anna))))).toThrow(expect.objectContaining({ name: 'FormatError' }));
  });

  it('counts a signer once, however often it signed', () => {
    const twice = { ...signedBy(anna), signatures: [...signedBy(anna).signatures, ...signedBy(anna).signatures] };
    expect(verifyEnvelope(twice, [keyOf(anna), keyOf(bert)])).toEqual([keyOf(anna)]);
    expect(mergeEnvelopes(signedBy(anna), signedBy(anna)).signatures.length).toBe(1);
  });

  it('counts nobody whom the reader does not know', () => {
    expect(verifyEnvelope(signedBy(anna, bert), [keyOf(bert)])).toEqual([keyOf(bert)]);
    expect(verifyEnvelope(signedBy(anna), [keyOf(bert)])).toEqual([]);
  });

  it('is rejected with a bad signature under a known keyid', () => {
    const other = { ...signedBy(anna), payload: utf8('{ }') };
    expect(() => verifyEnvelope(other, [keyOf(anna)])).toThrow(expect.objectContaining({ field: 'signatures' }));
  });

  it('takes no signature that was made over other bytes', () => {
    const other = signEnvelope({ ...draft, payload: utf8('[]') }, bert.name, bert.signer);
    expect(() => mergeEnvelopes(signedBy(anna), other)).toThrow(expect.objectContaining({ field: 'payload' }));
  });
});
