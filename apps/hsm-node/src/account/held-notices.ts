import { recordHeld, type MessageOf } from '@strongroom/contracts';
import type { Bus } from '@strongroom/platform';
import { ByteWriter, memberKey, VaultError, type Bytes, type FleetRoster, type SignatureVerifier, type Signer } from '@strongroom/protocol';
import type { ShareVault } from '../shares/share-vault.js';

/** Nodes tell each other which shares they hold, so that nobody keeps a sealed share longer than it is needed (PROTOCOL 5.2). */
export class HeldNotices {
  constructor(
    private readonly bus: Pick<Bus, 'broadcast'>,
    private readonly vault: ShareVault,
    private readonly roster: FleetRoster,
    private readonly self: number,
    private readonly signer: Signer,
    private readonly verifier: SignatureVerifier,
  ) {}

  say(uid: Bytes, recordHash: Bytes): void {
    const signature = this.signer.sign(this.message(this.self, uid, recordHash));
    this.bus.broadcast(recordHeld, this.roster.fleetId, { node: this.self, uid, recordHash, signature });
  }

  /** @throws NODE_MISBEHAVED for a notice that is not the node's own: it would destroy what that node may still need */
  async hear({ node, uid, recordHash, signature }: MessageOf<typeof recordHeld>): Promise<void> {
    if (node === this.self) return;
    if (!this.verifier.verify(memberKey(this.roster, node), this.message(node, uid, recordHash), signature)) {
      throw new VaultError('NODE_MISBEHAVED', 'the acknowledgement is not signed by its node', { node });
    }
    await this.vault.acknowledge(uid, recordHash, node);
  }

  private message(node: number, uid: Bytes, recordHash: Bytes): Bytes {
    const writer = ByteWriter.labelled('record-held').text(this.roster.fleetId).u32(this.roster.epoch).u8(node);
    return writer.raw(uid).raw(recordHash).bytes();
  }
}
