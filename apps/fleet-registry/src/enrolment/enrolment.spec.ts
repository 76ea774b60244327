import { describe, expect, it } from '@jest/globals';
import { toHex } from '@strongroom/protocol';
import { enrolmentDigest, signEnrolment } from '@strongroom/transparency';
import { exampleEnrolment, exampleSigner, NOW_MS, NOW_SECONDS } from '@strongroom/transparency/example';
import { admitStatement, viewOf } from './enrolment.js';

const statement = signEnrolment(exampleEnrolment(1), exampleSigner(1));

describe('admitting a statement', () => {
  it('takes everything but the time from what the node signed', () => {
    const node = admitStatement(statement, NOW_MS);
    expect(node).toEqual({
      digest: toHex(enrolmentDigest(statement)),
      statement,
      enrolment: exampleEnrolment(1),
      enrolledAtMs: NOW_MS,
    });
    expect(viewOf(node)).toMatchObject({ digest: node.digest, environment: 'software', enrolledAt: '2027-01-15T08:00:00.000Z' });
  });

  it('refuses one that its identity key did not sign', () => {
    const forged = statement.map((byte, i) => (i === statement.length - 20 ? byte ^ 1 : byte));
    expect(() => admitStatement(forged, NOW_MS)).toThrow(
      expect.objectContaining({ code: 'REQUEST_INVALID', metadata: { field: 'statement' } }),
    );
  });

  it('refuses one from the future, and takes one from a clock that is a little ahead', () => {
    const issued = (seconds: number) => signEnrolment(exampleEnrolment(1, { issuedAt: NOW_SECONDS + seconds }), exampleSigner(1));
    expect(() => admitStatement(issued(301), NOW_MS)).toThrow(expect.objectContaining({ code: 'REQUEST_INVALID' }));
    expect(admitStatement(issued(300), NOW_MS).enrolledAtMs).toBe(NOW_MS);
  });
});
