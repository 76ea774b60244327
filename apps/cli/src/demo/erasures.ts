import { recordErased, recordLocked } from '@strongroom/contracts';
import type { BusDoor } from '../bus/bus-door.js';
import { followEvents } from '../bus/follow-events.js';

/** Counts, from the events of the nodes themselves, who has destroyed the shares of a locked record. */
export class Erasures {
  private readonly nodes = new Map<string, Set<number>>();
  private readonly locked = new Map<string, Set<number>>();
  private readonly controller = new AbortController();
  private readonly following: Promise<void>;
  private changed: () => void = () => undefined;

  constructor(bus: BusDoor) {
    this.following = this.follow(bus);
    this.following.catch(() => undefined); // met by `untilErased`
  }

  /** Resolves when `count` nodes have erased one and the same record that they reported as locked. @throws after `timeoutMs` */
  async untilErased(count: number, timeoutMs: number): Promise<void> {
    const timeout = AbortSignal.timeout(timeoutMs);
    const waiting = new Promise<void>((resolve, reject) => {
      this.changed = () => (this.isErasedBy(count) ? resolve() : undefined);
      timeout.addEventListener('abort', () =>
        reject(new Error(`fewer than ${count} nodes said within ${timeoutMs} ms that the shares are erased`)),
      );
      this.changed();
    });
    await Promise.race([waiting, this.following.then(() => waiting)]);
  }

  async stop(): Promise<void> {
    this.controller.abort();
    await this.following.catch(() => undefined); // the connection was closed on purpose
  }

  private isErasedBy(count: number): boolean {
    return [...this.nodes].some(([record, nodes]) => nodes.size >= count && this.locked.has(record));
  }

  private async follow(bus: BusDoor): Promise<void> {
    for await (const { type, data } of followEvents(bus, this.controller.signal)) {
      if (type === recordLocked.subject) {
        const { record, node } = recordLocked.data.parse(data);
        this.locked.set(record, (this.locked.get(record) ?? new Set()).add(node));
      }
      if (type === recordErased.subject) {
        const { record, node, reason } = recordErased.data.parse(data);
        if (reason === 'locked') this.nodes.set(record, (this.nodes.get(record) ?? new Set()).add(node));
      }
      this.changed();
    }
  }
}
