import {
  BundleError,
  bundleNoteOf,
  checkBothSignatures,
  checkNoteGrammar,
  checkRoundTrip,
  checkTrustRoot,
  deploymentDigest,
  FormatError,
  refuseDeployment,
  statementOf,
  type DeploymentCheck,
  type Envelope,
  type TrustRoot,
} from '@strongroom/transparency';

/**
 * Whether this bundle, a note or a proof, is both roles' and binds this statement and these members. Nothing that depends on
 * a clock or a memory is asked: it may be an old one.
 */
export function checkBundle(source: string, envelope: Envelope, trustRoot: TrustRoot): DeploymentCheck {
  const check = 'bundle';
  try {
    const { note, bundle } = checkNoteGrammar(bundleNoteOf(source));
    checkRoundTrip(note, bundle);
    checkBothSignatures(note, trustRoot);
    checkTrustRoot(bundle, trustRoot);
    const reason = refuseDeployment(bundle, { digest: deploymentDigest(envelope), statement: statementOf(envelope) });
    if (reason !== undefined) return { check, outcome: 'failed', saw: reason };
    return { check, outcome: 'ok', saw: `epoch ${bundle.epoch}, signed by both roles, binds this statement and these members` };
  } catch (error) {
    if (error instanceof BundleError || error instanceof FormatError) return { check, outcome: 'failed', saw: error.message };
    throw error;
  }
}
