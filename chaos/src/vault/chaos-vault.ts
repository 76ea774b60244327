import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { openUrlOf, projectRoot, startStack, type ServiceProcess, type Stack } from '@strongroom/stack';
import { NodeDisks } from '../disk/node-disks.js';
import { BusProxy } from '../proxy/bus-proxy.js';
import { Observer } from './observer.js';
import { OutageLog } from './outage.js';

export const FLEET = { n: 5, t: 3, q: 3, attempts: 10, suite: 1, ksf: 'none' } as const;
const FLEET_ID = 'chaos';
/** Longer than a slow client needs to confirm a right last attempt, short enough that locked records are erased within a run. */
const ERASE_DEADLINE_MS = '5000';

export interface ChaosVaultOptions {
  readonly smallDisks: readonly number[];
  /** From 0 up to 1, for the delays of the proxies. */
  readonly fraction: () => number;
  readonly hostEnv: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  readonly progress: (line: string) => void;
  readonly now: () => number;
}

/** A whole vault of processes that the adversary can get at: proxies before the bus, small disks, an observer. */
export class ChaosVault {
  readonly outages: OutageLog;
  readonly trustRoot: string;
  /** Names of services that may end by themselves now: their disk is full, or was until a moment ago. */
  readonly excused = new Set<string>();

  private constructor(
    readonly stack: Stack,
    readonly disks: NodeDisks,
    readonly observer: Observer,
    private readonly proxies: ReadonlyMap<number, BusProxy>,
    readonly dataDir: string,
    now: () => number,
  ) {
    this.outages = new OutageLog(now);
    this.trustRoot = readFileSync(stack.trustRootFile, 'utf8');
  }

  /** On the project's own disk: a folder in memory would make every flush free. @throws Error; nothing is left behind then */
  static async start({ smallDisks, fraction, hostEnv, signal, progress, now }: ChaosVaultOptions): Promise<ChaosVault> {
    const parent = join(projectRoot(), '.cache', 'chaos');
    mkdirSync(parent, { recursive: true });
    const dataDir = mkdtempSync(join(parent, 'vault-'));
    const disks = NodeDisks.create(join(dataDir, 'disks'), smallDisks);
    const proxies = new Map<number, BusProxy>();
    let stack: Stack | undefined;
    try {
      const nodeEnv = async (node: number, natsUrl: string): Promise<Record<string, string>> => {
        const url = new URL(natsUrl);
        const proxy = await BusProxy.start({ host: url.hostname, port: Number(url.port) }, fraction);
        proxies.set(node, proxy);
        url.port = String(proxy.port);
        return { NATS_URL: url.href, DATA_DIR: disks.folderOf(node) };
      };
      stack = await startStack({
        ...{ dataDir, hostEnv, signal, progress, nodeEnv, fleetId: FLEET_ID, profile: FLEET, openBusLogin: true },
        env: {
          'hsm-node': { ATTEMPT_DELAYS: 'off', ERASE_DEADLINE_MS, ALLOW_BENCH_SUITE: 'true' },
          'session-gateway': { RATE_LIMIT_ACCOUNT_PER_MINUTE: 'off', RATE_LIMIT_ADDRESS_PER_MINUTE: 'off' },
        },
      });
      const observer = await Observer.connect(openUrlOf(stack), FLEET_ID, now);
      return new ChaosVault(stack, disks, observer, proxies, dataDir, now);
    } catch (error) {
      await stack?.stop();
      await endAll(proxies, disks);
      rmSync(dataDir, { recursive: true, force: true });
      throw error;
    }
  }

  node(index: number): ServiceProcess {
    const node = this.stack.services.nodes[index - 1];
    if (node === undefined) throw new RangeError(`there is no node ${index}`);
    return node;
  }

  proxy(node: number): BusProxy {
    const proxy = this.proxies.get(node);
    if (proxy === undefined) throw new RangeError(`node ${node} has no proxy`);
    return proxy;
  }

  /** Ends every process and mount. @param keep leaves the folder for whoever wants to look into it */
  async stop(keep: boolean): Promise<void> {
    try {
      await this.observer.stop();
    } finally {
      await this.stack.stop().finally(() => endAll(this.proxies, this.disks));
    }
    if (!keep) rmSync(this.dataDir, { recursive: true, force: true });
  }
}

async function endAll(proxies: ReadonlyMap<number, BusProxy>, disks: NodeDisks): Promise<void> {
  await Promise.all([...proxies.values()].map((proxy) => proxy.stop()));
  disks.unmount();
}
