import type { SeededRandom } from '../random/seeded-random.js';
import type { FaultCounts } from '../run/faults.js';
import type { Life } from '../time/event-queue.js';
import { WORLD, type SimTime } from '../time/sim-time.js';
import type { Bytes } from '@strongroom/protocol';

/** One message on its way. Node 0 is the gateway. */
export interface Delivery {
  readonly from: number;
  readonly to: number;
  /** As in `peer.rejoin`, with `.answer` behind it on the way back. */
  readonly name: string;
  readonly payload: Bytes;
  /** Whose event its arrival is. */
  readonly life: Life;
  readonly act: () => void;
  /** Where it would go if it came again now, as whoever it was for may have restarted; null when nobody is there. */
  readonly again?: () => Pick<Delivery, 'life' | 'act'> | null;
}

/** How rough the network is, in percent of messages. */
export interface Weather {
  readonly lossPercent: number;
  readonly doublePercent: number;
  readonly latePercent: number;
  readonly lateMs: number;
}

export const CALM: Weather = { lossPercent: 0, doublePercent: 0, latePercent: 0, lateMs: 0 };

const ARCHIVE = 600;
const HEARTBEAT = 'heartbeat';

/** What joins the nodes: loses, doubles, delays and overtakes as the weather says, cuts and holds as it is told. */
export class SimNetwork {
  weather: Weather = CALM;
  /** Directions that are cut, as in `1>2`. */
  readonly cuts = new Set<string>();
  /** What the gateway keeps back: those for which it says true. */
  withholds: ((delivery: Delivery) => boolean) | null = null;
  /** By how many ms everything of a node takes longer. */
  readonly slowMs = new Map<number, number>();
  /** What was sent lately, for replays. */
  readonly archive: Delivery[] = [];
  private held: Delivery[] = [];
  private readonly lastArrival = new Map<string, number>();

  constructor(
    private readonly time: SimTime,
    private readonly random: SeededRandom,
    private readonly faults: FaultCounts,
  ) {}

  send(delivery: Delivery): void {
    const { from, to, name } = delivery;
    const counts = name !== HEARTBEAT;
    if (counts) this.remember(delivery);
    if (this.cuts.has(`${from}>${to}`)) {
      if (counts) this.faults.partition += 1;
      return;
    }
    if (counts && this.withholds?.(delivery) === true) {
      this.faults.withheld += 1;
      this.held.push(delivery);
      return;
    }
    const { lossPercent, doublePercent } = this.weather;
    if (from !== to && this.random.chance(lossPercent)) {
      if (counts) this.faults.loss += 1;
      return;
    }
    this.carry(delivery, counts);
    if (counts && this.random.chance(doublePercent)) {
      this.faults.duplication += 1;
      this.carry(delivery, counts);
    }
  }

  /** What was held arrives after all. */
  release(): void {
    const { held } = this;
    this.held = [];
    this.withholds = null;
    for (const delivery of held) this.carry(delivery, true);
  }

  replay(delivery: Delivery): void {
    this.faults.replay += 1;
    const now = delivery.again === undefined ? delivery : delivery.again();
    if (now !== null) this.carry({ ...delivery, ...now }, false);
  }

  private carry(delivery: Delivery, counts: boolean): void {
    const { from, to, name, life, act } = delivery;
    const late = counts && this.random.chance(this.weather.latePercent);
    if (late) this.faults.delay += 1;
    const slow = (this.slowMs.get(from) ?? 0) + (this.slowMs.get(to) ?? 0);
    const ms = (from === to ? 0 : 1 + this.random.below(4)) + slow + (late ? this.random.below(this.weather.lateMs) : 0);
    const pair = `${from}>${to}`;
    const atMs = this.time.nowMs + ms;
    if (counts && atMs < (this.lastArrival.get(pair) ?? 0)) this.faults.reorder += 1;
    this.lastArrival.set(pair, Math.max(atMs, this.lastArrival.get(pair) ?? 0));
    this.time.after(ms, life === WORLD ? WORLD : life, name, act);
  }

  private remember(delivery: Delivery): void {
    if (delivery.name.endsWith('.answer')) return;
    this.archive.push(delivery);
    if (this.archive.length > ARCHIVE) this.archive.shift();
  }
}
