import { nodeVerifier } from '@strongroom/platform';
import { DEFAULT_MAX_SKEW_MS, type AccountPolicy, type Bytes, type FleetRoster, type SignatureVerifier } from '@strongroom/protocol';
import { loadSodiumGroup, type SodiumGroup } from '../../../apps/hsm-node/dist/evaluation/sodium-group.js';
import type { Roster } from '../../../apps/hsm-node/dist/roster/roster.js';
import { CorruptDesk } from '../adversary/corrupt-desk.js';
import { CorruptNode } from '../adversary/corrupt-node.js';
import { CorruptProposer } from '../adversary/corrupt-proposer.js';
import { CorruptSpeech } from '../adversary/corrupt-speech.js';
import { HostileGateway } from '../adversary/hostile-gateway.js';
import { VotePool } from '../adversary/vote-pool.js';
import { SimAccount } from '../clients/sim-account.js';
import { Exchange, SimBus, type BusEar } from '../network/sim-bus.js';
import { SimNetwork } from '../network/sim-network.js';
import { firstMachine, keystoreOf, materialOf } from '../node/node-keys.js';
import { SimMachine, type MachineWorld } from '../node/sim-machine.js';
import type { Plan } from '../plan/action.js';
import { nameOf } from '../plan/describe.js';
import { SeededRandom } from '../random/seeded-random.js';
import type { Life } from '../time/event-queue.js';
import { SimTime, WORLD } from '../time/sim-time.js';
import { ClientRules } from '../watch/client-rules.js';
import { Ledger } from '../watch/ledger.js';
import { Observer } from '../watch/observer.js';
import { FleetEpochs, firstRoster } from './fleet-epochs.js';
import { remembering } from './remembering-verifier.js';
import { noFaults, type FaultCounts } from './faults.js';
import { ANTI_ENTROPY, COOL_DOWN_MS, ERASE_DEADLINE_MS, REFRESH_PER_SECOND, REPAIR_PER_SECOND } from './rules.js';
import type { Trace } from './trace.js';

/** A node's place on the bus, in the attacker's hands. */
export interface Voice {
  readonly life: Life;
  readonly bus: SimBus;
  readonly speech: CorruptSpeech;
  readonly desk: CorruptDesk;
}

/** A fleet and everybody around it, made from a plan and moved by it alone. */
export class World {
  readonly faults: FaultCounts = noFaults();
  readonly time: SimTime;
  readonly random: SeededRandom;
  readonly network: SimNetwork;
  readonly exchange: Exchange;
  /** By their place in the fleet. */
  readonly machines: SimMachine[] = [];
  /** Those that were replaced, with their disks. */
  readonly gone: SimMachine[] = [];
  readonly accounts: SimAccount[] = [];
  readonly ledger = new Ledger();
  readonly observer: Observer;
  readonly clients: ClientRules;
  readonly gateway: HostileGateway;
  readonly pool: VotePool;
  /** Nodes whose disk was damaged, and those that ever came back on an old one. */
  readonly damaged = new Set<number>();
  readonly old = new Set<number>();
  readonly corrupt: ReadonlySet<number>;
  /** The fleet's rules, as its nodes have them. */
  readonly policy: AccountPolicy;

  private readonly machineWorld: MachineWorld;

  private constructor(
    readonly plan: Plan,
    private readonly epochs: FleetEpochs,
    readonly group: SodiumGroup,
    readonly verifier: SignatureVerifier,
    readonly trace: Trace,
  ) {
    const seed = `run ${plan.seed}`;
    const { roster } = this;
    this.corrupt = new Set(plan.corrupt);
    this.policy = { attempts: plan.attempts, coolDownMs: COOL_DOWN_MS, delaysMs: plan.delaysMs, maxSkewMs: DEFAULT_MAX_SKEW_MS };
    this.random = new SeededRandom(seed);
    this.time = new SimTime(() => this.check());
    this.time.onEvent = ({ life, name }) => trace.event(this.time.elapsedMs, life.name, name);
    this.network = new SimNetwork(this.time, new SeededRandom(`${seed} network`), this.faults);
    this.exchange = new Exchange(this.network, this.ear());
    this.pool = new VotePool(roster);
    const { ledger, machines, damaged, corrupt, policy } = this;
    const nowMs = (): number => this.time.nowMs;
    const note = (line: string): void => this.note(line);
    const watched = {
      get roster() {
        return epochs.roster;
      },
      ...{ group, verifier, ledger, corrupt, nowMs, machines, damaged, policy, note },
    };
    this.observer = new Observer(watched);
    this.clients = new ClientRules(watched, this.observer.accuse);
    const bus = new SimBus(this.exchange, 0, WORLD);
    this.gateway = new HostileGateway(bus, this.network, this.pool, ledger, roster, new SeededRandom(`${seed} gateway`), this.faults);
    const rules = {
      delaysMs: plan.delaysMs,
      coolDownMs: COOL_DOWN_MS,
      eraseDeadlineMs: ERASE_DEADLINE_MS,
      repairPerSecond: REPAIR_PER_SECOND,
      refreshPerSecond: REFRESH_PER_SECOND,
      antiEntropyIntervalMs: plan.antiEntropyMs ?? 0,
      antiEntropyAccounts: ANTI_ENTROPY.accounts,
    };
    const signed = (epoch: number): FleetRoster | null => epochs.of(epoch);
    const { time, exchange, faults, observer: watch } = this;
    this.machineWorld = { seed, time, exchange, faults, verifier, rules, watch, signed };
    for (const { index } of roster.members) machines.push(this.machineOf(roster, index, firstMachine(index)));
    for (let i = 0; i < plan.accounts; i++) {
      const secretOf = (node: number): Bytes => this.machine(node).material.hpke[0]?.secret ?? new Uint8Array(0);
      const account = new SimAccount(nameOf(i), () => this.roster, secretOf, new SeededRandom(`${seed} account ${i}`));
      this.accounts.push(account);
      ledger.add(account);
    }
  }

