import { toHex, VaultError, type Bytes } from '@strongroom/protocol';
import { AccountTurns } from './account-turns.js';
import { BarredVersions } from './barred-versions.js';
import { isVersion, slotsOf, type HeldVersion } from './held-version.js';
import { recoverSlots } from './recover-slots.js';
import { MAX_RESHARED, MAX_STAGED, ShareVault, STAGED_LIFETIME_MS, type StagedVersion } from './share-vault.js';
import { heldContext, openWithSlot } from './slot-cipher.js';
import { stageVersion } from './stage-version.js';
import type { VaultParts } from './vault-parts.js';
import { parseSealed, VersionRows } from './version-rows.js';

interface Waiting {
  readonly uid: Bytes;
  readonly recordHash: Bytes;
  readonly index: number;
  readonly stagedAtMs: number;
}

/**
 * ShareVault over rows and slots. A version has two keys that can be destroyed apart: one for its share and record, one
 * for the sealed shares kept for peers, which end earlier (PROTOCOL 5.2). This node's own sealed share is never among
 * them: with the HPKE key it would outlive the erase.
 */
export class SealedShareVault extends ShareVault {
  private readonly rows: VersionRows;
  private readonly barred: BarredVersions;
  private readonly turns = new AccountTurns();
  /** Versions that wait for their entry, so that the sweep need not read every account. */
  private readonly waiting = new Map<string, Waiting>();

  private constructor(private readonly parts: VaultParts) {
    super();
    this.rows = new VersionRows(parts.store);
    this.barred = new BarredVersions(parts.store);
  }

  /** Finishes what a crash left half done, then opens: erased and barred versions lose their rows, unnamed slots their keys. */
  static async open(parts: VaultParts): Promise<SealedShareVault> {
    const vault = new SealedShareVault(parts);
    for (const { uid, version } of await recoverSlots(parts.store, parts.slots)) vault.watch(uid, version);
    return vault;
  }

  stage(version: StagedVersion): Promise<void> {
    const { uid, recordHash } = version;
    // A copy: the caller wipes its own when this returns, and the turn may come later.
    const share = version.share.slice();
    const turn = async (): Promise<void> => {
      if (this.rows.versions(uid).some(isVersion(recordHash))) return;
      if (this.isBarred(uid, recordHash)) throw new VaultError('CONFLICT', 'the version was erased here for good', { ver: version.ver });
      const held = await this.makeRoom(uid, version);
      this.watch(uid, await stageVersion(this.parts, held, { ...version, share }));
    };
    return this.turns.take(uid, turn).finally(() => share.fill(0));
  }

  holds(uid: Bytes, recordHash: Bytes): boolean {
    return this.rows.find(uid, recordHash) !== null;
  }

  record(uid: Bytes, recordHash: Bytes): Bytes | null {
    const version = this.rows.find(uid, recordHash);
    const sealed = this.rows.record(uid, recordHash);
    return version === null || sealed === null ? null : this.unseal(version.slot, 'record', uid, recordHash, sealed);
  }

  sealedFor(uid: Bytes, recordHash: Bytes, node: number): Bytes | null {
    const version = this.rows.find(uid, recordHash);
    const sealed = this.rows.peers(uid, recordHash);
    if (version === null || version.peerSlot === null || sealed === null || !version.awaited.includes(node)) return null;
    const all = this.unseal(version.peerSlot, 'peers', uid, recordHash, sealed);
    return all === null ? null : (parseSealed(all)[node - 1] ?? null);
  }

  acknowledge(uid: Bytes, recordHash: Bytes, node: number): Promise<void> {
    return this.change(uid, recordHash, async (version, others) => {
      if (!version.awaited.includes(node)) return;
      const awaited = version.awaited.filter((index) => index !== node);
      const done = awaited.length === 0 && version.peerSlot !== null ? [version.peerSlot] : [];
      await this.parts.slots.erase(done);
      const rest = { ...version, awaited, peerSlot: done.length === 0 ? version.peerSlot : null };
      const peers = done.length === 0 ? [] : [this.rows.writePeers(uid, recordHash, null)];
      await this.parts.store.commit([this.rows.write(uid, [...others, rest]), ...peers]);
      this.parts.slots.release(done);
    });
  }

  withShare<T>(uid: Bytes, recordHash: Bytes, use: (k: Bytes, s: Bytes) => T): T {
    const version = this.rows.find(uid, recordHash);
    const share = version === null ? null : this.unseal(version.slot, 'share', uid, recordHash, version.share);
    if (share === null) throw new VaultError('RECORD_UNKNOWN', 'this node holds no share of that version');
    try {
      return use(share.subarray(0, 32), share.subarray(32));
    } finally {
      share.fill(0);
    }
  }

  activate(uid: Bytes, recordHash: Bytes): Promise<void> {
    return this.change(uid, recordHash, async (version, others) => {
      if (version.activated) return;
      await this.parts.store.commit([this.rows.write(uid, [...others, { ...version, activated: true }])]);
      this.waiting.delete(nameOf(uid, recordHash));
    });
  }

