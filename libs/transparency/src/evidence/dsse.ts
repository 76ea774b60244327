import { fromBase64, toBase64 } from '../encoding/base64.js';
import { sameOctets, toHex, utf8 } from '../encoding/octets.js';
import { FormatError } from '../errors/format-error.js';
import { verifyEd25519, type Ed25519Signer } from '../keys/ed25519.js';
import { makeVkey, type Vkey } from '../vkey/vkey.js';
import { canonicalJson, parseJson } from './canonical-json.js';
import { list, record, text, type ReadBy } from './read-json.js';

/** in-toto v1, envelope layer: the payload is a Statement in JSON. */
export const IN_TOTO_TYPE = 'application/vnd.in-toto+json';
export const MAX_PAYLOAD_BYTES = 192 * 1024;
/** Base64 of the largest payload, and room for the signatures. */
export const MAX_ENVELOPE_BYTES = 300 * 1024;
const MAX_SIGNATURES = 32;

const readEnvelope = record({
  payload: text(/^[A-Za-z0-9+/]+={0,2}$/),
  payloadType: text(/^[!-~]{1,128}$/),
  signatures: list(record({ keyid: text(/^[!-~]{1,300}$/), sig: text(/^[A-Za-z0-9+/]{4,200}={0,2}$/) }), 0, MAX_SIGNATURES),
});

export type EnvelopeSignature = ReadBy<typeof readEnvelope>['signatures'][number];

/** A DSSE v1 envelope. Without signatures it is a draft that waits for the first. */
export type Envelope = {
  readonly payloadType: string;
  readonly payload: Uint8Array;
  readonly signatures: readonly EnvelopeSignature[];
};

/** DSSE v1: `"DSSEv1" SP LEN(type) SP type SP LEN(body) SP body`, what every signature is over. */
export function preAuthEncoding(payloadType: string, payload: Uint8Array): Uint8Array {
  const type = utf8(payloadType);
  return joined([utf8(`DSSEv1 ${type.length} `), type, utf8(` ${payload.length} `), payload]);
}

/**
 * Narrower than DSSE, so that an envelope has one encoding: standard base64, a keyid with every signature, members in the
 * order of `canonicalJson`, a final line feed. Every DSSE tool reads it. @throws FormatError
 */
export function parseEnvelope(source: string): Envelope {
  if (source.length > MAX_ENVELOPE_BYTES) throw new FormatError('envelope', 'is too long');
  const read = readEnvelope(parseJson(source, 'envelope'), 'envelope');
  const payload = fromBase64(read.payload, 'payload');
  if (payload.length > MAX_PAYLOAD_BYTES) throw new FormatError('payload', 'is too long');
  const envelope = { payloadType: read.payloadType, payload, signatures: read.signatures };
  for (const { sig } of read.signatures) fromBase64(sig, 'signature');
  if (formatEnvelope(envelope) !== source) throw new FormatError('envelope', 'is not in its one encoding');
  return envelope;
}

export function formatEnvelope({ payloadType, payload, signatures }: Envelope): string {
  return `${canonicalJson({ payload: toBase64(payload), payloadType, signatures })}\n`;
}

/** A hint and no more: name and id of the key that is to be tried. */
export function keyidOf(vkey: Vkey): string {
  return `${vkey.name}+${toHex(vkey.keyId)}`;
}

/** One more signature over the same bytes. @throws FormatError when the name or key is unusable */
export function signEnvelope(envelope: Envelope, name: string, signer: Ed25519Signer): Envelope {
  const keyid = keyidOf(makeVkey(name, signer.publicKey));
  const sig = toBase64(signer.sign(preAuthEncoding(envelope.payloadType, envelope.payload)));
  return mergeEnvelopes(envelope, { ...envelope, signatures: [{ keyid, sig }] });
}

/** The signatures of both, each once. @throws FormatError when they are not over the same bytes */
export function mergeEnvelopes(a: Envelope, b: Envelope): Envelope {
  if (a.payloadType !== b.payloadType || !sameOctets(a.payload, b.payload)) {
    throw new FormatError('payload', 'is not the one that the other signatures are over');
  }
  const known = new Set(a.signatures.map(({ keyid, sig }) => `${keyid} ${sig}`));
  const added = b.signatures.filter(({ keyid, sig }) => !known.has(`${keyid} ${sig}`));
  if (known.size + added.length > MAX_SIGNATURES) throw new FormatError('signatures', 'are too many');
  return { ...a, signatures: [...a.signatures, ...added] };
}

/**
 * The keys of `known` that signed, each once however often it did. Signatures by others are ignored; a bad one under the
 * keyid of a known key rejects the envelope. @throws FormatError
 */
export function verifyEnvelope(envelope: Envelope, known: readonly Vkey[]): readonly Vkey[] {
  const message = preAuthEncoding(envelope.payloadType, envelope.payload);
  const signed = new Set<Vkey>();
  for (const { keyid, sig } of envelope.signatures) {
    const [vkey, ...others] = known.filter((each) => keyidOf(each) === keyid);
    if (others.length > 0) throw new FormatError('signatures', 'match two known keys');
    if (!vkey) continue;
    if (!verifyEd25519(fromBase64(sig, 'signature'), message, vkey.publicKey)) {
      throw new FormatError('signatures', `has a bad one by ${vkey.name}`);
    }
    signed.add(vkey);
  }
  return [...signed];
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
