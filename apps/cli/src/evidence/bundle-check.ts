import {
  BundleError,
  deploymentDigest,
  parseBundle,
  parseNote,
  refuseDeployment,
  statementOf,
  verifyBundle,
  type DeploymentCheck,
  type Envelope,
  type TrustRoot,
} from '@strongroom/transparency';

/** Whether this bundle is both roles' and binds this statement and these members. At the bundle's own time: it may be an old one. */
export function checkBundle(note: string, envelope: Envelope, trustRoot: TrustRoot): DeploymentCheck {
  const check = 'bundle';
  try {
    const nowMs = parseBundle(parseNote(note).text).issuedAt * 1000;
    const { bundle } = verifyBundle({ note, trustRoot, memory: undefined, nowMs });
    const reason = refuseDeployment(bundle, { digest: deploymentDigest(envelope), statement: statementOf(envelope) });
    if (reason !== undefined) return { check, outcome: 'failed', saw: reason };
    return { check, outcome: 'ok', saw: `epoch ${bundle.epoch}, signed by both roles, binds this statement and these members` };
  } catch (error) {
    if (error instanceof BundleError || (error instanceof Error && error.name === 'FormatError')) {
      return { check, outcome: 'failed', saw: error.message };
    }
    throw error;
  }
}
