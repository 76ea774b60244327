import type { Deployment } from '@strongroom/transparency';

/** What a bundle may name: statements that this auditor has signed. */
export abstract class SignedDeployments {
  abstract signedBefore(digest: Uint8Array | undefined): Promise<Deployment | undefined>;
}

/** The auditor's own record of the deployment statements that it signed. Rows are never changed or removed. */
export abstract class DeploymentRecord {
  /** Keeps the envelope as it was when the auditor signed, once per digest, before the signature leaves the process. */
  abstract keep(digest: string, envelope: string): Promise<void>;

  /** The envelope, by the hexadecimal digest of its statement. */
  abstract byDigest(digest: string): Promise<string | undefined>;
}
