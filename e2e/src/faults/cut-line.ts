import { connect, createServer, type Server, type Socket } from 'node:net';

/** What joins one node to the bus, on 127.0.0.1: while it is cut nothing passes, and what was said meanwhile is lost. */
export class CutLine {
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  private isCut = false;

  private constructor(private readonly target: URL) {
    this.server = createServer((socket) => this.join(socket));
  }

  static async to(natsUrl: string): Promise<CutLine> {
    const line = new CutLine(new URL(natsUrl));
    await new Promise<void>((resolve, reject) => {
      line.server.once('error', reject);
      line.server.listen(0, '127.0.0.1', resolve);
    });
    return line;
  }

  /** As NATS_URL takes it. */
  get url(): string {
    const address = this.server.address();
    if (address === null || typeof address === 'string') throw new Error('the line is closed');
    const url = new URL(this.target);
    url.port = String(address.port);
    return url.href;
  }

  cut(): void {
    this.isCut = true;
    for (const socket of this.sockets) socket.destroy();
  }

  mend(): void {
    this.isCut = false;
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private join(socket: Socket): void {
    if (this.isCut) {
      socket.destroy();
      return;
    }
    const out = connect(Number(this.target.port), this.target.hostname);
    for (const [one, other] of [
      [socket, out],
      [out, socket],
    ] as const) {
      this.sockets.add(one);
      one.pipe(other);
      one.once('error', () => other.destroy());
      one.once('close', () => {
        this.sockets.delete(one);
        other.destroy();
      });
    }
  }
}
