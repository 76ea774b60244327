import { toHex, type Bytes, type RandomSource } from '@strongroom/protocol';
import type { HpkeRecipient } from '../keystore/native-hpke.js';
import { oneTimeRecipient } from '../repair/one-time-recipient.js';

/** Coordinators that ask for keys and never go on. */
const MAX_KEYS = 256;

/**
 * Keys for the parts of a refresh, one a session, in memory only: whoever records what is dealt and takes the members'
 * keys later opens none of it, so that shares of before and after cannot be joined (PROTOCOL 7.8). A restart forgets
 * them, and the sessions with them.
 */
export class SessionKeys {
  private readonly keys = new Map<string, HpkeRecipient>();

  constructor(private readonly random: RandomSource) {}

  /** The public half, 32 bytes; the same when it is asked for again. */
  open(id: Bytes): Bytes {
    const name = toHex(id);
    const known = this.keys.get(name);
    if (known !== undefined) return known.publicKey;
    const made = oneTimeRecipient(this.random);
    this.keys.set(name, made);
    const oldest = this.keys.keys().next();
    if (this.keys.size > MAX_KEYS && oldest.done !== true) this.keys.delete(oldest.value);
    return made.publicKey;
  }

  /** Gives the key out once and forgets it. Dropped, it is the collector's: node:crypto offers no way to overwrite it. */
  take(id: Bytes): HpkeRecipient | null {
    const name = toHex(id);
    const key = this.keys.get(name) ?? null;
    this.keys.delete(name);
    return key;
  }
}
