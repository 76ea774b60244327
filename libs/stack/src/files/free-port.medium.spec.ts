import { afterEach, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { freePort, freePorts, isFree } from './free-port.js';

describe('free ports', () => {
  const servers: Server[] = [];

  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
  });

  function listen(port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const server = createServer();
      server.once('error', reject);
      server.listen(port, '127.0.0.1', () => resolve(void servers.push(server)));
    });
  }

  it('are all different, also when asked for at once', async () => {
    const lists = await Promise.all([freePorts(16), freePorts(16), freePort().then((port) => [port])]);
    const ports = lists.flat();
    expect(new Set(ports).size).toBe(ports.length);
    for (const port of ports) await listen(port);
  });

  it('are never those that somebody listens on', async () => {
    const held = await freePorts(40);
    for (const port of held) await listen(port);
    const next = await freePorts(100);
    expect(next.filter((port) => held.includes(port))).toEqual([]);
    expect(await isFree(held[0] ?? 0)).toBe(false);
    expect(await isFree(next[0] ?? 0)).toBe(true);
  });

  it('are not those of outgoing connections, so that a service that restarts finds its own again', async () => {
    const [from = 0] = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').split(/\s+/).map(Number);
    const ports = await freePorts(70);
    expect(ports.filter((port) => port < Math.max(from, 32_768))).toHaveLength(70);
  });
});
