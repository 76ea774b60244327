import { allDeploymentChecks, nobleVerifier } from '@strongroom/protocol';
import {
  checkBinding,
  deploymentPage,
  FormatError,
  parseEnvelope,
  parseTrustRoot,
  printable,
  type DeploymentCheck,
  type DeploymentPage,
} from '@strongroom/transparency';

export type JudgedDeployment = {
  readonly checks: readonly DeploymentCheck[];
  /** What the statement says; `undefined` when it is none. */
  readonly page: DeploymentPage | undefined;
};

/** As `strongroom evidence verify` judges it, with the bundle that is on the page. @throws FormatError when the trust root is none */
export function judgeDeployment(envelopeText: string, trustRootText: string, bundle: string | undefined): JudgedDeployment {
  const trustRoot = parseTrustRoot(trustRootText);
  try {
    const envelope = parseEnvelope(envelopeText);
    const { statement, checks } = allDeploymentChecks(envelope, trustRoot, 'all', nobleVerifier);
    const bound = bundle !== undefined && statement ? [checkBinding(bundle, envelope, trustRoot)] : [];
    const told = [...checks, ...bound].map((each) => ({ ...each, saw: printable(each.saw) }));
    return { checks: told, page: statement && deploymentPage(envelope, { sample: false }) };
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return { checks: [{ check: 'envelope', outcome: 'failed', saw: printable(error.message) }], page: undefined };
  }
}
