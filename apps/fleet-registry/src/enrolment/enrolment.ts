import type { enrolmentView } from '@strongroom/contracts';
import { invalid, toBase64url, toHex, type Bytes } from '@strongroom/protocol';
import { enrolmentDigest, FormatError, verifyEnrolment, type Enrolment } from '@strongroom/transparency';
import type { z } from 'zod';

/** A node that enrolled itself. All but the time follows from its signed statement. */
export type EnrolledNode = {
  /** Lower-case hexadecimal SHA-256 of the statement. */
  readonly digest: string;
  readonly statement: Bytes;
  readonly enrolment: Enrolment;
  readonly enrolledAtMs: number;
};

/** How far a node's clock may be ahead of ours. */
const MAX_AHEAD_MS = 300_000;

/** Verifies a statement before anything of it is stored. @throws REQUEST_INVALID naming the part that is wrong */
export function admitStatement(statement: Bytes, nowMs: number): EnrolledNode {
  const enrolment = verified(statement);
  if (enrolment.issuedAt * 1000 > nowMs + MAX_AHEAD_MS) throw invalid('statement', 'issued: is still to come');
  return { digest: toHex(enrolmentDigest(statement)), statement, enrolment, enrolledAtMs: nowMs };
}

export function viewOf({ digest, enrolment, enrolledAtMs }: EnrolledNode): z.infer<typeof enrolmentView> {
  return {
    digest,
    identityKey: toBase64url(enrolment.identityKey),
    hpkeKey: toBase64url(enrolment.hpkeKey),
    environment: enrolment.environment,
    keystore: enrolment.keystore,
    softwareVersion: enrolment.software,
    enrolledAt: new Date(enrolledAtMs).toISOString(),
  };
}

function verified(statement: Bytes): Enrolment {
  try {
    return verifyEnrolment(statement);
  } catch (error) {
    if (error instanceof FormatError) throw invalid('statement', error.message);
    throw error;
  }
}
