import { VaultError, type RecoverResult } from '@strongroom/client';
import { TestDevice } from '@strongroom/testing';
import type { Operation, Outcome, Request } from '../account/operation.js';
import { SentRequests } from './sent-requests.js';

export interface RecordingParts {
  readonly account: string;
  readonly gatewayUrl: string;
  readonly trustRoot: string;
  /** Milliseconds of a clock that only goes forward. */
  readonly now: () => number;
  /** Every operation that has ended. */
  readonly record: (operation: Operation) => void;
  readonly nextId: () => number;
}

/** Long enough for every deadline of the gateway and one more try, short enough to go on under faults. */
const TRY_TIMEOUT_MS = 2_500;
const CALL_TIMEOUT_MS = 6_000;

/** A device that writes down what it asked for and what it was told, one call after the other. */
export class RecordedDevice {
  private readonly sent = new SentRequests();
  private readonly device: TestDevice;

  constructor(
    readonly name: string,
    private readonly parts: RecordingParts,
  ) {
    const { account, gatewayUrl, trustRoot } = parts;
    const timeouts = { tryTimeoutMs: TRY_TIMEOUT_MS, timeoutMs: CALL_TIMEOUT_MS };
    this.device = new TestDevice(account, { gatewayUrl, trustRoot, fetch: this.sent.fetch, ...timeouts });
  }

  /** @param key 32 bytes in hexadecimal */
  register(code: string, key: string): Promise<Operation> {
    return this.run({ kind: 'register', code, key }, async ({ client }) => {
      const { status, version } = await client.protect(Buffer.from(key, 'hex'), code);
      return status === 'active' ? { kind: 'registered', version } : { kind: 'unknown', code: 'pending' };
    });
  }

  recover(code: string): Promise<Operation> {
    return this.run({ kind: 'recover', code }, async ({ client }) => recovered(await client.recover(code)));
  }

  status(): Promise<Operation> {
    return this.run({ kind: 'status' }, async ({ client }) => {
      const { agreed, status, activeVersion, attemptsLeft } = await client.status();
      // Where no q nodes say the same the client promises nothing: some of them still catch up.
      return agreed ? { kind: 'status', status, activeVersion, attemptsLeft } : { kind: 'unknown', code: 'not agreed' };
    });
  }

  delete(): Promise<Operation> {
    return this.run({ kind: 'delete' }, async ({ client }) => {
      const { status } = await client.forget();
      if (status === 'pending') return { kind: 'unknown', code: 'pending' };
      return { kind: status === 'deleted' ? 'deleted' : 'nothing' };
    });
  }

  private async run(request: Request, call: (device: TestDevice) => Promise<Outcome>): Promise<Operation> {
    const { now, nextId, record } = this.parts;
    this.sent.forget();
    const invokedAt = now();
    const outcome = await call(this.device).catch(outcomeOf);
    const { entries: entriesSent, confirmed } = this.sent;
    const operation = { id: nextId(), by: this.name, request, outcome, invokedAt, returnedAt: now(), entriesSent, confirmed };
    record(operation);
    return operation;
  }
}

function recovered({ backupKey, version }: RecoverResult): Outcome {
  const key = Buffer.from(backupKey.reveal()).toString('hex');
  backupKey.wipe();
  return { kind: 'recovered', key, version };
}

/** @throws what is no refusal of the vault: a bug of whoever calls */
function outcomeOf(error: unknown): Outcome {
  if (!(error instanceof VaultError)) throw error;
  if (error.code === 'CODE_WRONG') return { kind: 'wrong', attemptsLeft: Number(error.metadata['attemptsLeft']) };
  if (error.code === 'RECORD_LOCKED') return { kind: 'locked' };
  if (error.code === 'RECORD_UNKNOWN') return { kind: 'nothing' };
  return { kind: 'unknown', code: error.code };
}