  static async of(plan: Plan, trace: Trace): Promise<World> {
    return new World(plan, new FleetEpochs(firstRoster(plan)), await loadSodiumGroup(), remembering(nodeVerifier), trace);
  }

  /** The fleet as it is by now, with its earlier epochs. */
  get roster(): Roster {
    return this.epochs.roster;
  }

  /** Whether some node has not come to the newest epoch yet. */
  get changing(): boolean {
    const { epoch } = this.epochs.newest;
    const counts = this.machines.filter(({ self }) => !this.corrupt.has(self) && !this.damaged.has(self));
    return counts.some((machine) => !machine.current || machine.roster.epoch !== epoch);
  }

  /** A machine is gone for good, and another one, which nobody knows yet, is signed in for its place (PROTOCOL 7.5). */
  replace(node: number): Roster {
    const lost = this.machine(node);
    lost.kill();
    this.gone.push(lost);
    const name = `newcomer ${this.epochs.newest.epoch + 1} ${node}`;
    const { identityPublicKey, hpkePublicKey } = keystoreOf(materialOf(name), new SeededRandom(name));
    const next = this.epochs.replace({ index: node, identityKey: identityPublicKey, hpkeKey: hpkePublicKey });
    const machine = this.machineOf(next, node, name);
    this.machines[node - 1] = machine;
    this.observer.replaced(node);
    this.old.delete(node);
    this.damaged.delete(node);
    this.faults.replaced += 1;
    machine.start();
    return next;
  }

  /** Nodes that belong to the attacker run its code instead of ours, with their own keys. */
  async startCorrupt(): Promise<void> {
    const { faults, ledger, time, corrupt } = this;
    const knows = {
      openIndex: (uid: Bytes) => ledger.of(uid).decided.size + 1,
      confirmation: (uid: Bytes) => ledger.of(uid).stored,
      entries: (uid: Bytes) => [...ledger.of(uid).account.entries].reverse(),
      nowMs: () => time.nowMs,
      corrupt,
    };
    for (const node of corrupt) {
      const random = new SeededRandom(`run ${this.plan.seed} corrupt ${node}`);
      const { bus, speech, desk, life } = this.voiceOf(node);
      const corruptNode = new CorruptNode(bus, speech, desk, new CorruptProposer(speech, knows, random, faults), random, faults);
      time.current = life;
      await corruptNode.start();
    }
    time.current = WORLD;
  }

  /** What the attacker can say with the keys of a node. */
  voiceOf(node: number): Voice {
    const { exchange, faults, roster } = this;
    faults.corruptNode += 1;
    const life = { alive: true, name: `corrupt node ${node}` };
    const bus = new SimBus(exchange, node, life);
    const keystore = keystoreOf(materialOf(firstMachine(node)), new SeededRandom(`corrupt ${node}`));
    const signer = { publicKey: keystore.identityPublicKey, sign: (message: Bytes) => keystore.sign(message) };
    const speech = new CorruptSpeech(node, { ...roster, self: node }, signer, exchange, bus);
    return { life, bus, speech, desk: new CorruptDesk(bus, speech, faults) };
  }

  private machineOf(roster: Roster, node: number, name: string): SimMachine {
    return new SimMachine({ ...roster, self: node }, name, materialOf(name), this.machineWorld);
  }

  machine(node: number): SimMachine {
    const machine = this.machines[node - 1];
    if (machine === undefined) throw new RangeError(`no node ${node}`);
    return machine;
  }

  account(number: number): SimAccount {
    const account = this.accounts[number];
    if (account === undefined) throw new RangeError(`no account ${number}`);
    return account;
  }

  note(line: string): void {
    this.trace.note(this.time.elapsedMs, line);
  }

  /** @throws Violation of what was seen since the last step */
  check(): void {
    const { violation } = this.observer;
    if (violation !== null) throw violation;
  }

  private ear(): BusEar {
    return {
      asked: (from, name, request) => this.observer.asked(from, name, request),
      broadcast: (from, name, payload) => {
        this.trace.said(from, name, payload);
        this.observer.broadcast(from, name, payload);
        if (name === 'batch' && from !== 0) this.pool.hear(payload).forEach(({ uid, set }) => this.observer.decidable(uid, set));
      },
      served: (node, name, request, response) => {
        this.trace.said(node, name, response);
        this.observer.served(node, name, request, response);
      },
      emitted: (node, name, data) => this.observer.emitted(node, name, data),
      broke: (node, error) => this.observer.broke(node, error),
    };
  }
}
