import { toBase64 } from '../encoding/base64.js';
import { toHex } from '../encoding/octets.js';
import type { FleetEvidence } from '../bundle/derive-bundle.js';
import { signEnvelope, type Envelope } from '../evidence/dsse.js';
import { deploymentDigest, draftEnvelope, statementOf } from '../evidence/parse-statement.js';
import type { Deployment } from '../evidence/roster-digest.js';
import { subjectsOf } from '../evidence/statement-rules.js';
import {
  PREDICATE_TYPE,
  STATEMENT_TYPE,
  type AttestedFleet,
  type DeploymentPredicate,
  type DeploymentStatement,
} from '../evidence/statement.js';
import { appendStep, outputDigest, type Transcript } from '../evidence/transcript.js';
import { enrolmentDigest, verifyEnrolment } from '../enrolment/enrolment.js';
import { trustRootDigest } from '../trust-root/trust-root-document.js';
import type { TrustRoot } from '../trust-root/trust-root.js';
import { makeVkey } from '../vkey/vkey.js';
import { exampleFleet, exampleSigner, exampleTrustRoot, NOW_SECONDS } from './example-bundle.js';

/** Specs only: three custodians from seeds, of whom two are needed. */
export const custodianSigners = [241, 242, 243].map(exampleSigner);
const custodianKeys = custodianSigners.map(({ publicKey }, i) => makeVkey(`custodian.example/${i + 1}`, publicKey));

export const custodialTrustRoot: TrustRoot = { ...exampleTrustRoot, custodians: { threshold: 2, keys: custodianKeys } };

export const exampleSoftware: DeploymentPredicate['software'] = {
  artifacts: [
    { digest: { sha256: '1'.repeat(64) }, name: 'apps/hsm-node' },
    { digest: { sha256: '3'.repeat(64) }, name: 'libs' },
  ],
  buildDefinition: {
    buildType: 'urn:strongroom:build:npm:v1',
    externalParameters: { node: 'v24.0.0', source: 'unknown' },
    resolvedDependencies: [{ digest: { sha256: '2'.repeat(64) }, name: 'package-lock.json' }],
  },
  runDetails: { builder: { id: 'unknown' } },
};

export function attestedFleet({ statements, state: _state, ...parameters }: FleetEvidence): AttestedFleet {
  const members = statements.map((bytes, i) => {
    const { identityKey, hpkeKey, issuedAt: _issuedAt, ...said } = verifyEnrolment(bytes);
    const keys = { hpkeKey: toBase64(hpkeKey), identityKey: toBase64(identityKey) };
    return {
      ...said,
      ...keys,
      digest: `sha256:${toHex(enrolmentDigest(bytes))}`,
      index: i + 1,
      statement: new TextDecoder().decode(bytes),
    };
  });
  return { ...parameters, members };
}

export type ExampleDeployment = {
  readonly fleets?: readonly FleetEvidence[];
  readonly predecessor?: string;
  readonly trustRoot?: TrustRoot;
};

export function exampleTranscript(fleet: AttestedFleet, namespace: string, at: number = NOW_SECONDS - 60): Transcript {
  const rest = { at, exception: '', who: 'olga' };
  const [subject] = subjectsOf(namespace, [fleet]);
  const software = appendStep([], { ...rest, step: 'software', output: outputDigest(exampleSoftware) });
  return appendStep(software, { ...rest, step: 'members', output: `sha256:${subject?.digest.sha256 ?? ''}` });
}

/** An admission, unless changed, of the example fleet. */
export function exampleStatement(options: ExampleDeployment = {}, changes: Partial<DeploymentPredicate> = {}): DeploymentStatement {
  const { fleets = [exampleFleet()], predecessor = 'none', trustRoot = custodialTrustRoot } = options;
  const attested = fleets.map(attestedFleet);
  const [first] = attested;
  if (!first) throw new RangeError('no fleet');
  const { namespace, version } = trustRoot;
  const predicate: DeploymentPredicate = {
    environment: 'software',
    fleet: first.fleetId,
    fleets: attested,
    issued: NOW_SECONDS - 30,
    knownAnswers: [],
    namespace,
    predecessor,
    software: exampleSoftware,
    stage: 'admission',
    transcript: exampleTranscript(first, namespace),
    trustRoot: { digest: `sha256:${toHex(trustRootDigest(trustRoot))}`, version },
    ...changes,
  };
  return { _type: STATEMENT_TYPE, predicate, predicateType: PREDICATE_TYPE, subject: subjectsOf(namespace, predicate.fleets) };
}

/** Signed by the first `custodians` custodians. */
export function signedByCustodians(statement: DeploymentStatement, custodians = 2): Envelope {
  return custodianSigners
    .slice(0, custodians)
    .reduce((envelope, signer, i) => signEnvelope(envelope, `custodian.example/${i + 1}`, signer), draftEnvelope(statement));
}

/** What a bundle binds of it. */
export function exampleDeployment(options: ExampleDeployment = {}): Deployment {
  const envelope = draftEnvelope(exampleStatement(options));
  return { digest: deploymentDigest(envelope), statement: statementOf(envelope) };
}
