import { DeploymentRecord } from './deployment.store.js';

/** For specs: what PgDeploymentRecord does, without a database. Passes the same suite. */
export class MemoryDeploymentRecord extends DeploymentRecord {
  readonly kept = new Map<string, string>();

  override async keep(digest: string, envelope: string): Promise<void> {
    if (!this.kept.has(digest)) this.kept.set(digest, envelope);
  }

  override async byDigest(digest: string): Promise<string | undefined> {
    return this.kept.get(digest);
  }
}
