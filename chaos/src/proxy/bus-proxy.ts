import { connect, createServer, type Server, type Socket } from 'node:net';
import { Direction, type Delay } from './direction.js';

export interface Address {
  readonly host: string;
  readonly port: number;
}

interface Pair {
  readonly sockets: readonly [Socket, Socket];
  readonly outward: Direction;
  readonly inward: Direction;
}

/**
 * A TCP relay on 127.0.0.1 in front of the bus, for one node: it can cut every connection and refuse new ones, hold all
 * bytes of one direction back, and make them late. Bytes are never changed, lost or reordered while a connection lives.
 */
export class BusProxy {
  private readonly server: Server;
  private readonly pairs = new Set<Pair>();
  private cutOff = false;
  private readonly stalled = { outward: false, inward: false };
  private delay: Delay | null = null;

  private constructor(
    private readonly target: Address,
    private readonly fraction: () => number,
  ) {
    this.server = createServer((socket) => this.relay(socket));
  }

  /** @param fraction from 0 up to 1, for the length of each delay */
  static async start(target: Address, fraction: () => number): Promise<BusProxy> {
    const proxy = new BusProxy(target, fraction);
    await new Promise<void>((resolve, reject) => {
      proxy.server.once('error', reject);
      proxy.server.listen(0, '127.0.0.1', resolve);
    });
    return proxy;
  }

  get port(): number {
    const address = this.server.address();
    if (address === null || typeof address === 'string') throw new Error('the proxy is closed');
    return address.port;
  }

  /** Resets every connection; new ones end at once. */
  cut(): void {
    this.cutOff = true;
    for (const pair of this.pairs) this.end(pair);
  }

  /** Takes bytes and passes none on: what a lost route looks like. `outward` is from the node to the bus. */
  stall(direction: 'outward' | 'inward' | 'both'): void {
    this.stalled.outward ||= direction !== 'inward';
    this.stalled.inward ||= direction !== 'outward';
    this.apply();
  }

  slow(delay: Delay): void {
    this.delay = delay;
    this.apply();
  }

  /** As if nothing had been done; what was held back goes on its way. */
  mend(): void {
    this.cutOff = false;
    this.stalled.outward = false;
    this.stalled.inward = false;
    this.delay = null;
    this.apply();
  }

  async stop(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private relay(node: Socket): void {
    if (this.cutOff) {
      node.resetAndDestroy();
      return;
    }
    const bus = connect(this.target);
    const pair: Pair = {
      sockets: [node, bus],
      outward: new Direction(node, bus, this.fraction),
      inward: new Direction(bus, node, this.fraction),
    };
    this.pairs.add(pair);
    // Either side's end or failure is the end of both: the node notices by itself and comes back.
    for (const socket of pair.sockets) {
      socket.setNoDelay(true);
      socket.once('close', () => this.end(pair));
      socket.once('error', () => this.end(pair));
    }
    this.applyTo(pair);
  }

  private apply(): void {
    for (const pair of this.pairs) this.applyTo(pair);
  }

  private applyTo({ outward, inward }: Pair): void {
    outward.set({ stalled: this.stalled.outward, delay: this.delay });
    inward.set({ stalled: this.stalled.inward, delay: this.delay });
  }

  private end(pair: Pair): void {
    if (!this.pairs.delete(pair)) return;
    pair.outward.close();
    pair.inward.close();
    for (const socket of pair.sockets) if (!socket.destroyed) socket.resetAndDestroy();
  }
}
