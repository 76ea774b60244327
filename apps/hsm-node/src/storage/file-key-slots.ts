import { readSync, writeSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ByteWriter, VaultError, type Bytes, type RandomSource } from '@strongroom/protocol';
import { AT_REST_OVERHEAD, type Keystore } from '../keystore/keystore.js';
import { CommitGroups } from './commit-groups.js';
import { flushFolder, hasCode, PRIVATE_FILE } from './durable-file.js';
import { KeySlots, type KeySlot } from './key-slots.js';
import { SlotPool } from './slot-pool.js';

/** Divides 512 and 4,096, so a slot never lies across two sectors and a power cut leaves it old or new. */
export const SLOT_LENGTH = 128;
const KEY_LENGTH = 32;
const SEALED_LENGTH = KEY_LENGTH + AT_REST_OVERHEAD;
/** Slots added when none is free: written ahead, so that using one changes no file length. */
const GROWTH = 512;
const ERASED = new Uint8Array(SLOT_LENGTH);

interface SlotWrite {
  readonly slot: number;
  readonly bytes: Bytes;
}

/**
 * One file of SLOT_LENGTH-byte slots: the key sealed with the storage key and bound to the slot's number, then zeros; all
 * zeros = no key. The two layers answer two threats: the overwrite destroys a key on a disk that writes in place; where
 * it does not (flash translation, copy-on-write file systems, snapshots) an old copy opens only with the storage key.
 */
export class FileKeySlots extends KeySlots {
  private readonly pool = new SlotPool();
  private readonly groups: CommitGroups<SlotWrite>;

  private constructor(
    private readonly file: FileHandle,
    private readonly keystore: Keystore,
    private readonly random: RandomSource,
    private count: number,
    onFailure?: (failure: VaultError) => void,
  ) {
    super();
    this.groups = new CommitGroups((writes) => this.write(writes), onFailure);
  }

  /** @param onFailure told once when the disk failed: no key can be made or destroyed any more before a restart */
  static async open(
    path: string,
    keystore: Keystore,
    random: RandomSource,
    onFailure?: (failure: VaultError) => void,
  ): Promise<FileKeySlots> {
    const file = await openOrCreate(path);
    // A crash while the file grew may leave part of a slot at its end: nothing names it, and growing again covers it.
    const count = Math.floor((await file.stat()).size / SLOT_LENGTH);
    return new FileKeySlots(file, keystore, random, count, onFailure);
  }

  async recover(named: ReadonlySet<number>): Promise<void> {
    const unnamed = Array.from({ length: this.count }, (_, slot) => slot).filter((slot) => !named.has(slot));
    await this.erase(unnamed.filter((slot) => !isErased(this.bytesOf(slot))));
    this.pool.add(unnamed);
  }

  async allocate(count: number): Promise<readonly KeySlot[]> {
    if (this.pool.size < count) await this.grow(Math.max(count, GROWTH));
    const slots = this.pool.take(count).map((slot) => ({ slot, key: this.random.bytes(KEY_LENGTH) }));
    try {
      await this.groups.add(slots.map(({ slot, key }) => ({ slot, bytes: this.seal(slot, key) })));
    } catch (error) {
      for (const { key } of slots) key.fill(0);
      this.pool.add(slots.map(({ slot }) => slot));
      throw error;
    }
    return slots;
  }

  read(slot: number): Bytes | null {
    const bytes = this.bytesOf(slot);
    if (isErased(bytes)) return null;
    try {
      return this.keystore.openAtRest(slotContext(slot), bytes.subarray(0, SEALED_LENGTH));
    } catch (cause) {
      throw new VaultError('INTERNAL', 'a key slot does not authenticate', { slot }, { cause });
    }
  }

  async erase(slots: readonly number[]): Promise<void> {
    await this.groups.add(slots.filter((slot) => !this.pool.has(slot)).map((slot) => ({ slot, bytes: ERASED })));
  }

  release(slots: readonly number[]): void {
    const held = slots.find((slot) => !isErased(this.bytesOf(slot)));
    if (held !== undefined) throw new RangeError(`slot ${held} still holds a key`);
    this.pool.add(slots);
  }

  async close(): Promise<void> {
    await this.groups.idle();
    await this.file.close();
  }

  private async grow(by: number): Promise<void> {
    const added = Array.from({ length: by }, (_, i) => this.count + i);
    // Before the flush: whoever grows meanwhile takes other numbers.
    this.count += by;
    await this.groups.add(added.map((slot) => ({ slot, bytes: ERASED })));
    this.pool.add(added);
  }

  private seal(slot: number, key: Bytes): Bytes {
    const bytes = new Uint8Array(SLOT_LENGTH);
    bytes.set(this.keystore.sealAtRest(slotContext(slot), key));
    return bytes;
  }

  private bytesOf(slot: number): Bytes {
    const bytes = new Uint8Array(SLOT_LENGTH);
    if (slot < this.count) readSync(this.file.fd, bytes, 0, SLOT_LENGTH, slot * SLOT_LENGTH);
    return bytes;
  }

  private async write(writes: readonly SlotWrite[]): Promise<void> {
    for (const { slot, bytes } of writes) {
      const written = writeSync(this.file.fd, bytes, 0, SLOT_LENGTH, slot * SLOT_LENGTH);
      if (written !== SLOT_LENGTH) throw new Error('ENOSPC: a slot was written in part');
    }
    await this.file.datasync();
  }
}

async function openOrCreate(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r+');
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
    const file = await open(path, 'wx+', PRIVATE_FILE);
    flushFolder(dirname(path));
    return file;
  }
}

/** What binds a sealed key to its slot. */
export function slotContext(slot: number): Bytes {
  return ByteWriter.labelled('key-slot').u32(slot).bytes();
}

function isErased(bytes: Bytes): boolean {
  return Buffer.compare(bytes, ERASED) === 0;
}
