import { randomUUID } from 'node:crypto';
import type { Msg } from '@nats-io/transport-node';
import type { RpcContract } from '@strongroom/contracts';
import { VaultError, type Bytes } from '@strongroom/protocol';
import type { Log } from '../logging/log.js';
import { decodeMessage, encodeAnswer, encodeRefusal } from './codec.js';
import { InFlight } from './in-flight.js';
import type { BusTools, Receiver } from './receiver.js';

export type RpcHandler<Req, Res> = (request: Req) => Res | Promise<Res>;

/** How long a refused caller should stay away from a saturated service. */
const RETRY_AFTER_MS = 500;

/**
 * Answers every message of one contract: with the handler's response or with a coded error. Nothing that arrives is
 * left without an answer, nothing is thrown back into the connection, and at most `maxInFlight` requests are held.
 */
export class ServedContract<Req, Res> implements Receiver {
  private readonly inFlight: InFlight;

  constructor(
    private readonly contract: RpcContract<Req, Res>,
    private readonly handler: RpcHandler<Req, Res>,
    maxInFlight: number,
    private readonly tools: BusTools,
  ) {
    this.inFlight = new InFlight(maxInFlight);
  }

  /** Never rejects and never throws: an exception in here would end the reader of the whole connection. */
  async receive(message: Msg): Promise<void> {
    if (message.reply === '') {
      this.tools.observer.dropped(this.contract.subject, 'no-reply-subject');
      return;
    }
    if (!this.inFlight.enter()) {
      this.respond(message, encodeRefusal(this.saturated()), 'RATE_LIMITED');
      return;
    }
    try {
      const request = decodeMessage(message.data, this.contract.maxBytes, this.contract.request);
      const response = await this.handler(request);
      this.respond(message, encodeAnswer(response, this.contract.maxBytes), 'OK');
    } catch (error) {
      const refusal = this.refusalFor(error);
      this.respond(message, encodeRefusal(refusal), refusal.code);
    } finally {
      this.inFlight.leave();
    }
  }

  /** Resolves when the requests under way are answered. */
  whenIdle(): Promise<void> {
    return this.inFlight.whenIdle();
  }

  private respond(message: Msg, payload: Bytes, outcome: string): void {
    try {
      message.respond(payload);
      this.tools.observer.served(this.contract.subject, outcome);
    } catch (error) {
      // The connection is closed: the caller learns it from its own.
      this.tools.observer.dropped(this.contract.subject, 'disconnected');
      this.tools.log.debug({ event: 'bus.answer-lost', contract: this.contract.subject, reason: String(error) });
    }
  }

  private saturated(): VaultError {
    const retryAtMs = this.tools.clock.nowMs() + RETRY_AFTER_MS;
    return new VaultError('RATE_LIMITED', `${this.contract.subject} is saturated`, { retryAtMs });
  }

  private refusalFor(error: unknown): VaultError {
    return error instanceof VaultError ? error : internalError(error, this.contract.subject, this.tools.log);
  }
}

/** An unexpected error leaves the process as an id alone; the log line with that id has the stack, never the payload. */
export function internalError(error: unknown, contract: string, log: Log): VaultError {
  const errorId = randomUUID();
  const stack = error instanceof Error ? error.stack : String(error);
  log.error({ event: 'bus.handler-failed', contract, errorId, stack });
  return new VaultError('INTERNAL', 'something went wrong inside', { errorId });
}
