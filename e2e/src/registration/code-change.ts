import { recordStage, registerRequest } from '@strongroom/contracts';
import type { Fetch } from '@strongroom/client';
import { encodeEntry, fromBase64url, parseEntryCore, type Bytes } from '@strongroom/protocol';
import { freshAccount, type TestDevice, type TestFleet } from '@strongroom/testing';
import { codeOf, refusal, type Decided, type Intruder } from '../hostile/intruder.js';
import { random } from '../hostile/victim.js';

export const OLD = 'old code 4711';
export const NEW = 'new code 0815';
/** What is cut stays cut: the client's own retries are not what is tested. */
const ONE_TRY = { tries: 1, triesWhenUnavailable: 1, firstWaitMs: 1, maxWaitMs: 1 };

/** One person who changes the code of a protected key over a line that can be cut. */
export class CodeChange {
  readonly backupKey: Bytes = random.bytes(32);
  readonly device: TestDevice;
  private line: Fetch = (url, init) => fetch(url, init);

  constructor(private readonly fleet: TestFleet) {
    this.device = fleet.device(freshAccount('changing'), {
      fetch: (url, init) => this.line(url, init),
      retries: ONE_TRY,
      timeoutMs: 12_000,
    });
  }

  static async begin(fleet: TestFleet): Promise<CodeChange> {
    const change = new CodeChange(fleet);
    await change.protect(OLD);
    return change;
  }

  /** From now on everything goes over this line; without one it is whole. */
  over(line: Fetch = (url, init) => fetch(url, init)): void {
    this.line = line;
  }

  protect(code: string): Promise<{ readonly version: number; readonly status: string }> {
    return this.device.client.protect(this.backupKey, code);
  }

  /** Whether another device gets the backup key back with this code. @throws when the refusal is not about the code */
  async works(code: string): Promise<boolean> {
    try {
      const { backupKey } = await this.fleet.device(this.device.account).client.recover(code);
      return Buffer.from(backupKey.reveal()).equals(this.backupKey);
    } catch (error) {
      const { code: refused } = await refusal(Promise.reject(error instanceof Error ? error : new Error('unknown')));
      if (refused !== 'CODE_WRONG' && refused !== 'RECORD_UNKNOWN') throw error;
      return false;
    }
  }

  /** Makes the change without sending it. @returns what a gateway would have carried */
  async captured(): Promise<CarriedChange> {
    const seen: unknown[] = [];
    this.over(async (url, init) => {
      if (new URL(url).pathname !== '/v1/records') return fetch(url, init);
      seen.push(typeof init.body === 'string' ? JSON.parse(init.body) : undefined);
      throw new TypeError('fetch failed');
    });
    await codeOf(this.protect(NEW));
    this.over();
    const { entry, record, sealed } = registerRequest.parse(seen[0]);
    const ownerSignature = entry.ownerSignature === null ? null : fromBase64url(entry.ownerSignature);
    const core = parseEntryCore(fromBase64url(entry.core));
    const encoded = encodeEntry({ core, signature: fromBase64url(entry.signature), ownerSignature, token: await this.device.token() });
    return new CarriedChange(
      encoded,
      fromBase64url(record),
      sealed.map((share) => fromBase64url(share)),
    );
  }
}

/** A change as the gateway carries it, step by step. */
export class CarriedChange {
  constructor(
    private readonly entry: Bytes,
    private readonly record: Bytes,
    private readonly sealed: Bytes[],
  ) {}

  async stage(carrier: Intruder, nodes: readonly number[]): Promise<void> {
    for (const node of nodes) await carrier.call(recordStage, node, { entry: this.entry, record: this.record, sealed: this.sealed });
  }

  submit(carrier: Intruder, node: number): Promise<Decided> {
    return carrier.submit(node, this.entry);
  }
}
