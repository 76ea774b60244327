import { Injectable } from '@nestjs/common';
import { demandDeployment, toHex, VaultError } from '@strongroom/protocol';
import { Clock, nodeVerifier } from '@strongroom/platform';
import { deploymentDigest, mergeEnvelopes, signEnvelope, verifyEnvelope } from '@strongroom/transparency';
import { Countersigner } from '../countersigner/countersigner.js';
import { PublisherIdentity } from '../identity/identity.js';
import { Registry } from '../registry/registry.js';
import { envelopeOf, signedDeployment, type SignedDeployment } from './deployment.js';
import { DeploymentStore } from './deployment.store.js';

/** Leads a statement that custodians have signed to one that all have signed. Done again it goes on where it stopped. */
@Injectable()
export class DeploymentService {
  constructor(
    private readonly store: DeploymentStore,
    private readonly registry: Registry,
    private readonly countersigner: Countersigner,
    private readonly identity: PublisherIdentity,
    private readonly clock: Clock,
  ) {}

  /** @throws NOT_FOUND */
  async read(digest: string): Promise<SignedDeployment> {
    const kept = await this.store.byDigest(digest);
    if (!kept) throw new VaultError('NOT_FOUND', 'there is no such deployment statement', { field: 'digest' });
    return kept;
  }

  /**
   * The publisher looks for itself before it asks the auditor, so that neither signs on the other's word.
   * @throws REQUEST_INVALID naming the check that failed here or at the auditor; FLEET_UNAVAILABLE: ask again
   */
  async submit(source: string): Promise<SignedDeployment> {
    const { trustRoot, signer } = this.identity;
    const envelope = envelopeOf(source);
    const digest = toHex(deploymentDigest(envelope));
    const kept = await this.store.byDigest(digest);
    if (kept) return kept;
    const evidence = await this.registry.evidence();
    demandDeployment({ envelope, trustRoot, evidence, nowMs: this.clock.nowMs(), verifier: nodeVerifier });
    const countersigned = mergeEnvelopes(envelope, await this.countersigner.countersignDeployment(envelope));
    if (verifyEnvelope(countersigned, [trustRoot.auditor]).length === 0) {
      throw new VaultError('BUNDLE_INVALID', 'the auditor has not signed the deployment statement', { check: 'auditor' });
    }
    const signed = signedDeployment(signEnvelope(countersigned, trustRoot.operator.name, signer));
    await this.store.keep(signed);
    return this.read(digest);
  }
}
