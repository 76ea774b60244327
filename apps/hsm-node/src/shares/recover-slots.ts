import type { Bytes } from '@strongroom/protocol';
import type { KeySlots } from '../storage/key-slots.js';
import type { NodeStore, StoreWrite } from '../storage/node-store.js';
import { BarredVersions } from './barred-versions.js';
import { slotsOf, type HeldVersion } from './held-version.js';
import { VersionRows } from './version-rows.js';

export interface WaitingVersion {
  readonly uid: Bytes;
  readonly version: HeldVersion;
}

/**
 * Brings rows and slots together after a stop at any moment. The slots decide: a version whose key is destroyed is gone,
 * so its rows go too; a key that no row names came before a crash and is destroyed. A version that was barred and is
 * still there was about to be erased: its rows go, and with them its keys.
 * @returns the versions that still wait for their entry
 */
export async function recoverSlots(store: NodeStore, slots: KeySlots): Promise<readonly WaitingVersion[]> {
  const rows = new VersionRows(store);
  const barred = new BarredVersions(store);
  const named = new Set<number>();
  const waiting: WaitingVersion[] = [];
  const repairs: StoreWrite[] = [];
  for (const { uid, versions } of rows.all()) {
    const whole = versions.filter(({ slot, recordHash }) => isAlive(slots, slot) && !barred.has(uid, recordHash));
    const kept = whole.map((version) => withoutErasedPeers(version, slots));
    for (const version of kept) {
      for (const slot of slotsOf(version)) named.add(slot);
      if (!version.activated) waiting.push({ uid, version });
    }
    if (whole.length === versions.length && kept.every((version, i) => version === whole[i])) continue;
    repairs.push(rows.write(uid, kept));
    for (const version of versions.filter((one) => !whole.includes(one))) repairs.push(rows.writeRecord(uid, version.recordHash, null));
    for (const version of versions.filter((one) => !kept.includes(one))) repairs.push(rows.writePeers(uid, version.recordHash, null));
  }
  await store.commit(repairs);
  await slots.recover(named);
  return waiting;
}

function withoutErasedPeers(version: HeldVersion, slots: KeySlots): HeldVersion {
  if (version.peerSlot === null || isAlive(slots, version.peerSlot)) return version;
  return { ...version, peerSlot: null, awaited: [] };
}

function isAlive(slots: KeySlots, slot: number): boolean {
  const key = slots.read(slot);
  key?.fill(0);
  return key !== null;
}
