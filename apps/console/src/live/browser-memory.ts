import { readSeen, type SeenJson } from '../judge/seen.js';

/** What this browser saw of an installation the last time. */
export type Remembered = { readonly memory: SeenJson | null; readonly checkpoint: string | null };

const NOTHING: Remembered = { memory: null, checkpoint: null };
const MAX_CHECKPOINT_LENGTH = 65_536;

/** Kept for each trust root by itself, in the browser's own storage; without storage (a strict browser) nothing lasts. */
export class BrowserMemory {
  constructor(private readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> | undefined) {}

  /** @param trustRoot its digest, in hexadecimal */
  load(trustRoot: string): Remembered {
    const kept = this.storage?.getItem(nameOf(trustRoot)) ?? null;
    if (kept === null) return NOTHING;
    try {
      const value: unknown = JSON.parse(kept);
      if (typeof value !== 'object' || value === null) return NOTHING;
      const checkpoint: unknown = Reflect.get(value, 'checkpoint');
      const isText = typeof checkpoint === 'string' && checkpoint.length <= MAX_CHECKPOINT_LENGTH;
      return { memory: readSeen(Reflect.get(value, 'memory')) ?? null, checkpoint: isText ? checkpoint : null };
    } catch (error) {
      if (error instanceof SyntaxError) return NOTHING;
      throw error;
    }
  }

  /** Whether it will be there the next time. */
  save(trustRoot: string, seen: Remembered): boolean {
    if (!this.storage) return false;
    try {
      this.storage.setItem(nameOf(trustRoot), JSON.stringify(seen));
      return true;
    } catch (error) {
      // A browser that is full or keeps nothing: the page then says that it does not remember.
      if (error instanceof DOMException) return false;
      throw error;
    }
  }

  forget(trustRoot: string): void {
    this.storage?.removeItem(nameOf(trustRoot));
  }
}

function nameOf(trustRoot: string): string {
  return `strongroom/audit/${trustRoot}`;
}
