import { sha256 } from '@noble/hashes/sha2.js';
import type { Environment } from '../bundle/bundle.js';
import { integer, LineReader } from '../encoding/line-reader.js';
import { fromBase64, toBase64 } from '../encoding/base64.js';
import { fromUtf8, utf8 } from '../encoding/octets.js';
import { FormatError } from '../errors/format-error.js';
import { refuseEd25519Key, verifyEd25519, type Ed25519Signer } from '../keys/ed25519.js';
import { refuseX25519Key } from '../keys/x25519.js';

/** A signed statement, signature line included. */
export const MAX_ENROLMENT_BYTES = 4_096;

export type KeystoreKind = 'sealed-file' | 'pkcs11';

/** What a node says of itself when it enrols (PROTOCOL 3). Nothing in it is secret. */
export type Enrolment = {
  /** 32 bytes, Ed25519; signs the statement. */
  readonly identityKey: Uint8Array;
  /** 32 bytes, X25519. */
  readonly hpkeKey: Uint8Array;
  readonly environment: Environment;
  readonly keystore: KeystoreKind;
  /** Version of the node's software: 1 to 64 of letters, digits and `._+-`. */
  readonly software: string;
  /** Seconds since 1970, by the node's clock. */
  readonly issuedAt: number;
};

/**
 * The bytes that the identity key signs. They start with their own label as text, so they are never a binary
 * input of PROTOCOL 2, which starts with a length.
 */
export function enrolmentMessage(enrolment: Enrolment): Uint8Array {
  const { identityKey, hpkeKey, environment, keystore, software, issuedAt } = enrolment;
  return utf8(
    [
      'strongroom/v1/enrolment',
      `identity-key ${toBase64(identityKey)}`,
      `hpke-key ${toBase64(hpkeKey)}`,
      `environment ${environment}`,
      `keystore ${keystore}`,
      `software ${software}`,
      `issued ${issuedAt}`,
      '',
    ].join('\n'),
  );
}

/** The whole statement: the message and its signature line. @throws FormatError when it would not verify */
export function encodeEnrolment(enrolment: Enrolment, signature: Uint8Array): Uint8Array {
  const statement = Uint8Array.of(...enrolmentMessage(enrolment), ...utf8(`signature ${toBase64(signature)}\n`));
  verifyEnrolment(statement);
  return statement;
}

/** Signs with the identity key. @throws FormatError when the signer holds another key or a field is malformed */
export function signEnrolment(enrolment: Enrolment, identity: Ed25519Signer): Uint8Array {
  return encodeEnrolment(enrolment, identity.sign(enrolmentMessage(enrolment)));
}

/** 32 bytes: SHA-256 of the whole statement, a member's `evidence`; the same as `sha256sum` of the file. */
export function enrolmentDigest(statement: Uint8Array): Uint8Array {
  return sha256(statement);
}

/** Grammar, one encoding, usable keys, then the signature. @throws FormatError */
export function verifyEnrolment(statement: Uint8Array): Enrolment {
  const { enrolment, signature } = parseEnrolment(statement);
  const identity = refuseEd25519Key(enrolment.identityKey);
  if (identity !== undefined) throw new FormatError('identity-key', identity);
  const hpke = refuseX25519Key(enrolment.hpkeKey);
  if (hpke !== undefined) throw new FormatError('hpke-key', hpke);
  if (enrolment.environment === 'hsm' && enrolment.keystore !== 'pkcs11') {
    throw new FormatError('environment', 'is hsm without a PKCS#11 keystore');
  }
  if (!verifyEd25519(signature, enrolmentMessage(enrolment), enrolment.identityKey)) {
    throw new FormatError('signature', 'is not by the identity key');
  }
  return enrolment;
}

/** Grammar and one encoding alone; trust nothing of it before `verifyEnrolment`. @throws FormatError */
export function parseEnrolment(statement: Uint8Array): { readonly enrolment: Enrolment; readonly signature: Uint8Array } {
  if (statement.length > MAX_ENROLMENT_BYTES) throw new FormatError('enrolment', 'is too long');
  const text = fromUtf8(statement, 'enrolment');
  const reader = new LineReader(text, 'enrolment');
  if (reader.line('label') !== 'strongroom/v1/enrolment') throw new FormatError('label', 'is not that of an enrolment');
  const enrolment: Enrolment = {
    identityKey: fromBase64(reader.value('identity-key', /^(.{43}=)$/), 'identity-key'),
    hpkeKey: fromBase64(reader.value('hpke-key', /^(.{43}=)$/), 'hpke-key'),
    environment: reader.value('environment', /^(software|hsm)$/) === 'hsm' ? 'hsm' : 'software',
    keystore: reader.value('keystore', /^(sealed-file|pkcs11)$/) === 'pkcs11' ? 'pkcs11' : 'sealed-file',
    software: reader.value('software', /^([A-Za-z0-9._+-]{1,64})$/),
    issuedAt: integer(reader.value('issued', /^(0|[1-9]\d*)$/), 'issued'),
  };
  const signature = fromBase64(reader.value('signature', /^(.{86}==)$/), 'signature');
  reader.end('enrolment');
  // Each line above admits one encoding of its value, so the statement has one too.
  return { enrolment, signature };
}
