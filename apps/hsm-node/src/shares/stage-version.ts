import { VaultError, type Bytes } from '@strongroom/protocol';
import type { KeySlot } from '../storage/key-slots.js';
import type { HeldVersion } from './held-version.js';
import type { StagedVersion } from './share-vault.js';
import { heldContext, sealWithSlot } from './slot-cipher.js';
import type { VaultParts } from './vault-parts.js';
import { encodeSealed, VersionRows } from './version-rows.js';

/**
 * Seals a version under fresh slots and commits its rows beside those of the `others`. A refused commit leaves no key
 * behind; a crash before it leaves keys that no row names, which the next start destroys.
 */
export async function stageVersion(parts: VaultParts, others: readonly HeldVersion[], version: StagedVersion): Promise<HeldVersion> {
  const awaited = version.sealed.flatMap((bytes, i) => (bytes.length === 0 ? [] : [i + 1]));
  const slots = await parts.slots.allocate(awaited.length === 0 ? 1 : 2);
  try {
    return await commit(parts, others, version, awaited, slots);
  } catch (error) {
    const numbers = slots.map(({ slot }) => slot);
    await parts.slots.erase(numbers);
    parts.slots.release(numbers);
    throw error;
  } finally {
    for (const { key } of slots) key.fill(0);
  }
}

async function commit(
  { store, clock, random }: VaultParts,
  others: readonly HeldVersion[],
  { uid, recordHash, ver, record, sealed, share, index = 0 }: StagedVersion,
  awaited: readonly number[],
  [own, peers]: readonly KeySlot[],
): Promise<HeldVersion> {
  if (own === undefined) throw new VaultError('INTERNAL', 'no slot was allocated');
  const rows = new VersionRows(store);
  const seal = (key: Bytes, use: string, plaintext: Bytes): Bytes =>
    sealWithSlot(key, heldContext(use, uid, recordHash), plaintext, random);
  const staged: HeldVersion = {
    recordHash,
    ver,
    stagedAtMs: clock.nowMs(),
    activated: false,
    index,
    slot: own.slot,
    peerSlot: peers?.slot ?? null,
    awaited,
    share: seal(own.key, 'share', share),
  };
  await store.commit([
    rows.write(uid, [...others, staged]),
    rows.writeRecord(uid, recordHash, seal(own.key, 'record', record)),
    rows.writePeers(uid, recordHash, peers === undefined ? null : seal(peers.key, 'peers', encodeSealed(sealed))),
  ]);
  return staged;
}
