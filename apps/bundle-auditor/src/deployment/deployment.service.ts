import { Injectable } from '@nestjs/common';
import { demandDeployment, toHex, VaultError } from '@strongroom/protocol';
import { Clock, nodeVerifier } from '@strongroom/platform';
import {
  deploymentDigest,
  FormatError,
  formatEnvelope,
  parseEnvelope,
  signEnvelope,
  statementOf,
  type Deployment,
  type Envelope,
} from '@strongroom/transparency';
import { EvidenceSource } from '../evidence/evidence.js';
import { AuditorIdentity } from '../identity/identity.js';
import { DeploymentRecord, SignedDeployments } from './deployment.store.js';

/** Looks at a deployment with the auditor's own eyes, and keeps what it signed: bundles may name nothing else. */
@Injectable()
export class DeploymentAudit extends SignedDeployments {
  constructor(
    private readonly record: DeploymentRecord,
    private readonly source: EvidenceSource,
    private readonly identity: AuditorIdentity,
    private readonly clock: Clock,
  ) {
    super();
  }

  /**
   * The envelope with the auditor's signature, the same each time.
   * @throws REQUEST_INVALID naming the check that failed; FLEET_UNAVAILABLE without the registry
   */
  async countersign(source: string): Promise<string> {
    const envelope = envelopeOf(source);
    const { trustRoot } = this.identity;
    const digest = toHex(deploymentDigest(envelope));
    const before = await this.record.byDigest(digest);
    if (before !== undefined) return this.signed(parseEnvelope(before));
    const evidence = await this.source.evidence();
    demandDeployment({ envelope, trustRoot, evidence, nowMs: this.clock.nowMs(), verifier: nodeVerifier });
    await this.record.keep(digest, formatEnvelope(envelope));
    return this.signed(envelope);
  }

  /** The statement under this digest (32 bytes), when this auditor signed it. */
  override async signedBefore(digest: Uint8Array | undefined): Promise<Deployment | undefined> {
    const kept = digest && (await this.record.byDigest(toHex(digest)));
    if (!digest || kept === undefined) return undefined;
    return { digest, statement: statementOf(parseEnvelope(kept)) };
  }

  /** Ed25519 signatures repeat themselves, so nothing of them is kept. */
  private signed(envelope: Envelope): string {
    const { trustRoot, signer } = this.identity;
    return formatEnvelope(signEnvelope(envelope, trustRoot.auditor.name, signer));
  }
}

function envelopeOf(source: string): Envelope {
  try {
    return parseEnvelope(source);
  } catch (error) {
    if (error instanceof FormatError) throw new VaultError('REQUEST_INVALID', error.message, { field: 'envelope' });
    throw error;
  }
}
