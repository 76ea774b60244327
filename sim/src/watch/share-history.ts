import { equal, toHex, type Bytes } from '@strongroom/protocol';
import { parseVersions } from '../../../apps/hsm-node/dist/shares/held-version.js';

interface Kept {
  readonly uid: Bytes;
  readonly recordHash: Bytes;
  readonly sealed: Bytes;
}

/** Every ciphertext of a share that ever reached a node's disk: old pages, snapshots and backups may still have it. */
export class ShareHistory {
  private readonly byNode = new Map<number, Map<string, Kept>>();

  note(node: number, uid: Bytes, row: Bytes): void {
    const known = this.byNode.get(node) ?? new Map<string, Kept>();
    for (const { recordHash, share } of parseVersions(row)) known.set(toHex(share), { uid: uid.slice(), recordHash, sealed: share });
    this.byNode.set(node, known);
  }

  of(node: number, uid: Bytes, recordHash: Bytes): readonly Bytes[] {
    const kept = [...(this.byNode.get(node)?.values() ?? [])];
    return kept.filter((one) => equal(one.uid, uid) && equal(one.recordHash, recordHash)).map(({ sealed }) => sealed);
  }
}
