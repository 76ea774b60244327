import type { SignedDeployment } from './deployment.js';
import { DeploymentStore } from './deployment.store.js';

/** For specs: what PgDeploymentStore does, without a database. Passes the same suite. */
export class MemoryDeploymentStore extends DeploymentStore {
  private readonly kept = new Map<string, SignedDeployment>();

  override async keep(deployment: SignedDeployment): Promise<void> {
    if (!this.kept.has(deployment.digest)) this.kept.set(deployment.digest, deployment);
  }

  override async byDigest(digest: string): Promise<SignedDeployment | undefined> {
    return this.kept.get(digest);
  }

  override async following(predecessor: string): Promise<readonly SignedDeployment[]> {
    const all = [...this.kept.values()].filter((each) => each.predecessor === predecessor);
    return all.reverse().slice(0, 16);
  }
}
