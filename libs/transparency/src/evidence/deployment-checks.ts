import { sameOctets, toHex } from '../encoding/octets.js';
import { FormatError } from '../errors/format-error.js';
import { trustRootDigest } from '../trust-root/trust-root-document.js';
import type { TrustRoot } from '../trust-root/trust-root.js';
import { verifyEnvelope, type Envelope } from './dsse.js';
import { deploymentName, statementOf } from './parse-statement.js';
import type { DeploymentStatement } from './statement.js';

/** Who must have signed: custodians alone before the auditor looks, all three for everybody else. */
export type Signers = 'custodians' | 'all';

/** What one check of a deployment looked at. A failed one says why; none is left out in silence. */
export type DeploymentCheck = { readonly check: string; readonly outcome: 'ok' | 'failed'; readonly saw: string };

export type CheckedDeployment = { readonly statement: DeploymentStatement | undefined; readonly checks: readonly DeploymentCheck[] };

/**
 * All that can be checked of an envelope offline without knowing votes: grammar and the rules inside, whose installation
 * it is, who signed. Never throws for what is in the envelope. Whoever decides on it also asks `checkKnownAnswer`.
 */
export function deploymentChecks(envelope: Envelope, trustRoot: TrustRoot, signers: Signers): CheckedDeployment {
  const checks: DeploymentCheck[] = [];
  const run = <T>(check: string, work: () => { readonly saw: string; readonly value: T }): T | undefined => {
    try {
      const { saw, value } = work();
      checks.push({ check, outcome: 'ok', saw });
      return value;
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      checks.push({ check, outcome: 'failed', saw: error.message });
      return undefined;
    }
  };
  run('custodians', () => checkCustodians(envelope, trustRoot));
  // A stranger's statement may have hundreds of signatures inside: a role that is asked to sign looks at none of them.
  if (signers === 'custodians' && checks.some(({ outcome }) => outcome === 'failed')) return { statement: undefined, checks };
  const statement = run('statement', () => seen(statementOf(envelope), `${envelope.payload.length} bytes, ${deploymentName(envelope)}`));
  if (statement) {
    const { environment, fleets, transcript } = statement.predicate;
    const members = fleets.reduce((count, fleet) => count + fleet.members.length, 0);
    run('environment', () => seen(undefined, `${environment}, as all ${members} members say`));
    run('members', () => seen(undefined, `${members} signed enrolment statements, the keys are theirs`));
    run('subject', () => seen(undefined, statement.subject.map(({ name, digest }) => `${name} sha256:${digest.sha256}`).join(', ')));
    run('transcript', () => seen(undefined, `${transcript.length} steps, each names the one before; ${exceptions(statement)} exceptions`));
    run('trust-root', () => checkInstallation(statement, trustRoot));
  }
  if (signers === 'all') {
    for (const role of ['auditor', 'operator'] as const) run(role, () => checkRole(envelope, trustRoot, role));
  }
  return { statement, checks };
}

function seen<T>(value: T, saw: string): { readonly saw: string; readonly value: T } {
  return { saw, value };
}

function exceptions({ predicate }: DeploymentStatement): number {
  return predicate.transcript.filter(({ exception }) => exception !== '').length;
}

function checkInstallation({ predicate }: DeploymentStatement, trustRoot: TrustRoot): { readonly saw: string; readonly value: undefined } {
  const { namespace, trustRoot: made } = predicate;
  if (namespace !== trustRoot.namespace) throw new FormatError('namespace', `${namespace} is not ${trustRoot.namespace}`);
  const own = `sha256:${toHex(trustRootDigest(trustRoot))}`;
  if (made.version !== trustRoot.version || made.digest !== own) {
    throw new FormatError(
      'trust root',
      `made for version ${made.version} (${made.digest}), not for ours, version ${trustRoot.version} (${own})`,
    );
  }
  return seen(undefined, `${namespace}, version ${made.version}, ${own}`);
}

/** Distinct keys are counted, never signatures: one custodian signing twice is one. */
function checkCustodians(envelope: Envelope, { custodians }: TrustRoot): { readonly saw: string; readonly value: undefined } {
  if (!custodians) throw new FormatError('custodians', 'the trust root names none');
  const signed = verifyEnvelope(envelope, custodians.keys);
  if (signed.length < custodians.threshold) {
    throw new FormatError('custodians', `${signed.length} have signed, ${custodians.threshold} of ${custodians.keys.length} are needed`);
  }
  return seen(
    undefined,
    `${signed.length} of ${custodians.keys.length}, ${custodians.threshold} needed: ${signed.map(({ name }) => name).join(', ')}`,
  );
}

function checkRole(
  envelope: Envelope,
  trustRoot: TrustRoot,
  role: 'auditor' | 'operator',
): { readonly saw: string; readonly value: undefined } {
  const vkey = trustRoot[role];
  const [signer] = verifyEnvelope(envelope, [vkey]);
  if (!signer || !sameOctets(signer.publicKey, vkey.publicKey)) throw new FormatError(role, `${vkey.name} has not signed`);
  return seen(undefined, vkey.name);
}
