import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { until } from '@strongroom/stack';
import { BusProxy } from './bus-proxy.js';

const LONG_MS = 30_000;

let echo: Server;
let proxy: BusProxy;
let sockets: Socket[];

beforeEach(async () => {
  sockets = [];
  echo = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined).pipe(socket);
  });
  await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
  proxy = await BusProxy.start({ host: '127.0.0.1', port: portOf(echo) }, () => 0.5);
});

afterEach(async () => {
  await proxy.stop();
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => echo.close(resolve));
});

function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

interface Caller {
  readonly socket: Socket;
  readonly heard: () => string;
}

const closed = (socket: Socket): Promise<void> => new Promise((resolve) => socket.once('close', () => resolve()));

async function caller(port = proxy.port): Promise<Caller> {
  const socket = connect({ host: '127.0.0.1', port });
  let text = '';
  socket.on('data', (bytes: Buffer) => (text += bytes.toString('latin1')));
  socket.on('error', () => undefined);
  sockets.push(socket);
  await once(socket, 'connect');
  return { socket, heard: () => text };
}

const hears = ({ heard }: Caller, text: string): Promise<unknown> =>
  until(() => (heard() === text ? true : undefined), { what: `to hear ${text.length} bytes`, timeoutMs: LONG_MS });

describe('the proxy', () => {
  it('carries bytes both ways, however many', async () => {
    const client = await caller();
    const text = 'x'.repeat(3_000_000);
    client.socket.write(text);
    await hears(client, text);
  });

  it.each(['outward', 'inward', 'both'] as const)('holds bytes back (%s) and loses nothing', async (direction) => {
    const client = await caller();
    client.socket.write('1');
    await hears(client, '1');
    proxy.stall(direction);
    client.socket.write('23');
    const other = await caller();
    other.socket.write('x');
    // Past the proxy three answers come in the time in which one would have come through it.
    const direct = await caller(portOf(echo));
    for (const text of ['a', 'ab', 'abc']) {
      direct.socket.write(text.slice(-1));
      await hears(direct, text);
    }
    expect([client.heard(), other.heard()]).toEqual(['1', '']);
    proxy.mend();
    await hears(client, '123');
    await hears(other, 'x');
  });

  it('makes bytes late and keeps their order', async () => {
    const client = await caller();
    proxy.slow({ leastMs: 20, mostMs: 40 });
    const sentAt = performance.now();
    for (const digit of '0123456789') client.socket.write(digit);
    await hears(client, '0123456789');
    expect(performance.now() - sentAt).toBeGreaterThan(20);
  });

  it('cuts what is connected, refuses what comes, and lets in again when mended', async () => {
    const client = await caller();
    const ended = closed(client.socket);
    proxy.cut();
    await ended;
    const late = connect({ host: '127.0.0.1', port: proxy.port });
    late.on('error', () => undefined);
    await closed(late);
    proxy.mend();
    const again = await caller();
    again.socket.write('back');
    await hears(again, 'back');
  });

  it('ends the other side when one side ends', async () => {
    const client = await caller();
    client.socket.write('1');
    await hears(client, '1');
    const other = sockets.find((socket) => socket !== client.socket);
    if (other === undefined) throw new Error('nobody was served');
    const ended = closed(other);
    client.socket.destroy();
    await ended;
  });
});
