import {
  deploymentChecks,
  type AttestedFleet,
  type DeploymentCheck,
  type DeploymentStatement,
  type Envelope,
  type FleetEvidence,
  type Signers,
  type TrustRoot,
} from '@strongroom/transparency';
import { toHex, utf8 } from '../encoding/bytes.js';
import { invalid, VaultError } from '../errors/protocol-error.js';
import type { SignatureVerifier } from '../keys/signature.js';
import { checkKnownAnswer } from './check-known-answer.js';

/** A signer signs what was made lately: people are still there to be asked. */
const MAX_AGE_S = 7 * 86_400;
const MAX_AHEAD_S = 300;

/** Every check of a deployment that needs nothing but the envelope and the trust root, the nodes' replies included. */
export function allDeploymentChecks(
  envelope: Envelope,
  trustRoot: TrustRoot,
  signers: Signers,
  verifier: SignatureVerifier,
): { readonly statement: DeploymentStatement | undefined; readonly checks: readonly DeploymentCheck[] } {
  const { statement, checks } = deploymentChecks(envelope, trustRoot, signers);
  if (!statement) return { statement, checks };
  const { knownAnswers, stage } = statement.predicate;
  if (stage === 'admission') {
    return { statement, checks: [...checks, { check: 'known-answers', outcome: 'ok', saw: 'an admission: nothing has run yet' }] };
  }
  const answered = knownAnswers.map((answer): DeploymentCheck => {
    const check = `known-answer ${answer.name}`;
    try {
      return { check, outcome: 'ok', saw: checkKnownAnswer(statement, answer, verifier) };
    } catch (error) {
      if (!(error instanceof VaultError)) throw error;
      return { check, outcome: 'failed', saw: error.message };
    }
  });
  return { statement, checks: [...checks, ...answered] };
}

export type DeploymentCase = {
  readonly envelope: Envelope;
  readonly trustRoot: TrustRoot;
  /** What the registry has: the statement is about these machines or about none. */
  readonly evidence: readonly FleetEvidence[];
  readonly nowMs: number;
  readonly verifier: SignatureVerifier;
};

/**
 * Whether a signing role may sign: custodians have, every check holds, it is recent, and its fleets are those of the
 * registry, statement by statement. @throws REQUEST_INVALID naming the check
 */
export function demandDeployment({ envelope, trustRoot, evidence, nowMs, verifier }: DeploymentCase): DeploymentStatement {
  const { statement, checks } = allDeploymentChecks(envelope, trustRoot, 'custodians', verifier);
  const failed = checks.find(({ outcome }) => outcome !== 'ok');
  if (failed || !statement) throw invalid(failed?.check ?? 'statement', failed?.saw ?? 'is missing');
  const { issued, fleets } = statement.predicate;
  if (issued > nowMs / 1000 + MAX_AHEAD_S) throw invalid('issued', 'is still to come');
  if (issued < nowMs / 1000 - MAX_AGE_S) throw invalid('issued', 'is more than seven days ago: hold the ceremony again');
  for (const fleet of fleets) {
    const kept = evidence.find(({ fleetId }) => fleetId === fleet.fleetId);
    if (!kept || !isSameFleet(fleet, kept)) throw invalid('fleets', `${fleet.fleetId} is not what the registry has`);
  }
  return statement;
}

function isSameFleet(fleet: AttestedFleet, kept: FleetEvidence): boolean {
  const names = ['epoch', 'n', 't', 'q', 'attempts', 'suite', 'ksf'] as const;
  if (names.some((name) => fleet[name] !== kept[name]) || fleet.members.length !== kept.statements.length) return false;
  return fleet.members.every(({ statement }, i) => toHex(utf8(statement)) === toHex(kept.statements[i] ?? new Uint8Array(0)));
}
