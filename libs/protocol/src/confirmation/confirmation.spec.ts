import { describe, expect, it } from '@jest/globals';
import { nobleVerifier } from '../keys/noble-signature.js';
import { deviceSigner, otherSigner, sampleUid } from '../vectors/samples.js';
import { signConfirmation, verifyConfirmation, type ConfirmedAttempt } from './confirmation.js';

const attempt: ConfirmedAttempt = { fleetId: 'eu-1', uid: sampleUid, ver: 3, index: 17, attemptId: new Uint8Array(32).fill(2) };
const signature = signConfirmation(deviceSigner, attempt);
const changes: readonly Partial<ConfirmedAttempt>[] = [
  { fleetId: 'eu-2' },
  { uid: new Uint8Array(32) },
  { ver: 4 },
  { index: 18 },
  { attemptId: new Uint8Array(32) },
];

describe('confirmations', () => {
  it('verify under the confirm key alone', () => {
    expect(verifyConfirmation(nobleVerifier, deviceSigner.publicKey, attempt, signature)).toBe(true);
    expect(verifyConfirmation(nobleVerifier, otherSigner.publicKey, attempt, signature)).toBe(false);
  });

  it.each(changes)('are bound to the attempt: %j', (change) => {
    expect(verifyConfirmation(nobleVerifier, deviceSigner.publicKey, { ...attempt, ...change }, signature)).toBe(false);
  });
});
