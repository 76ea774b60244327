import type { NatsConnection } from '@nats-io/transport-node';
import { VaultError, type Bytes } from '@strongroom/protocol';

export interface Asking {
  /** Name of the contract without the node, for the error. */
  readonly name: string;
  /** Whom an addressed contract asks. */
  readonly node: string | undefined;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

interface Waiting {
  readonly node: string | undefined;
  readonly answered: (payload: Bytes) => void;
  readonly gone: (reason: string) => void;
}

/** Calls waiting for an answer at once; a caller that reaches it is refused instead of filling memory. */
const MAX_WAITING = 16_384;

/**
 * Matches answers with calls over one wildcard subscription. The client library has the same, but with three more
 * promises for each call, and it lets calls wait out their timeout when the connection is gone.
 */
export class ReplyInbox {
  private readonly waiting = new Map<string, Waiting>();
  private readonly prefix: string;
  private counter = 0;

  constructor(
    private readonly connection: NatsConnection,
    subject: string,
  ) {
    this.prefix = `${subject}.`;
    connection.subscribe(`${this.prefix}*`, {
      callback: (error, message) => {
        if (error === null) this.deliver(message.subject, message.data, message.headers?.code);
      },
    });
  }

  /** Sends `payload` and waits for one answer. @throws FLEET_UNAVAILABLE naming the contract */
  ask(subject: string, payload: Bytes, { name, node, timeoutMs, signal }: Asking): Promise<Bytes> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) throw unavailable(name, 'was given up');
      if (this.waiting.size >= MAX_WAITING) throw unavailable(name, 'has too many calls under way');
      const token = (this.counter++).toString(36);
      const end = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', abort);
        this.waiting.delete(token);
      };
      const gone = (reason: string, cause?: unknown): void => {
        end();
        reject(unavailable(name, reason, cause));
      };
      const abort = (): void => gone('was given up');
      const timer = setTimeout(gone, timeoutMs, 'gave no answer in time');
      signal?.addEventListener('abort', abort, { once: true });
      this.waiting.set(token, { node, gone, answered: (answer) => (end(), resolve(answer)) });
      try {
        this.connection.publish(subject, payload, { reply: this.prefix + token });
      } catch (cause) {
        gone('cannot be sent', cause);
      }
    });
  }

  /** The connection is gone and with it every answer under way. */
  failAll(): void {
    for (const { gone } of [...this.waiting.values()]) gone('lost its connection');
  }

  /** An answer that nobody waits for any more came too late: dropped. */
  private deliver(subject: string, payload: Bytes, status: number | undefined): void {
    const waiting = this.waiting.get(subject.slice(this.prefix.length));
    if (status !== 503 || payload.length > 0) return waiting?.answered(payload);
    waiting?.gone('has nobody to serve it');
    if (waiting?.node !== undefined) this.failAllAt(waiting.node);
  }

  /**
   * The server says that a node is not there: what it was asked before it went is not answered either, and whoever waits
   * can turn to another one now. A node that ends in good order may still have answered some of it; then that was done
   * and not learned, as with every lost answer.
   */
  private failAllAt(node: string): void {
    for (const { node: asked, gone } of [...this.waiting.values()]) if (asked === node) gone('has nobody to serve it any more');
  }
}

/** FLEET_UNAVAILABLE with the contract's name alone: which node and what was asked stays with the caller. */
export function unavailable(subject: string, reason: string, cause?: unknown): VaultError {
  return new VaultError('FLEET_UNAVAILABLE', `${subject} ${reason}`, { subject }, cause === undefined ? {} : { cause });
}
