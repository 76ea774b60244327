import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';

/** Below the ports that Linux, macOS and IANA give to outgoing connections; a service keeps its port while it restarts. */
const LOWEST = 20_000;
const HIGHEST = 32_767;
/** Processes that start a stack at the same time look in blocks of their own. */
const BLOCK = 64;
const BLOCKS = Math.floor((HIGHEST - LOWEST + 1) / BLOCK);
/** Knuth's multiplicative hash: processes started one after the other get blocks far apart. */
const SPREAD = 2_654_435_761;

/** How many ports this process has looked at. */
let looked = 0;

/** A TCP port of 127.0.0.1 that was free a moment ago. */
export async function freePort(): Promise<number> {
  const [port = 0] = await freePorts(1);
  return port;
}

/**
 * Several different ones. None is given twice by a process before its block is through, none is one that the kernel
 * gives to outgoing connections, where the machine says which those are.
 * @throws Error when this machine has not that many
 */
export async function freePorts(count: number): Promise<readonly number[]> {
  const outgoing = outgoingPorts();
  const ports: number[] = [];
  for (let tried = 0; ports.length < count; tried++) {
    if (tried === BLOCK * BLOCKS) throw new Error(`this machine has no ${count} free ports from ${LOWEST} to ${HIGHEST}`);
    const port = candidate(Math.floor(tried / BLOCK), looked++);
    const isOutgoing = port >= outgoing.from && port <= outgoing.to;
    if (!isOutgoing && !ports.includes(port) && (await isFree(port))) ports.push(port);
  }
  return ports;
}

/** @param further how many blocks to go beyond one's own, which was found full */
function candidate(further: number, step: number): number {
  const own = (Math.imul(process.pid, SPREAD) >>> 0) % BLOCKS;
  return LOWEST + ((own + further) % BLOCKS) * BLOCK + (step % BLOCK);
}

/** Whether nobody listens on that TCP port of 127.0.0.1 now. */
export async function isFree(port: number): Promise<boolean> {
  const server = await listening(port).catch(() => undefined);
  if (server === undefined) return false;
  await new Promise((resolve) => server.close(resolve));
  return true;
}

function listening(port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}

/** ip(7), `ip_local_port_range`; nothing where it covers all or cannot be read. */
function outgoingPorts(): { readonly from: number; readonly to: number } {
  const nothing = { from: Infinity, to: -Infinity };
  try {
    const [from = NaN, to = NaN] = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').trim().split(/\s+/).map(Number);
    return from <= LOWEST && to >= HIGHEST ? nothing : { from, to };
  } catch {
    return nothing;
  }
}
