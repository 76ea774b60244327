import { Injectable } from '@nestjs/common';
import { VaultError } from '@strongroom/protocol';
import { Clock } from '@strongroom/platform';
import { formatSignatureLine, signNoteText } from '@strongroom/transparency';
import { SignedDeployments } from '../deployment/deployment.store.js';
import { EvidenceSource } from '../evidence/evidence.js';
import { AuditorIdentity } from '../identity/identity.js';
import { answerFromRecord, demandSignable, deploymentNamed, digestOf, epochOf } from './audit.js';
import { AuditStore } from './audit.store.js';

@Injectable()
export class AuditService {
  constructor(
    private readonly store: AuditStore,
    private readonly source: EvidenceSource,
    private readonly identity: AuditorIdentity,
    private readonly clock: Clock,
    private readonly deployments: SignedDeployments,
  ) {}

  /**
   * The auditor's signature line over the text, the same each time.
   * @throws REQUEST_INVALID, CONFLICT as `demandSignable` and `answerFromRecord` say; FLEET_UNAVAILABLE
   */
  async countersign(text: string): Promise<string> {
    const epoch = epochOf(text);
    const { same, last } = await this.store.around(epoch);
    const given = answerFromRecord(text, same);
    if (given !== undefined) return given;
    const { trustRoot, signer, allowBenchSuite } = this.identity;
    const evidence = await this.source.evidence();
    const deployment = await this.deployments.signedBefore(deploymentNamed(text));
    demandSignable({ text, trustRoot, last, evidence, nowMs: this.clock.nowMs(), allowBenchSuite, deployment });
    const signatureLine = formatSignatureLine(signNoteText(text, trustRoot.auditor.name, signer));
    const signed = { epoch, digest: digestOf(text), text, signatureLine };
    const kept = await this.store.keep(
      signed,
      evidence.flatMap(({ statements }) => statements),
    );
    const answer = answerFromRecord(text, kept);
    if (answer === undefined) throw new VaultError('INTERNAL', 'the record lost an epoch');
    return answer;
  }
}
