import type { Msg } from '@nats-io/transport-node';
import { VaultError, type Bytes } from '@strongroom/protocol';
import { InFlight } from './in-flight.js';
import type { BusTools, Receiver } from './receiver.js';
import { internalError } from './served-contract.js';

/**
 * Takes messages that want no answer. What is malformed, or too much to hold, is counted and dropped: whoever sends
 * a broadcast or an event does not wait, and whoever must not miss one asks.
 */
export class Listener<T> implements Receiver {
  private readonly inFlight: InFlight;

  constructor(
    private readonly subject: string,
    private readonly decode: (payload: Bytes) => T,
    private readonly handler: (message: T) => void | Promise<void>,
    maxInFlight: number,
    private readonly tools: BusTools,
  ) {
    this.inFlight = new InFlight(maxInFlight);
  }

  /** Never rejects and never throws: an exception in here would end the reader of the whole connection. */
  async receive(message: Msg): Promise<void> {
    if (!this.inFlight.enter()) {
      this.tools.observer.dropped(this.subject, 'saturated');
      return;
    }
    try {
      const decoded = this.decoded(message.data);
      if (decoded !== undefined) await this.handler(decoded.value);
    } catch (error) {
      this.failed(error);
    } finally {
      this.inFlight.leave();
    }
  }

  whenIdle(): Promise<void> {
    return this.inFlight.whenIdle();
  }

  /** A refusal is the sender's fault and expected from strangers; anything else is ours. */
  private failed(error: unknown): void {
    if (error instanceof VaultError && error.code !== 'INTERNAL') {
      this.tools.observer.dropped(this.subject, 'refused');
      this.tools.log.warn({ event: 'bus.refused', contract: this.subject, code: error.code });
      return;
    }
    this.tools.observer.dropped(this.subject, 'handler-failed');
    internalError(error, this.subject, this.tools.log);
  }

  private decoded(payload: Bytes): { readonly value: T } | undefined {
    try {
      return { value: this.decode(payload) };
    } catch (error) {
      if (!(error instanceof VaultError)) throw error;
      this.tools.observer.dropped(this.subject, 'malformed');
      this.tools.log.debug({ event: 'bus.malformed', contract: this.subject, field: error.metadata['field'] });
      return undefined;
    }
  }
}
