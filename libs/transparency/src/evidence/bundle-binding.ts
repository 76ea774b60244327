import { BundleError } from '../check/check.js';
import { checkBothSignatures, checkNoteGrammar, checkRoundTrip } from '../check/note-checks.js';
import { checkTrustRoot } from '../check/state-checks.js';
import { FormatError } from '../errors/format-error.js';
import { bundleNoteOf } from '../proof/bundle-proof.js';
import type { TrustRoot } from '../trust-root/trust-root.js';
import type { DeploymentCheck } from './deployment-checks.js';
import type { Envelope } from './dsse.js';
import { deploymentDigest, statementOf } from './parse-statement.js';
import { refuseDeployment } from './roster-digest.js';

/**
 * Whether this bundle, a note or a proof, is both roles' and binds this statement and these members. Nothing that depends on
 * a clock or a memory is asked: it may be an old one.
 */
export function checkBinding(source: string, envelope: Envelope, trustRoot: TrustRoot): DeploymentCheck {
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
