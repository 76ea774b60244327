import { SILENT_LOG } from '@strongroom/platform';
import type { FleetRoster, SignatureVerifier } from '@strongroom/protocol';
import { SoftwareKeystore } from '../../../apps/hsm-node/dist/keystore/software-keystore.js';
import type { KeyMaterial } from '../../../apps/hsm-node/dist/keystore/key-material.js';
import { assembleParts } from '../../../apps/hsm-node/dist/node/assemble-parts.js';
import type { FleetNode } from '../../../apps/hsm-node/dist/node/fleet-node.js';
import type { NodeRules } from '../../../apps/hsm-node/dist/node/node-parts.js';
import type { Roster } from '../../../apps/hsm-node/dist/roster/roster.js';
import type { RosterListener } from '../../../apps/hsm-node/dist/roster/roster-source.js';
import { SealedShareVault } from '../../../apps/hsm-node/dist/shares/sealed-share-vault.js';
import { StagedSweep } from '../../../apps/hsm-node/dist/shares/staged-sweep.js';
import { Platter } from '../disk/platter.js';
import { SimDisk } from '../disk/sim-disk.js';
import { SimSlots } from '../disk/sim-slots.js';
import { SimStore } from '../disk/sim-store.js';
import { SimBus, type Exchange } from '../network/sim-bus.js';
import { SeededRandom } from '../random/seeded-random.js';
import type { FaultCounts } from '../run/faults.js';
import type { Life } from '../time/event-queue.js';
import type { SimTime } from '../time/sim-time.js';
import type { StoreWrite } from '../../../apps/hsm-node/dist/storage/node-store.js';
import { SimHistory } from './sim-history.js';
import { SimNodeService } from './sim-node-service.js';
import { SimTokens } from './sim-tokens.js';

export interface MachineWorld {
  readonly seed: string;
  readonly time: SimTime;
  readonly exchange: Exchange;
  readonly faults: FaultCounts;
  readonly verifier: SignatureVerifier;
  readonly rules: NodeRules;
  readonly watch: MachineWatch;
  /** The fleet as it was signed in each epoch. */
  readonly signed: (epoch: number) => FleetRoster | null;
}

/** Told of what a machine does that no message shows. */
export interface MachineWatch {
  started(machine: SimMachine): void;
  durable(machine: SimMachine, writes: readonly StoreWrite[]): void;
  ended(machine: SimMachine, why: string): void;
}

/** One process of a node, with what it runs on. */
export interface Running {
  readonly life: Life;
  readonly service: SimNodeService;
  /** `null` between two epochs. */
  readonly node: FleetNode | null;
  readonly disk: SimDisk;
  readonly store: SimStore;
  readonly slots: SimSlots;
  readonly vault: SealedShareVault;
  readonly keystore: SoftwareKeystore;
}

/** A machine with a disk, on which a real FleetNode runs, dies and starts again. */
export class SimMachine {
  platter = Platter.empty();
  running: Running | null = null;
  skewMs = 0;
  slowMs = 0;
  lives = 0;
  readonly history: SimHistory;
  private tell: RosterListener = () => undefined;
  private life: Life = { alive: false, name: '' };
  private disk: SimDisk | null = null;
  private bus: SimBus | null = null;

  /** @param roster what its newest bundle says */
  constructor(
    public roster: Roster,
    readonly name: string,
    readonly material: KeyMaterial,
    private readonly world: MachineWorld,
  ) {
    this.history = new SimHistory(world.signed);
    this.history.know(roster.epoch);
  }

  get self(): number {
    return this.roster.self;
  }

  /** Whether it takes part, in whatever epoch it is. */
  get ready(): boolean {
    return this.running?.service.ready === true;
  }

  /** Whether it takes part in the epoch of its newest bundle. */
  get current(): boolean {
    return this.ready && this.running?.node?.roster.epoch === this.roster.epoch;
  }

  get up(): boolean {
    return this.life.alive;
  }

  /** Starts a process on the disk as it is. A disk that it cannot read ends it at once. */
  start(): void {
    if (this.life.alive) return;
    this.lives += 1;
    const life: Life = { alive: true, name: `node ${this.self}` };
    this.life = life;
    this.world.time.after(0, life, 'start', () => {
      this.boot(life).catch((error: unknown) => this.end(life, error));
    });
  }

  /** What it cannot go on after ends the process. */
  private end(life: Life, error: unknown): void {
    if (!life.alive) return;
    this.kill();
    this.world.watch.ended(this, error instanceof Error ? error.message : 'unknown');
  }

  /** A bundle with a later epoch has come, and is remembered. */
  learn(next: Roster): void {
    if (next.epoch <= this.roster.epoch) return;
    const { earlier: _, ...roster } = next;
    this.roster = { ...roster, self: this.self };
    this.history.know(next.epoch);
    if (this.life.alive) this.world.time.after(0, this.life, 'bundle', () => this.tell(this.roster));
  }

  /** As `kill -9`: what is on the disk stays, everything else ends at once. */
  kill(): void {
    if (!this.life.alive) return;
    this.life.alive = false;
    this.disk?.cut();
    this.bus?.leave();
    this.running = null;
    this.disk = null;
    this.bus = null;
  }

  private async boot(life: Life): Promise<void> {
    const { seed, time, exchange, faults, verifier, rules, watch } = this.world;
    const random = new SeededRandom(`${seed} ${this.name} life ${this.lives}`);
    const keystore = new SoftwareKeystore(this.material, random, 'sealed-file');
    const disk = new SimDisk(this.platter, life, time, random, faults);
    disk.onCrash = () => this.kill();
    disk.slowMs = this.slowMs;
    this.disk = disk;
    const store = new SimStore(disk, keystore);
    store.onDurable = (writes) => watch.durable(this, writes);
    const slots = new SimSlots(disk, keystore, random);
    const bus = new SimBus(exchange, this.self, life);
    this.bus = bus;
    const clock = { nowMs: () => time.nowMs + this.skewMs };
    const vault = await SealedShareVault.open({ store, slots, clock, random });
    const onChange = (listener: RosterListener): (() => void) => {
      this.tell = listener;
      return () => undefined;
    };
    const rosters = { current: () => this.roster, onChange };
    const tokens = new SimTokens(verifier);
    const software = { software: 'sim', artifacts: { 'apps/hsm-node': '', libs: '' } };
    const given = { bus, clock, random, log: SILENT_LOG, tokens, vault, store, keystore, rules, history: this.history, software };
    const parts = { ...(await assembleParts({ ...given, rosters })), verifier };
    const service = new SimNodeService(parts, rosters, (error) => this.end(life, error));
    this.running = {
      ...{ life, service, disk, store, slots, vault, keystore },
      get node() {
        return service.node;
      },
    };
    new StagedSweep(vault, service, clock, SILENT_LOG).onApplicationBootstrap();
    watch.started(this);
    service.onApplicationBootstrap();
  }
}
