import { describe, expect, it } from '@jest/globals';
import { fromHex, toHex, type Bytes } from '../encoding/bytes.js';
import { nobleGroup } from '../group/noble-group.js';
import { evaluateKnown, finalize } from '../oprf/oprf.js';
import { identityStretcher } from '../stretching/key-stretcher.js';
import { refusal } from '../vectors/refusal.js';
import { readVectors } from '../vectors/vectors.js';
import { randomizedPassword, recoverEnvelope, storeEnvelope, type EnvelopeIdentities } from './envelope.js';

type EnvelopeVector = Readonly<
  Record<
    | 'password'
    | 'oprfKey'
    | 'blind'
    | 'registrationRequest'
    | 'evaluatedElement'
    | 'serverPublicKey'
    | 'serverIdentity'
    | 'clientIdentity'
    | 'envelopeNonce'
    | 'randomizedPassword'
    | 'envelope'
    | 'exportKey',
    string
  >
>;

const { cases } = readVectors<{ readonly cases: readonly EnvelopeVector[] }>('valid/envelope.json');
const identitiesOf = (vector: EnvelopeVector): EnvelopeIdentities => ({
  serverPublicKey: fromHex(vector.serverPublicKey),
  serverIdentity: fromHex(vector.serverIdentity),
  clientIdentity: fromHex(vector.clientIdentity),
});

describe.each(cases)('RFC 9807 appendix C, client identity $clientIdentity', (vector) => {
  const identities = identitiesOf(vector);
  const randomized = fromHex(vector.randomizedPassword);
  const envelope = fromHex(vector.envelope);

  it('gives the randomized password', async () => {
    const password = fromHex(vector.password);
    expect(toHex(nobleGroup.multiply(fromHex(vector.registrationRequest), fromHex(vector.oprfKey)))).toBe(vector.evaluatedElement);
    const output = finalize(password, fromHex(vector.blind), fromHex(vector.evaluatedElement));
    expect(output).toEqual(evaluateKnown(fromHex(vector.oprfKey), password));
    expect(toHex(await randomizedPassword(output, identityStretcher))).toBe(vector.randomizedPassword);
  });

  it('stores the same envelope and recovers the same export key', () => {
    const stored = storeEnvelope(randomized, identities, { bytes: () => fromHex(vector.envelopeNonce) });
    expect(toHex(stored.envelope)).toBe(vector.envelope);
    expect(toHex(stored.exportKey)).toBe(vector.exportKey);
    expect(toHex(recoverEnvelope(randomized, identities, envelope) ?? new Uint8Array(0))).toBe(vector.exportKey);
  });

  it('opens for nothing else: password, identities, key and every byte of the envelope count', () => {
    const other = new Uint8Array(64).fill(1);
    expect(recoverEnvelope(other, identities, envelope)).toBeUndefined();
    for (const field of ['serverPublicKey', 'serverIdentity', 'clientIdentity'] as const) {
      const changed: Bytes = Uint8Array.from(identities[field]);
      changed[0] = (changed[0] ?? 0) ^ 1;
      expect(recoverEnvelope(randomized, { ...identities, [field]: changed }, envelope)).toBeUndefined();
    }
    for (let i = 0; i < envelope.length; i++) {
      const changed = Uint8Array.from(envelope);
      changed[i] = (changed[i] ?? 0) ^ 0x80;
      expect(recoverEnvelope(randomized, identities, changed)).toBeUndefined();
    }
  });

  it('refuses an envelope of another length', () => {
    for (const bytes of [envelope.subarray(0, 95), Uint8Array.from([...envelope, 0])]) {
      expect(refusal(() => recoverEnvelope(randomized, identities, bytes))).toBe('REQUEST_INVALID envelope');
    }
  });
});
