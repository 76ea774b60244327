import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { VaultError, type Bytes } from '@strongroom/protocol';
import type { Keystore } from '../keystore/keystore.js';
import { SLOT_LENGTH, slotContext } from './file-key-slots.js';

const SESSION_LENGTH = 16;
const SEALED_LENGTH = 72;

/** For specs only: the raw bytes of every file below a data directory, as a thief of the disk has them. */
export class DiskSearch {
  private readonly files = new Map<string, Buffer>();

  constructor(folder: string) {
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      if (entry.isFile()) this.files.set(relative(folder, path), readFileSync(path));
    }
  }

  get names(): readonly string[] {
    return [...this.files.keys()].sort();
  }

  /** The files that hold these bytes anywhere. */
  holding(bytes: Bytes): readonly string[] {
    return this.names.filter((name) => this.files.get(name)?.includes(Buffer.from(bytes)) === true);
  }

  /** The sealed key of a slot where the slots lie. */
  sealedSlot(slot: number): Bytes {
    const file = this.files.get('key-slots') ?? Buffer.alloc(0);
    return Uint8Array.from(file.subarray(slot * SLOT_LENGTH, slot * SLOT_LENGTH + SEALED_LENGTH));
  }

  /**
   * Every key of these slots that the storage key opens, wherever in whatever file its sealed form or a copy of it lies.
   * Whatever this storage key sealed begins with a session of its process, so only those places are tried.
   * @param sessions first 16 bytes of what was sealed, one for each process that wrote
   */
  slotKeys(keystore: Keystore, slots: readonly number[], sessions: readonly Bytes[]): readonly Bytes[] {
    const found: Bytes[] = [];
    for (const file of this.files.values()) {
      for (const at of sessions.flatMap((session) => placesOf(session, file))) {
        const sealed = file.subarray(at, at + SEALED_LENGTH);
        for (const slot of slots) found.push(...opened(keystore, slot, sealed));
      }
    }
    return found;
  }
}

export function sessionOf(sealed: Bytes): Bytes {
  return sealed.subarray(0, SESSION_LENGTH);
}

function placesOf(needle: Bytes, file: Buffer): readonly number[] {
  const places: number[] = [];
  for (let at = file.indexOf(Buffer.from(needle)); at >= 0; at = file.indexOf(Buffer.from(needle), at + 1)) places.push(at);
  return places;
}

function opened(keystore: Keystore, slot: number, sealed: Bytes): readonly Bytes[] {
  try {
    return [keystore.openAtRest(slotContext(slot), sealed)];
  } catch (error) {
    // Something else that this process sealed, or a slot that is overwritten in part.
    if (error instanceof VaultError && error.code === 'INTERNAL') return [];
    throw error;
  }
}
