import { KNOWN_ANSWERS, readKnownAnswer } from './known-answer.js';
import { hex32, list, oneOf, record, sha256Name, sha256NameOrNone, text, whole, type ReadBy } from './read-json.js';
import { line, readTranscript } from './transcript.js';

export const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1';
/** Of our own; described in TRANSPARENCY 5. A name, not an address. */
export const PREDICATE_TYPE = 'urn:strongroom:deployment:v1';

const base64Key = text(/^[A-Za-z0-9+/]{43}=$/);
const digest = record({ sha256: hex32 });
const artifact = record({ digest, name: line(200) });

/** What a member says of itself is said twice: in the words of its own signed statement, and taken out for readers. */
const readMember = record({
  digest: sha256Name,
  environment: oneOf('software', 'hsm'),
  hpkeKey: base64Key,
  identityKey: base64Key,
  index: whole(1, 32),
  keystore: oneOf('sealed-file', 'pkcs11'),
  software: text(/^[A-Za-z0-9._+-]{1,64}$/),
  /** The enrolment statement, TRANSPARENCY 2. */
  statement: text(/^[\n -~]{1,4096}$/),
});

const readFleet = record({
  attempts: whole(1, 100),
  epoch: whole(1, Number.MAX_SAFE_INTEGER),
  fleetId: text(/^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/),
  ksf: text(/^[a-z0-9:]{1,40}$/),
  members: list(readMember, 2, 32),
  n: whole(2, 32),
  q: whole(2, 32),
  suite: whole(1, 255),
  t: whole(2, 32),
});

/** Members named as in SLSA provenance v1, those of them that can be filled in truthfully. */
export const readSoftware = record({
  /** What was installed where the ceremony was led. */
  artifacts: list(artifact, 1, 32),
  buildDefinition: record({
    buildType: line(200),
    externalParameters: record({ node: line(40), source: line(300) }),
    resolvedDependencies: list(artifact, 1, 32),
  }),
  runDetails: record({ builder: record({ id: line(200) }) }),
});

export const readAttestedFleets = list(readFleet, 1, 16);

const readPredicate = record({
  environment: oneOf('software', 'hsm'),
  /** The fleet that this ceremony was about. */
  fleet: text(/^[a-z0-9-]{1,32}$/),
  /** Every fleet that a bundle may list under this statement, in ascending order of their ids. */
  fleets: readAttestedFleets,
  issued: whole(0, Number.MAX_SAFE_INTEGER),
  knownAnswers: list(readKnownAnswer, 0, KNOWN_ANSWERS.length),
  namespace: line(128),
  /** Digest of the statement that the bundle before names. */
  predecessor: sha256NameOrNone,
  software: readSoftware,
  /** `admission`: custodians saw the machines, nothing has run yet. `acceptance`: the fleet has answered. */
  stage: oneOf('admission', 'acceptance'),
  transcript: readTranscript,
  trustRoot: record({ digest: sha256Name, version: whole(1, Number.MAX_SAFE_INTEGER) }),
});

/** Grammar alone; others call `parseStatement`. */
export const readStatement = record({
  _type: oneOf(STATEMENT_TYPE),
  predicate: readPredicate,
  predicateType: oneOf(PREDICATE_TYPE),
  subject: list(record({ digest, name: line(200) }), 1, 16),
});

export type DeploymentStatement = ReadBy<typeof readStatement>;
export type DeploymentPredicate = DeploymentStatement['predicate'];
export type AttestedFleet = DeploymentPredicate['fleets'][number];
export type AttestedMember = AttestedFleet['members'][number];
export type SoftwareEvidence = DeploymentPredicate['software'];
