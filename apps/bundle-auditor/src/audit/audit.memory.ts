import type { Bytes } from '@strongroom/protocol';
import type { EpochRecord, SignedEpoch } from './audit.js';
import { AuditStore } from './audit.store.js';

/** For specs: what PgAuditStore does, without a database. Passes the same suite. */
export class MemoryAuditStore extends AuditStore {
  private readonly epochs = new Map<number, SignedEpoch>();

  override async around(epoch: number): Promise<EpochRecord> {
    return { same: this.epochs.get(epoch), last: this.epochs.get(Math.max(0, ...this.epochs.keys())) };
  }

  override async texts(first: number, last: number): Promise<readonly string[]> {
    const inside = [...this.epochs.values()].filter(({ epoch }) => epoch >= first && epoch <= last);
    return inside.sort((a, b) => a.epoch - b.epoch).map(({ text }) => text);
  }

  override async keep(signed: SignedEpoch, _statements: readonly Bytes[]): Promise<SignedEpoch> {
    const kept = this.epochs.get(signed.epoch) ?? signed;
    this.epochs.set(signed.epoch, kept);
    return kept;
  }
}
