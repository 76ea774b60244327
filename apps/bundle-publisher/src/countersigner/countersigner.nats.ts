import { Injectable } from '@nestjs/common';
import { bundleCountersign, deploymentCountersign } from '@strongroom/contracts';
import { Bus } from '@strongroom/platform';
import { formatEnvelope, parseEnvelope, parseSignatureLine, type Envelope, type NoteSignature } from '@strongroom/transparency';
import { Countersigner } from './countersigner.js';

@Injectable()
export class NatsCountersigner extends Countersigner {
  constructor(private readonly bus: Bus) {
    super();
  }

  override async countersign(text: string): Promise<NoteSignature> {
    const { signatureLine } = await this.bus.call(bundleCountersign, { text });
    return parseSignatureLine(signatureLine);
  }

  override async countersignDeployment(envelope: Envelope): Promise<Envelope> {
    const answer = await this.bus.call(deploymentCountersign, { envelope: formatEnvelope(envelope) });
    return parseEnvelope(answer.envelope);
  }
}
