import { VaultError, type Fetch } from '@strongroom/client';
import { SystemRandom } from '@strongroom/platform';
import { equal, type Bytes } from '@strongroom/protocol';
import { TestDevice } from '@strongroom/testing';
import { SentRequests } from '../load/sent-requests.js';

export const RIGHT = 'correct horse 42';
export const WRONG = 'a code that nobody chose';

/** What a person got from one call, and what it cost. */
export interface Call {
  readonly outcome: 'recovered' | 'wrong' | 'failed';
  /** As the client computes it; null when the call failed. */
  readonly attemptsLeft: number | null;
  /** Different attempts that were sent: each may have been counted. */
  readonly attempts: number;
  readonly ms: number;
}

/** A line to the gateway: may lose what goes over it, or do something beside it. */
export type Line = (url: string, init: RequestInit, pass: Fetch) => Promise<Response>;

const WHOLE: Line = (url, init, pass) => pass(url, init);

/** One account with a protected key, on a device whose line can be disturbed and whose requests are counted. */
export class Subject {
  private readonly sent = new SentRequests();
  private readonly device: TestDevice;
  private readonly backupKey: Bytes = new SystemRandom().bytes(32);
  private line: Line = WHOLE;

  constructor(account: string, gateway: { readonly gatewayUrl: string; readonly trustRoot: string }) {
    this.device = new TestDevice(account, { ...gateway, fetch: (url, init) => this.line(url, init, this.sent.fetch) });
  }

  get uid(): Bytes {
    return this.device.uid;
  }

  /** From now on; a whole line unless told. */
  over(line: Line = WHOLE): void {
    this.line = line;
  }

  /** Protects the key, or changes its code: the same key under a new code. @returns whether it is in force; false when it failed */
  async protect(code: string = RIGHT): Promise<boolean> {
    try {
      return (await this.device.client.protect(this.backupKey, code)).status === 'active';
    } catch (error) {
      if (error instanceof VaultError) return false;
      throw error;
    }
  }

  /** The same, given up after the first answer that is missing. */
  async protectInOneTry(code: string): Promise<boolean> {
    try {
      return (await this.device.client.protect(this.backupKey, code, { timeoutMs: 2_500 })).status === 'active';
    } catch (error) {
      if (error instanceof VaultError) return false;
      throw error;
    }
  }

  async recover(code: string = RIGHT): Promise<Call> {
    this.sent.forget();
    const beganAt = performance.now();
    const told = await this.recovered(code);
    return { ...told, attempts: this.sent.entries, ms: performance.now() - beganAt };
  }

  /** Attempts left as q nodes say it; null when they cannot be asked. */
  async attemptsLeft(): Promise<number | null> {
    try {
      return (await this.device.client.status()).attemptsLeft;
    } catch (error) {
      if (error instanceof VaultError) return null;
      throw error;
    }
  }

  private async recovered(code: string): Promise<Pick<Call, 'outcome' | 'attemptsLeft'>> {
    try {
      const { backupKey, attemptsLeft } = await this.device.client.recover(code);
      const same = equal(backupKey.reveal(), this.backupKey);
      backupKey.wipe();
      return { outcome: same ? 'recovered' : 'failed', attemptsLeft };
    } catch (error) {
      if (!(error instanceof VaultError)) throw error;
      if (error.code !== 'CODE_WRONG') return { outcome: 'failed', attemptsLeft: null };
      return { outcome: 'wrong', attemptsLeft: Number(error.metadata['attemptsLeft']) };
    }
  }
}
