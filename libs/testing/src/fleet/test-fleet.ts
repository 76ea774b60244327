import type { VaultClientOptions } from '@strongroom/client';
import { shareRepairProgressed, type CloudEvent } from '@strongroom/contracts';
import { ALL_EVENTS, Bus, SILENT_LOG } from '@strongroom/platform';
import {
  openUrlOf,
  PROFILES,
  startStack,
  until,
  type Environment,
  type Profile,
  type ServiceName,
  type Stack,
  type StackOptions,
} from '@strongroom/stack';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freshAccount, TestDevice } from './test-device.js';

export interface TestFleetOptions {
  /** `none` unless told: tests of the fleet need no slow stretching. */
  readonly ksf?: string;
  /** `standard` unless told; a test of one node's disk needs no more than three nodes. */
  readonly profile?: Profile | 'smallest';
  readonly env?: Readonly<Partial<Record<ServiceName, Environment>>>;
  readonly ceremony?: StackOptions['ceremony'];
  /** As `startStack` takes it. */
  readonly nodeEnv?: NonNullable<StackOptions['nodeEnv']>;
}

const SMALLEST = { ...PROFILES.standard, n: 3, t: 2, q: 2, attempts: 2 } as const;
const FAST_NODES: Environment = { ATTEMPT_DELAYS: 'off', ERASE_DEADLINE_MS: '4000', ALLOW_BENCH_SUITE: 'true' };
const OPEN_GATEWAY: Environment = { RATE_LIMIT_ACCOUNT_PER_MINUTE: 'off', RATE_LIMIT_ADDRESS_PER_MINUTE: 'off', ALLOW_BENCH_SUITE: 'true' };

/** A whole vault of real processes in a folder of its own, with a listener on its events. */
export class TestFleet {
  readonly events: CloudEvent[] = [];
  private readonly trustRoot: string;

  private constructor(
    readonly stack: Stack,
    readonly bus: Bus,
    /** Of the whole vault; node i keeps what it has in `hsm-node-<i>` below it. */
    readonly dataDir: string,
  ) {
    this.trustRoot = readFileSync(stack.trustRootFile, 'utf8');
  }

  static async create({ ksf = 'none', profile = 'standard', env = {}, nodeEnv, ceremony }: TestFleetOptions = {}): Promise<TestFleet> {
    const dataDir = mkdtempSync(join(tmpdir(), 'strongroom-test-'));
    const stack = await startStack({
      dataDir,
      hostEnv: process.env,
      ...(ceremony && { ceremony }),
      ...(nodeEnv === undefined ? {} : { nodeEnv }),
      openBusLogin: true,
      profile: { ...(profile === 'smallest' ? SMALLEST : PROFILES[profile]), ksf },
      env: {
        ...env,
        'hsm-node': { ...FAST_NODES, ...env['hsm-node'] },
        'session-gateway': { ...OPEN_GATEWAY, ...env['session-gateway'] },
      },
    });
    const bus = await Bus.connect({ url: openUrlOf(stack), name: 'test-observer', log: SILENT_LOG });
    const fleet = new TestFleet(stack, bus, dataDir);
    await bus.onEvent(ALL_EVENTS, (_data, event) => void fleet.events.push(event));
    await bus.flush();
    return fleet;
  }

  /** A new device of `account`, or of somebody new. */
  device(account: string = freshAccount('person'), options: Partial<VaultClientOptions> = {}): TestDevice {
    return new TestDevice(account, { gatewayUrl: this.stack.gatewayUrl, trustRoot: this.trustRoot, ...options });
  }

  /** How many nodes have told an event whose type ends like this since `from`. */
  told(kind: string, from = 0): readonly CloudEvent[] {
    return this.events.slice(from).filter(({ type }) => type.includes(kind));
  }

  /** Waits until a node that lacked shares has told, after the first `from` events, that it lacks none any more. */
  repaired(from: number): Promise<void> {
    return this.until('every share to be rebuilt', async () => {
      const last = this.told('share.repair-progressed', from).at(-1);
      const { fleets } = await this.stack.operator.health();
      return last !== undefined && shareRepairProgressed.data.parse(last.data).missing === 0 && fleets[0]?.missingShares === 0;
    });
  }

  /** Waits until something holds. @throws after `timeoutMs` */
  async until(what: string, holds: () => boolean | Promise<boolean>, timeoutMs = 20_000): Promise<void> {
    await until(async () => ((await holds()) ? true : undefined), { timeoutMs, what });
  }

  /** Waits until the gateway hears all nodes. */
  healthy(): Promise<void> {
    return this.until('all nodes to serve', async () => (await this.liveNodes()) === this.stack.fleet.parameters.n);
  }

  /** Nodes that the gateway heard within the last second. */
  async liveNodes(): Promise<number> {
    return (await this.stack.operator.health()).fleets[0]?.live ?? 0;
  }

  async stop(): Promise<void> {
    await this.bus.onApplicationShutdown();
    await this.stack.stop();
    if (process.env['KEEP_TEST_FLEETS'] === undefined) rmSync(this.dataDir, { recursive: true, force: true });
  }
}
