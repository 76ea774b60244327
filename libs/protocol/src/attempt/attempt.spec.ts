import { describe, expect, it } from '@jest/globals';
import { toHex } from '../encoding/bytes.js';
import { attemptCore } from '../vectors/samples.js';
import { attemptId, type AttemptRequest } from './attempt.js';

const other = new Uint8Array(32).fill(1);
const changes: readonly Partial<AttemptRequest>[] = [
  { fleetId: 'eu-2' },
  { uid: other },
  { ver: 4 },
  { blinded: other },
  { ephemeralKey: other },
  { bindingKey: other },
  { nonce: other.subarray(16) },
];

describe('attemptId', () => {
  it('is bound to every field of the request', () => {
    const ids = [attemptCore, ...changes.map((change) => ({ ...attemptCore, ...change }))].map((request) => toHex(attemptId(request)));
    expect(new Set(ids).size).toBe(changes.length + 1);
  });

  it('stays the same when the same request is sent again', () => {
    expect(attemptId({ ...attemptCore })).toEqual(attemptId(attemptCore));
  });
});
