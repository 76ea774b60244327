import { Injectable } from '@nestjs/common';
import { bundleCountersign } from '@strongroom/contracts';
import { Bus } from '@strongroom/platform';
import { parseSignatureLine, type NoteSignature } from '@strongroom/transparency';
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
}
