import { toHex, utf8 } from '@strongroom/protocol';
import type { FleetEvidenceView } from '@strongroom/stack';
import {
  enrolmentDigest,
  PREDICATE_TYPE,
  STATEMENT_TYPE,
  subjectsOf,
  toBase64,
  trustRootDigest,
  verifyEnrolment,
  type AttestedFleet,
  type DeploymentStatement,
  type KnownAnswer,
  type SoftwareEvidence,
  type Transcript,
  type TrustRoot,
} from '@strongroom/transparency';

/** Every fleet that a bundle may list, as its members sign for themselves. @throws FormatError for a statement that does not verify */
export function attestedFleets(evidence: readonly FleetEvidenceView[]): readonly AttestedFleet[] {
  return evidence
    .filter(({ state }) => state !== 'retired')
    .map(({ fleetId, epoch, parameters, statements }) => ({ ...parameters, epoch, fleetId, members: statements.map(memberOf) }))
    .sort((a, b) => (a.fleetId < b.fleetId ? -1 : 1));
}

function memberOf(statement: string, i: number): AttestedFleet['members'][number] {
  const bytes = utf8(statement);
  const { identityKey, hpkeKey, environment, keystore, software } = verifyEnrolment(bytes);
  return {
    digest: `sha256:${toHex(enrolmentDigest(bytes))}`,
    environment,
    hpkeKey: toBase64(hpkeKey),
    identityKey: toBase64(identityKey),
    index: i + 1,
    keystore,
    software,
    statement,
  };
}

export type StatementParts = {
  readonly trustRoot: TrustRoot;
  readonly fleetId: string;
  readonly fleets: readonly AttestedFleet[];
  readonly software: SoftwareEvidence;
  readonly transcript: Transcript;
  readonly knownAnswers: readonly KnownAnswer[];
  readonly stage: 'admission' | 'acceptance';
  readonly predecessor: string;
  /** Seconds since 1970. */
  readonly issued: number;
};

/** The statement that follows from what the ceremony has come to. */
export function buildStatement({ trustRoot, fleetId, fleets, ...parts }: StatementParts): DeploymentStatement {
  const { namespace, version } = trustRoot;
  const hardware = fleets.every(({ members }) => members.every(({ environment }) => environment === 'hsm'));
  return {
    _type: STATEMENT_TYPE,
    predicate: {
      ...parts,
      environment: hardware ? 'hsm' : 'software',
      fleet: fleetId,
      fleets,
      namespace,
      trustRoot: { digest: `sha256:${toHex(trustRootDigest(trustRoot))}`, version },
    },
    predicateType: PREDICATE_TYPE,
    subject: subjectsOf(namespace, fleets),
  };
}
