import { describe, expect, it } from '@jest/globals';
import { sha256 } from '@noble/hashes/sha2.js';
import fc from 'fast-check';
import { FormatError } from '../errors/format-error.js';
import { exampleEnrolment, exampleSigner } from '../example/example-bundle.js';
import {
  enrolmentDigest,
  enrolmentMessage,
  MAX_ENROLMENT_BYTES,
  parseEnrolment,
  signEnrolment,
  verifyEnrolment,
  type Enrolment,
} from './enrolment.js';

const identity = exampleSigner(1);
const statement = signEnrolment(exampleEnrolment(1), identity);
const text = new TextDecoder().decode(statement);
const encode = (changed: string): Uint8Array => new TextEncoder().encode(changed);

/** Signed whatever it says, as a hostile node would. */
function signedText(message: string): Uint8Array {
  return encode(`${message}signature ${Buffer.from(identity.sign(encode(message))).toString('base64')}\n`);
}

describe('enrolment', () => {
  it('verifies and gives back what was signed', () => {
    expect(verifyEnrolment(statement)).toEqual(exampleEnrolment(1));
    expect(enrolmentDigest(statement)).toEqual(sha256(statement));
  });

  it('gives back any statement', () => {
    const any = fc.record({ software: fc.stringMatching(/^[A-Za-z0-9._+-]{1,64}$/), issuedAt: fc.nat() });
    fc.assert(
      fc.property(any, (changes) => {
        const enrolment: Enrolment = exampleEnrolment(1, { ...changes, environment: 'hsm', keystore: 'pkcs11' });
        expect(verifyEnrolment(signEnrolment(enrolment, identity))).toEqual(enrolment);
      }),
      { numRuns: 20 },
    );
  });

  it('refuses a changed byte at every place', () => {
    for (let at = 0; at < statement.length; at++) {
      const changed = statement.slice();
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(() => verifyEnrolment(changed)).toThrow(FormatError);
    }
  });

  it('refuses every cut and additions', () => {
    for (let length = 0; length < statement.length; length++) expect(() => parseEnrolment(statement.slice(0, length))).toThrow(FormatError);
    expect(() => parseEnrolment(encode(`${text}\n`))).toThrow(FormatError);
    expect(() => parseEnrolment(encode(text + 'x'.repeat(MAX_ENROLMENT_BYTES)))).toThrow(expect.objectContaining({ field: 'enrolment' }));
  });

  it("refuses another node's signature", () => {
    expect(() => signEnrolment(exampleEnrolment(1), exampleSigner(2))).toThrow(expect.objectContaining({ field: 'signature' }));
  });

  it.each([
    ['label', 'strongroom/v1/enrolment', 'strongroom/v2/enrolment', 'label'],
    ['environment', 'environment software', 'environment cloud', 'environment'],
    ['hardware without a token', 'environment software', 'environment hsm', 'environment'],
    ['keystore', 'keystore sealed-file', 'keystore paper', 'keystore'],
    ['software version', 'software 0.1.0', 'software 0 1', 'software'],
    ['empty version', 'software 0.1.0', 'software ', 'software'],
    ['leading zero', 'issued 1', 'issued 01', 'issued'],
    ['space', 'keystore ', 'keystore  ', 'keystore'],
  ])('refuses a wrong %s even when signed', (_, from, to, field) => {
    const message = new TextDecoder().decode(enrolmentMessage(exampleEnrolment(1)));
    expect(() => verifyEnrolment(signedText(message))).not.toThrow();
    expect(() => verifyEnrolment(signedText(message.replace(from, to)))).toThrow(expect.objectContaining({ field }));
  });

  it('refuses keys that no honest node makes', () => {
    expect(() => signEnrolment(exampleEnrolment(1, { hpkeKey: new Uint8Array(32) }), identity)).toThrow(
      expect.objectContaining({ field: 'hpke-key' }),
    );
    const identityKey = Uint8Array.of(1, ...new Uint8Array(31));
    expect(() => signEnrolment(exampleEnrolment(1, { identityKey }), identity)).toThrow(expect.objectContaining({ field: 'identity-key' }));
  });
});
