import { VaultError } from '@strongroom/protocol';
import { systemClock, type Clock } from '../platform/clock.js';

export interface PatienceOptions {
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds of one request, and of the longest silence while bytes come; 120,000 unless told. */
  readonly requestTimeoutMs?: number | undefined;
  /** Most tries of one request while the store cannot answer; 6 unless told. */
  readonly tries?: number | undefined;
  readonly clock?: Clock | undefined;
}

const REQUEST_TIMEOUT_MS = 120_000;
const TRIES = 6;
const FIRST_WAIT_MS = 500;
const LAST_WAIT_MS = 15_000;

/** Tries again what a store cannot do now, ever later, and ends when it should. */
export class Patience {
  readonly timeoutMs: number;
  private readonly signal: AbortSignal | undefined;
  private readonly tries: number;
  private readonly clock: Clock;

  constructor({ signal, requestTimeoutMs = REQUEST_TIMEOUT_MS, tries = TRIES, clock = systemClock }: PatienceOptions) {
    this.signal = signal;
    this.timeoutMs = requestTimeoutMs;
    this.tries = tries;
    this.clock = clock;
  }

  /** @throws the last error when it is final or nothing came of all tries, the signal's reason when that ended it */
  async with<T>(send: (trying: AbortSignal) => Promise<T>): Promise<T> {
    for (let tried = 1; ; tried += 1) {
      try {
        return await send(this.oneTry());
      } catch (error) {
        await this.again(error, tried);
      }
    }
  }

  /** Waits before another try. @throws the error itself when there is none */
  async again(error: unknown, tried: number): Promise<void> {
    this.signal?.throwIfAborted();
    const mayPass = error instanceof VaultError && error.code === 'STORE_UNAVAILABLE';
    if (!mayPass || tried >= this.tries) throw error;
    await this.clock.wait(Math.min(LAST_WAIT_MS, FIRST_WAIT_MS * 2 ** (tried - 1)), this.signal);
  }

  private oneTry(): AbortSignal {
    const timeout = AbortSignal.timeout(this.timeoutMs);
    return this.signal === undefined ? timeout : AbortSignal.any([this.signal, timeout]);
  }
}
