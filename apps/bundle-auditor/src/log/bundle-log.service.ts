import { VaultError } from '@strongroom/protocol';
import { assembleNote, formatBundleProof } from '@strongroom/transparency';
import type { Cosigner, LogQueue } from '@strongroom/tlog';
import { answerFromRecord } from '../audit/audit.js';
import type { AuditStore } from '../audit/audit.store.js';
import type { AuditorIdentity } from '../identity/identity.js';
import { demandUnbroken, openSigned } from './bundle-log.js';

/** Puts bundles into the public log and proves that they are there. Every step may be repeated after a crash. */
export class BundleLogService {
  constructor(
    private readonly queue: LogQueue,
    private readonly cosigner: Cosigner,
    private readonly store: AuditStore,
    private readonly identity: AuditorIdentity,
  ) {}

  /**
   * The newest proof of a bundle that this auditor signed, with the cosignatures of a quorum. Logs it first, if need be.
   * @throws REQUEST_INVALID, CONFLICT for a note that was not signed here; FLEET_UNAVAILABLE when disk or witnesses are away
   */
  async log(source: string): Promise<string> {
    const { epoch, note } = openSigned(source, this.identity.trustRoot);
    const { same } = await this.store.around(epoch);
    if (answerFromRecord(note.text, same) === undefined) throw new VaultError('CONFLICT', `epoch ${epoch} was not signed here`, { epoch });
    await this.ready();
    await this.fillUpTo(epoch);
    const index = await this.queue.append(Buffer.from(note.text));
    if (index !== epoch - 1) throw new VaultError('INTERNAL', `epoch ${epoch} has the index ${index} in the log`);
    const { note: checkpoint, size } = await this.cosigner.witnessed(index + 1);
    const path = await this.queue.writer.tree(size).inclusionPath(index);
    return formatBundleProof({ note: assembleNote(note.text, note.signatures), index, path, checkpoint });
  }

  private async ready(): Promise<void> {
    try {
      await this.queue.ready();
    } catch (cause) {
      throw new VaultError('FLEET_UNAVAILABLE', 'the log waits for its disk', {}, { cause });
    }
  }

  private async fillUpTo(epoch: number): Promise<void> {
    const { size } = this.queue.writer.current.checkpoint;
    const texts = size < epoch - 1 ? await this.store.texts(size + 1, epoch - 1) : [];
    for (const text of demandUnbroken(texts, size, epoch)) await this.queue.append(Buffer.from(text));
  }
}
