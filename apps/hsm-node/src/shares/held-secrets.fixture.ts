import { equal, parseRecord, type Bytes } from '@strongroom/protocol';
import type { Keystore } from '../keystore/keystore.js';
import { DiskSearch, sessionOf } from '../storage/disk-search.fixture.js';
import type { KeySlots } from '../storage/key-slots.js';
import type { NodeStore } from '../storage/node-store.js';
import type { ShareVault } from './share-vault.js';
import { VersionRows } from './version-rows.js';

/** What must be nowhere after an erase, read through the ports while it was there. */
export interface HeldSecrets {
  readonly slots: readonly number[];
  /** Of the slots, in clear. */
  readonly slotKeys: readonly Bytes[];
  /** The same as they lie on the disk. */
  readonly sealedSlots: readonly Bytes[];
  /** k_i, s_i, and of the record the envelope and the wrapped backup key. */
  readonly content: readonly Bytes[];
}

interface OpenVault {
  readonly store: NodeStore;
  readonly slots: KeySlots;
  readonly vault: ShareVault;
}

/** For specs only. @param disk of the same directory at the same time */
export function heldSecrets({ store, slots, vault }: OpenVault, disk: DiskSearch, uid: Bytes): HeldSecrets {
  const versions = new VersionRows(store).versions(uid);
  const named = versions.flatMap(({ slot, peerSlot }) => (peerSlot === null ? [slot] : [slot, peerSlot]));
  const slotKeys = named.map((slot) => slots.read(slot)).filter((key) => key !== null);
  const content = versions.flatMap(({ recordHash }) => {
    const share = vault.withShare(uid, recordHash, (k, s) => [k.slice(), s.slice()]);
    const encoded = vault.record(uid, recordHash);
    const record = encoded === null ? null : parseRecord(encoded, () => true);
    return [...share, ...(record === null ? [] : [record.envelope, record.wrapped])];
  });
  return { slots: named, slotKeys, sealedSlots: named.map((slot) => disk.sealedSlot(slot)), content };
}

/**
 * Where any of it is found: in clear, sealed as it was, or as a key that the storage key opens anywhere.
 * @param keystore of the node: the thief has that too
 */
export function traces(disk: DiskSearch, keystore: Keystore, { slots, slotKeys, sealedSlots, content }: HeldSecrets): readonly string[] {
  const clear = [...content, ...slotKeys].flatMap((bytes) => disk.holding(bytes).map((name) => `in clear in ${name}`));
  const sealed = sealedSlots.flatMap((bytes) => disk.holding(bytes).map((name) => `a sealed key in ${name}`));
  const keys = disk.slotKeys(keystore, slots, sealedSlots.map(sessionOf));
  const opened = slotKeys.filter((key) => keys.some((found) => equal(found, key))).map(() => 'a key that the storage key opens');
  return [...new Set([...clear, ...sealed, ...opened])];
}
