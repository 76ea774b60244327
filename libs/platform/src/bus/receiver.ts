import type { Msg } from '@nats-io/transport-node';
import type { Clock } from '../clock/clock.js';
import type { Log } from '../logging/log.js';
import type { BusObserver } from './bus-observer.js';

/** What every part of the bus works with. */
export interface BusTools {
  readonly log: Log;
  readonly clock: Clock;
  readonly observer: BusObserver;
}

/** Takes the messages of one subscription; must neither throw nor reject, because that would end the connection's reader. */
export interface Receiver {
  receive(message: Msg): Promise<void>;
  /** Resolves when nothing is under way. */
  whenIdle(): Promise<void>;
}