  bar(uid: Bytes, recordHash: Bytes): Promise<void> {
    return this.turns.take(uid, () => this.barred.add(uid, recordHash));
  }

  isBarred(uid: Bytes, recordHash: Bytes): boolean {
    return this.barred.has(uid, recordHash);
  }

  erase(uid: Bytes, recordHash: Bytes): Promise<void> {
    return this.change(uid, recordHash, (version, others) => this.destroy(uid, [version], others));
  }

  eraseUpTo(uid: Bytes, ver: number, kept: readonly Bytes[], openIndex: number): Promise<readonly Bytes[]> {
    return this.turns.take(uid, async () => {
      const held = this.rows.versions(uid);
      // Activated or not: what is living by a decision that a crash may yet undo at this node is open again after it.
      const isOpen = ({ index }: HeldVersion): boolean => index >= openIndex;
      const isKept = (version: HeldVersion): boolean => kept.some((recordHash) => isVersion(recordHash)(version));
      const over = held.filter((version) => version.ver <= ver && !isKept(version) && !isOpen(version));
      await this.destroy(
        uid,
        over,
        held.filter((version) => !over.includes(version)),
      );
      return over.filter(({ activated }) => activated).map(({ recordHash }) => recordHash);
    });
  }

  async sweep(nowMs: number, isNeeded: (uid: Bytes, recordHash: Bytes, index: number) => boolean): Promise<number> {
    const old = [...this.waiting.values()].filter(({ stagedAtMs }) => stagedAtMs <= nowMs - STAGED_LIFETIME_MS);
    const abandoned = old.filter(({ uid, recordHash, index }) => !isNeeded(uid, recordHash, index));
    for (const { uid, recordHash } of abandoned) await this.erase(uid, recordHash);
    return abandoned.length;
  }

  /** What waits for an earlier place of the log is over. @returns what stays @throws RATE_LIMITED */
  private async makeRoom(uid: Bytes, { index = 0, living = [] }: StagedVersion): Promise<readonly HeldVersion[]> {
    const held = this.rows.versions(uid);
    const isLiving = (version: HeldVersion): boolean => living.some((recordHash) => isVersion(recordHash)(version));
    const isEarlier = (version: HeldVersion): boolean => !version.activated && version.index > 0 && version.index < index;
    const over = held.filter((version) => isEarlier(version) && !isLiving(version));
    const kept = held.filter((version) => !over.includes(version));
    await this.destroy(uid, over, kept);
    const waiting = kept.filter((version) => !version.activated && (index === 0) === (version.index === 0));
    if (waiting.length < (index === 0 ? MAX_STAGED : MAX_RESHARED)) return kept;
    throw new VaultError('RATE_LIMITED', 'too many versions of this account wait', {
      retryAtMs: this.parts.clock.nowMs() + STAGED_LIFETIME_MS,
    });
  }

  /** Keys first, durably; then the rows; only then may the slots serve others. */
  private async destroy(uid: Bytes, versions: readonly HeldVersion[], kept: readonly HeldVersion[]): Promise<void> {
    if (versions.length === 0) return;
    const slots = versions.flatMap(slotsOf);
    await this.parts.slots.erase(slots);
    const gone = versions.flatMap(({ recordHash }) => [
      this.rows.writeRecord(uid, recordHash, null),
      this.rows.writePeers(uid, recordHash, null),
    ]);
    await this.parts.store.commit([this.rows.write(uid, kept), ...gone]);
    this.parts.slots.release(slots);
    for (const { recordHash } of versions) this.waiting.delete(nameOf(uid, recordHash));
  }

  private change(
    uid: Bytes,
    recordHash: Bytes,
    to: (version: HeldVersion, others: readonly HeldVersion[]) => Promise<void>,
  ): Promise<void> {
    return this.turns.take(uid, async () => {
      const held = this.rows.versions(uid);
      const version = held.find(isVersion(recordHash));
      if (version !== undefined)
        await to(
          version,
          held.filter((other) => other !== version),
        );
    });
  }

  /** `null` when the slot's key is destroyed, whatever the rows still say. */
  private unseal(slot: number, use: string, uid: Bytes, recordHash: Bytes, sealed: Bytes): Bytes | null {
    const key = this.parts.slots.read(slot);
    if (key === null) return null;
    try {
      return openWithSlot(key, heldContext(use, uid, recordHash), sealed);
    } finally {
      key.fill(0);
    }
  }

  private watch(uid: Bytes, { recordHash, index, stagedAtMs }: HeldVersion): void {
    this.waiting.set(nameOf(uid, recordHash), { uid, recordHash, index, stagedAtMs });
  }
}

function nameOf(uid: Bytes, recordHash: Bytes): string {
  return `${toHex(uid)}/${toHex(recordHash)}`;
}
