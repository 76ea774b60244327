import { sealedShareInfo, VaultError, type Bytes } from '@strongroom/protocol';
import { privateKeyOf, publicBytesOf } from '../../../apps/hsm-node/dist/keystore/key-material.js';
import { openNow } from '../../../apps/hsm-node/dist/keystore/native-hpke.js';
import { heldContext, openWithSlot } from '../../../apps/hsm-node/dist/shares/slot-cipher.js';
import { parseSealed, VersionRows } from '../../../apps/hsm-node/dist/shares/version-rows.js';
import type { SimVersion } from '../clients/sim-account.js';
import { SimDisk } from '../disk/sim-disk.js';
import { SimSlots } from '../disk/sim-slots.js';
import { SimStore } from '../disk/sim-store.js';
import { keystoreOf } from '../node/node-keys.js';
import type { SimMachine } from '../node/sim-machine.js';
import { SeededRandom } from '../random/seeded-random.js';
import type { World } from '../run/world.js';

const nameOf = (bytes: Bytes): string => Buffer.from(bytes).toString('latin1');

/**
 * Somebody takes a node's keys and its disk, and has recorded the bus from the first day on. Of every version that gives
 * one share, the node's own, and neither a key nor a backup key: so t - 1 thefts give t - 1 shares, and no process of a
 * node ever holds more (I2).
 */
export class StolenDisks {
  private readonly dealt = new Map<string, { readonly version: SimVersion; readonly index: number }>();

  constructor(private readonly world: World) {
    for (const version of world.accounts.flatMap(({ versions }) => versions))
      for (const [i, sealed] of version.sealed.entries()) this.dealt.set(nameOf(sealed), { version, index: i + 1 });
  }

  check(): void {
    const { machines, gone, observer } = this.world;
    const disks = [...machines, ...gone]
      .filter(({ platter }) => !platter.rotten)
      .map((machine) => ({ machine, plaintexts: [...this.plaintexts(machine)] }));
    // What a node keeps for its peers is sealed to them: whoever has their keys as well may try.
    for (const { plaintexts } of disks) plaintexts.flatMap(sealedIn).forEach((sealed) => observer.secrecy.keep(sealed));
    for (const { machine, plaintexts } of disks) {
      for (const plaintext of [...plaintexts, ...this.opened(machine)]) {
        for (const { what, node } of observer.secrecy.needles.in(plaintext))
          if (node !== machine.self) observer.accuse('I2', `the keys of node ${machine.self} and what it kept or heard give ${what}`);
      }
    }
  }

  /** All rows of a disk, and what lies in them under the keys of its slots. */
  private *plaintexts({ platter, material }: SimMachine): Iterable<Bytes> {
    const random = new SeededRandom('thief');
    const keystore = keystoreOf(material, random);
    const disk = new SimDisk(platter, { alive: false, name: 'thief' }, this.world.time, random, this.world.faults);
    for (const { name, sealed } of platter.rows.values()) yield keystore.openAtRest(name, sealed);
    const rows = new VersionRows(new SimStore(disk, keystore));
    const slots = new SimSlots(disk, keystore, random);
    for (const { uid, versions } of rows.all()) {
      for (const { recordHash, slot, peerSlot, share } of versions) {
        yield* underKey(slots.read(slot), heldContext('share', uid, recordHash), share);
        if (peerSlot !== null) yield* underKey(slots.read(peerSlot), heldContext('peers', uid, recordHash), rows.peers(uid, recordHash));
      }
    }
  }

  /** Every dealt share that was ever on the bus or on a disk, as far as the HPKE key of this machine opens it. */
  private *opened({ material }: SimMachine): Iterable<Bytes> {
    const { roster, observer } = this.world;
    const privateKey = privateKeyOf('x25519', material.hpke[0]?.secret ?? new Uint8Array(32));
    const recipient = { privateKey, publicKey: publicBytesOf(privateKey) };
    for (const sealed of observer.secrecy.sealed.values()) {
      const dealt = this.dealt.get(nameOf(sealed));
      if (dealt === undefined) continue;
      const { version, index } = dealt;
      const info = sealedShareInfo(roster.fleetId, version.epoch, index);
      yield* quietly(() => openNow(recipient, sealed, info, version.hash));
    }
  }
}

function sealedIn(plaintext: Bytes): readonly Bytes[] {
  return [...quietly(() => parseSealed(plaintext))].flat();
}

function underKey(key: Bytes | null, aad: Bytes, sealed: Bytes | null): readonly Bytes[] {
  return key === null || sealed === null ? [] : quietly(() => openWithSlot(key, aad, sealed));
}

/** What does not open says nothing. */
function quietly<T>(open: () => T): readonly T[] {
  try {
    return [open()];
  } catch (error) {
    if (error instanceof VaultError) return [];
    throw error;
  }
}
