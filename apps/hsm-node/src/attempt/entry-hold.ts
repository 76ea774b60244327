import { toHex, type Bytes } from '@strongroom/protocol';
import type { LogEngine } from '../log/log-engine.js';
import type { Pause } from '../roster/pause.js';

export interface EntryHoldOptions {
  readonly engine: Pick<LogEngine, 'listen'>;
  readonly pause: Pause;
}

interface Held {
  readonly over: Promise<void>;
  readonly end: () => void;
}

/** Several exchanges with all members, even on busy machines; below the gateway's deadline for a request. */
const HOLD_MS = 800;
/** A member that asks again and again delays an account's users by a tenth of the time, and no more. */
const EVERY_MS = 8_000;

/**
 * Keeps the entries of an account's users back for a moment: a new sharing takes some exchanges and needs a place in the
 * log that stays open meanwhile (PROTOCOL 7.8). Whoever goes on and on with recoveries would else put it off for ever.
 */
export class EntryHold {
  private readonly accounts = new Map<string, Held>();

  constructor(private readonly options: EntryHoldOptions) {
    options.engine.listen({
      afterFlush: ({ uid, effect }) => {
        if (effect.kind === 'decided' && effect.logValue.entry.core.kind === 'reshare') this.accounts.get(toHex(uid))?.end();
      },
    });
  }

  /** From now until the account is shared anew, 800 ms at most and once in eight seconds; another call changes nothing. */
  begin(uid: Bytes): void {
    const name = toHex(uid);
    if (this.accounts.has(name)) return;
    let end = (): void => undefined;
    const over = new Promise<void>((resolve) => {
      end = resolve;
    });
    this.accounts.set(name, { over, end });
    void this.forget(name, end);
  }

  /** Resolves when entries of the account may be proposed. */
  async wait(uid: Bytes): Promise<void> {
    await this.accounts.get(toHex(uid))?.over;
  }

  private async forget(name: string, end: () => void): Promise<void> {
    const { pause } = this.options;
    await pause(HOLD_MS);
    end();
    await pause(EVERY_MS - HOLD_MS);
    this.accounts.delete(name);
  }
}
