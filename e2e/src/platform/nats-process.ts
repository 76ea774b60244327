import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createConnection, createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

const DEADLINE_MS = 10_000;
const RETRY_MS = 20;

/** A nats-server that a test kills and starts again on the same port. The binary: NATS_SERVER, else the one on PATH. */
export class NatsProcess {
  private child: ChildProcess | undefined;

  private constructor(readonly port: number) {}

  static async start(): Promise<NatsProcess> {
    const nats = new NatsProcess(await freePort());
    await nats.startAgain();
    return nats;
  }

  get url(): string {
    return `nats://127.0.0.1:${this.port}`;
  }

  async startAgain(): Promise<void> {
    const binary = process.env['NATS_SERVER'] ?? 'nats-server';
    this.child = spawn(binary, ['-a', '127.0.0.1', '-p', String(this.port)], { stdio: 'ignore' });
    await reachable(this.port);
  }

  /** Without a farewell to anyone. */
  async kill(): Promise<void> {
    if (this.child === undefined) return;
    const gone = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await gone;
    this.child = undefined;
  }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

async function reachable(port: number): Promise<void> {
  const startedAt = performance.now();
  while (performance.now() - startedAt < DEADLINE_MS) {
    const socket = createConnection(port, '127.0.0.1');
    const connected = await new Promise<boolean>((resolve) =>
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false)),
    );
    socket.destroy();
    if (connected) return;
    await delay(RETRY_MS);
  }
  throw new Error('nats-server did not start');
}
