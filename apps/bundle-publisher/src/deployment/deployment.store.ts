import type { SignedDeployment } from './deployment.js';

/** Deployment statements that all have signed. None is changed or removed: bundles name them by digest. */
export abstract class DeploymentStore {
  /** Keeps it once per digest: a second time changes nothing. */
  abstract keep(deployment: SignedDeployment): Promise<void>;

  abstract byDigest(digest: string): Promise<SignedDeployment | undefined>;

  /** Those that follow `predecessor` (`sha256:…` or `none`), newest first, at most 16. */
  abstract following(predecessor: string): Promise<readonly SignedDeployment[]>;
}
