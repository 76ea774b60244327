import { randomBytes } from 'node:crypto';
import type { MsgCallback, Msg, NatsConnection } from '@nats-io/transport-node';
import { inboxPrefix } from '@strongroom/contracts';
import { toHex, type Bytes } from '@strongroom/protocol';
import { within } from '../deadline/within.js';
import type { Stop } from './bus-options.js';
import { followState, type ConnectionState } from './connection.js';
import type { BusTools, Receiver } from './receiver.js';
import { ReplyInbox, unavailable } from './reply-inbox.js';

const FLUSH_TIMEOUT_MS = 2_000;
const DRAIN_TIMEOUT_MS = 3_000;

/** The connection with its state: sends only while connected, so that nothing piles up for a server that is away. */
export class Link {
  readonly inbox: ReplyInbox;
  private current: ConnectionState = 'connected';
  private readonly subscriptions = new Set<Stop>();

  constructor(
    private readonly connection: NatsConnection,
    user: string,
    private readonly tools: BusTools,
  ) {
    // Unguessable, so that nobody else on the server can put an answer into it.
    this.inbox = new ReplyInbox(connection, `${inboxPrefix(user)}.${toHex(randomBytes(16))}`);
    void followState(connection, tools.log, (state) => this.changed(state));
  }

  get state(): ConnectionState {
    return this.current;
  }

  /** @returns whether it was handed to the connection */
  publish(subject: string, name: string, payload: Bytes): boolean {
    if (this.current === 'connected') {
      this.connection.publish(subject, payload);
      return true;
    }
    this.tools.observer.dropped(name, 'disconnected');
    return false;
  }

  /** Resolves when the server knows of it; one that is away learns it when it is back. */
  async subscribe(subject: string, queue: string | undefined, receiver: Receiver): Promise<Stop> {
    const callback: MsgCallback<Msg> = (error, message) => {
      if (error === null) void receiver.receive(message);
      else this.tools.log.error({ event: 'bus.subscription-refused', reason: error.message });
    };
    const subscription = this.connection.subscribe(subject, queue === undefined ? { callback } : { queue, callback });
    const stop: Stop = async () => {
      this.subscriptions.delete(stop);
      if (this.current === 'connected') await subscription.drain();
      await receiver.whenIdle();
    };
    this.subscriptions.add(stop);
    await this.settled();
    return stop;
  }

  /** Resolves when the server has taken everything sent before. @throws FLEET_UNAVAILABLE */
  async flush(): Promise<void> {
    if (this.current !== 'connected') throw unavailable('bus', 'has no connection');
    try {
      await within(this.connection.flush(), FLUSH_TIMEOUT_MS, () => new Error('flush took too long'));
    } catch (cause) {
      throw unavailable('bus', 'lost its connection', cause);
    }
  }

  /** Takes no more messages, answers those under way, sends what is left, closes. At most 3 s, then it just closes. */
  async close(): Promise<void> {
    const drained = async (): Promise<void> => {
      await Promise.allSettled([...this.subscriptions].map((stop) => stop()));
      if (this.current === 'connected') await this.connection.drain();
    };
    try {
      await within(drained(), DRAIN_TIMEOUT_MS, () => new Error('requests under way did not end in time'));
    } catch (error) {
      this.tools.log.warn({ event: 'bus.drain-cut-short', reason: String(error) });
    } finally {
      await this.connection.close();
    }
  }

  private async settled(): Promise<void> {
    try {
      await this.flush();
    } catch (error) {
      this.tools.log.warn({ event: 'bus.subscribed-while-away', reason: String(error) });
    }
  }

  private changed(state: ConnectionState): void {
    if (state === this.current) return;
    this.current = state;
    this.tools.log.info({ event: `bus.${state}` });
    if (state !== 'connected') this.inbox.failAll();
  }
}
