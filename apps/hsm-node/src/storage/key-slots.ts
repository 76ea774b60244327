import type { Bytes } from '@strongroom/protocol';

/** A 32-byte key that exists nowhere but in its slot. The holder wipes `key` after use. */
export interface KeySlot {
  readonly slot: number;
  readonly key: Bytes;
}

/**
 * Keys that can be destroyed (I6). A store with old pages cannot forget a share, so what it holds is ciphertext under a
 * slot's key, and the slot is overwritten in place.
 *
 * The order of life: `allocate`, rows that name the slot, `erase`, rows removed, `release`. A slot is handed out again
 * only after `release`, so no row ever names the slot of another.
 */
export abstract class KeySlots {
  /**
   * Once at start-up, before anything else: erases every slot that no row names (a crash came between `allocate` and
   * the row) and lets all those be allocated. A slot that is erased but still named stays reserved until `release`.
   */
  abstract recover(named: ReadonlySet<number>): Promise<void>;

  /** `count` fresh slots with random keys, durable when it resolves. @throws INTERNAL when the disk refused */
  abstract allocate(count: number): Promise<readonly KeySlot[]>;

  /**
   * A copy of the slot's key, 32 bytes, the caller's to wipe; `null` when the slot is erased.
   * @throws INTERNAL when the slot does not authenticate
   */
  abstract read(slot: number): Bytes | null;

  /** Overwrites with zeros and flushes; durable when it resolves. Erasing twice is fine. */
  abstract erase(slots: readonly number[]): Promise<void>;

  /** Lets erased slots be allocated again: call it when no row names them any more. */
  abstract release(slots: readonly number[]): void;

  /** Waits for writes under way. */
  abstract close(): Promise<void>;
}
