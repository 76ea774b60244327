import { attemptConfirm, attemptEvaluate, entrySubmit, type RequestOf, type ResponseOf } from '@strongroom/contracts';
import { nodeVerifier, SystemRandom } from '@strongroom/platform';
import {
  entryId,
  rankNodes,
  VaultError,
  type Bytes,
  type Confirmation,
  type DecidedSet,
  type Entry,
  type SignatureVerifier,
  type AccountLog,
} from '@strongroom/protocol';
import { loadSodiumGroup } from '../evaluation/sodium-group.js';
import { SoftwareKeystore } from '../keystore/software-keystore.js';
import type { Roster } from '../roster/roster.js';
import { alice, bytesOf, encoded, type Version } from './account.fixture.js';
import type { Keystore } from '../keystore/keystore.js';
import { Machine, type MachineWorld } from './machine.fixture.js';
import { MemoryBus, MemoryWire } from './memory-wire.fixture.js';
import { jest } from '@jest/globals';

const START_MS = 1_800_000_000_000;
const STEP_MS = 50;
const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

/** Timers go by the fleet's clock alone; what crypto and promises need stays real. Call it before a fleet is made. */
export function holdTime(): void {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'clearImmediate', 'nextTick', 'queueMicrotask', 'Date', 'performance', 'hrtime'] });
}

type MachineOf = (roster: Roster, keystore: Keystore, world: MachineWorld) => Machine;
const plain: MachineOf = (roster, keystore, world) => new Machine(roster, keystore, world);

export interface FleetOptions {
  readonly n?: number;
  readonly t?: number;
  readonly q?: number;
  readonly attempts?: number;
  readonly machineOf?: MachineOf;
}

/** For specs only: the keys of one name. */
export function keystoreOf(name: string, random: SystemRandom): Keystore {
  const hpke = [{ fromEpoch: 1, secret: bytesOf(`hpke ${name}`) }];
  const material = { identitySeed: bytesOf(`identity ${name}`), storageKey: bytesOf(`storage ${name}`), hpke };
  return new SoftwareKeystore(material, random, 'sealed-file');
}

/** For specs only: n real nodes on machines that can die, one wire and one clock, all moved by the spec alone. */
export class MemoryFleet {
  readonly wire = new MemoryWire();
  readonly gateway = new MemoryBus(this.wire, 0);
  clockMs = START_MS;

  private constructor(
    public roster: Roster,
    readonly machines: Machine[],
    readonly world: Omit<MachineWorld, 'wire' | 'nowMs'>,
  ) {}

  static async create({ n = 3, t = 2, q = 2, attempts = 3, machineOf = plain }: FleetOptions = {}): Promise<MemoryFleet> {
    const group = await loadSodiumGroup();
    const random = new SystemRandom();
    const keystores = Array.from({ length: n }, (_, i) => keystoreOf(String(i), random));
    const members = keystores.map(({ identityPublicKey, hpkePublicKey }, i) => ({
      index: i + 1,
      identityKey: identityPublicKey,
      hpkeKey: hpkePublicKey,
    }));
    const roster: Roster = { fleetId: 'main', epoch: 1, self: 1, state: 'active', n, t, q, attempts, ksf: 'none', members };
    const fleet = new MemoryFleet(roster, [], { group, verifier: remembering(nodeVerifier), random });
    for (const [i, keystore] of keystores.entries())
      fleet.machines.push(machineOf({ ...roster, self: i + 1 }, keystore, fleet.machineWorld));
    return fleet;
  }

  get machineWorld(): MachineWorld {
    return { ...this.world, wire: this.wire, nowMs: () => this.clockMs };
  }

  /** A fleet whose nodes all take part. */
  static async started(options: Parameters<typeof MemoryFleet.create>[0] = {}): Promise<MemoryFleet> {
    const fleet = await MemoryFleet.create(options);
    for (const { roster } of fleet.machines) await fleet.start(roster.self);
    await fleet.settle();
    await fleet.advance(400);
    return fleet;
  }

  machine(node: number): Machine {
    const machine = this.machines[node - 1];
    if (machine === undefined) throw new RangeError(`no node ${node}`);
    return machine;
  }

  /** Nodes in the order in which they serve alice: the home node first. */
  get ranked(): readonly number[] {
    return rankNodes(alice, this.roster);
  }

  async start(node: number): Promise<void> {
    await this.machine(node).start();
  }

  async restart(node: number): Promise<void> {
    this.machine(node).kill();
    await this.start(node);
    await this.advance(600);
  }

  /** Delivers and works until nothing moves. */
  async settle(): Promise<void> {
    for (let quiet = 0; quiet < 3;) {
      quiet = this.wire.deliver() ? 0 : quiet + 1;
      await turn();
    }
  }

  /** Time passes in ticks. */
  async advance(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= STEP_MS) {
      this.clockMs += STEP_MS;
      jest.advanceTimersByTime(STEP_MS);
      await this.settle();
    }
  }

  /** Much time passes at once; afterwards the nodes have heard each other again. */
  async jump(ms: number): Promise<void> {
    this.clockMs += ms;
    await this.advance(600);
  }

  /** Runs until `work` is done. @throws FLEET_UNAVAILABLE when it takes longer: the process may have ended under it */
  async run<T>(work: Promise<T>, withinMs = 4_000): Promise<T> {
    let done = false;
    const settled = work.finally(() => (done = true));
    settled.catch(() => undefined);
    await this.settle();
    for (let waited = 0; !done && waited < withinMs; waited += STEP_MS) await this.advance(STEP_MS);
    if (!done) throw new VaultError('FLEET_UNAVAILABLE', 'nothing came of it in time');
    return settled;
  }

  submit(entry: Entry, node: number = this.ranked[0] ?? 1): Promise<DecidedSet> {
    return this.run(this.gateway.call(entrySubmit, { entry: encoded(entry) }, { node: `main-${node}` }));
  }

  async register(version: Version, entry: Entry = version.entry): Promise<DecidedSet> {
    for (const machine of this.machines) if (machine.life !== null) await machine.stage(version);
    return this.submit(entry);
  }

  evaluate(
    entry: Entry,
    node: number,
    decided?: RequestOf<typeof attemptEvaluate>['decided'],
  ): Promise<ResponseOf<typeof attemptEvaluate>> {
    const request = { uid: entry.core.uid, attemptId: entryId(entry.core), waitMs: 500, ...(decided === undefined ? {} : { decided }) };
    return this.run(this.gateway.call(attemptEvaluate, request, { node: `main-${node}` }));
  }

  confirm(confirmation: Confirmation, node: number): Promise<ResponseOf<typeof attemptConfirm>> {
    return this.run(this.gateway.call(attemptConfirm, { confirmation }, { node: `main-${node}` }));
  }

  account(node: number, uid: Bytes = alice): AccountLog {
    return this.machine(node).now.node.engine.account(uid);
  }

  end(): void {
    for (const machine of this.machines) machine.kill();
    jest.clearAllTimers();
  }
}

/** n nodes check the same signature. */
function remembering(verifier: SignatureVerifier): SignatureVerifier {
  const verdicts = new Map<string, boolean>();
  return {
    verify(publicKey, message, signature) {
      const asked = [publicKey, message, signature].map((bytes) => Buffer.from(bytes).toString('latin1')).join(' | ');
      const verdict = verdicts.get(asked) ?? verifier.verify(publicKey, message, signature);
      verdicts.set(asked, verdict);
      return verdict;
    },
  };
}
